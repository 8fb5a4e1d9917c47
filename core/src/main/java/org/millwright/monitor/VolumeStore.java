package org.millwright.monitor;

import static org.millwright.schema.Tables.MONITOR_WINDOW;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.millwright.alert.Window;
import org.jooq.Condition;
import org.jooq.impl.DSL;
import org.millwright.kernel.Database;

/** The counts of windows in the database. */
final class VolumeStore {
    private final Database database;

    VolumeStore(Database database) {
        this.database = database;
    }

    Map<String, List<Volumes.Volume>> all() {
        return volumes(DSL.noCondition()).stream().collect(Collectors.groupingBy(Volumes.Volume::deployment));
    }

    List<Volumes.Volume> of(String deployment) {
        return volumes(MONITOR_WINDOW.DEPLOYMENT.eq(deployment));
    }

    /** An index holds all of it, so that no profile is read. */
    private List<Volumes.Volume> volumes(Condition which) {
        return database.dsl()
                .select(
                        MONITOR_WINDOW.DEPLOYMENT,
                        MONITOR_WINDOW.VERSION,
                        MONITOR_WINDOW.WINDOW_START,
                        MONITOR_WINDOW.WINDOW_END,
                        MONITOR_WINDOW.ROW_COUNT,
                        MONITOR_WINDOW.LABEL_COUNT)
                .from(MONITOR_WINDOW)
                .where(which)
                .orderBy(MONITOR_WINDOW.DEPLOYMENT, MONITOR_WINDOW.WINDOW_START, MONITOR_WINDOW.VERSION)
                .fetch(row -> new Volumes.Volume(
                        row.value1(),
                        row.value2(),
                        new Window(row.value3(), row.value4()),
                        row.value5(),
                        row.value6()));
    }
}
