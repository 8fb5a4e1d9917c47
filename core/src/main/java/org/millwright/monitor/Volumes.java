package org.millwright.monitor;

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

    /** Those of each deployment, oldest window first. */
    public Map<String, List<Volume>> all() {
        return database.read(store::all);
    }

    /** Those of one deployment. */
    public List<Volume> of(String deployment) {
        return database.read(() -> store.of(deployment));
    }
}
