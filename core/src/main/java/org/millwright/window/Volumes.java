package org.millwright.window;

import java.util.List;
import java.util.Map;
import org.millwright.alert.Window;
import org.millwright.kernel.Database;

/** How many predictions each version made for whom, as monitoring counted them; profiles are not read for it. */
public final class Volumes {
    private final Database database;
    private final VolumeStore store;

    public Volumes(Database database) {
        this.database = database;
        this.store = new VolumeStore(database);
    }

    /**
     * Predictions of a version in a window of event time.
     *
     * @param labels of these, how many have an outcome
     */
    public record Volume(String deployment, String version, Window window, long rows, long labels) {}

    /**
     * What each deployment counted, all versions together: in the windows that began before the first of some moments, from one
     * moment to before the next, and from the last on. A window of the answer begins with its moment.
     *
     * @param moments ascending
     */
    public Map<String, List<Volume>> between(List<Long> moments) {
        return database.read(() -> store.between(moments));
    }

    /** Those of one deployment, oldest window first. */
    public List<Volume> of(String deployment) {
        return database.read(() -> store.of(deployment));
    }
}
