package org.millwright.window;

import static org.millwright.schema.Tables.MONITOR_WINDOW;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.millwright.alert.Window;
import org.millwright.kernel.Database;

/** The counts of windows in the database. */
final class VolumeStore {
    private final Database database;

    VolumeStore(Database database) {
        this.database = database;
    }

    /** An index holds all that is asked for, so that no profile is read. */
    Map<String, List<Volumes.Volume>> between(List<Long> moments) {
        Field<Integer> place = DSL.inline(moments.size());
        for (int i = moments.size() - 1; i >= 0; i--) {
            place = DSL.when(MONITOR_WINDOW.WINDOW_START.lt(moments.get(i)), DSL.inline(i))
                    .otherwise(place);
        }
        Field<Integer> at = place.as("place");
        return database
                .dsl()
                .select(
                        MONITOR_WINDOW.DEPLOYMENT,
                        at,
                        DSL.sum(MONITOR_WINDOW.ROW_COUNT),
                        DSL.sum(MONITOR_WINDOW.LABEL_COUNT))
                .from(MONITOR_WINDOW)
                .groupBy(MONITOR_WINDOW.DEPLOYMENT, at)
                .fetch(row -> new Volumes.Volume(
                        row.value1(),
                        "",
                        window(moments, row.value2()),
                        row.value3().longValue(),
                        row.value4().longValue()))
                .stream()
                .collect(Collectors.groupingBy(Volumes.Volume::deployment));
    }

    private static Window window(List<Long> moments, int place) {
        long start = place == 0 ? moments.getFirst() - 1 : moments.get(place - 1);
        return new Window(start, place == 0 || place == moments.size() ? start + 1 : moments.get(place));
    }

    List<Volumes.Volume> of(String deployment) {
        return database.dsl()
                .select(
                        MONITOR_WINDOW.DEPLOYMENT,
                        MONITOR_WINDOW.VERSION,
                        MONITOR_WINDOW.WINDOW_START,
                        MONITOR_WINDOW.WINDOW_END,
                        MONITOR_WINDOW.ROW_COUNT,
                        MONITOR_WINDOW.LABEL_COUNT)
                .from(MONITOR_WINDOW)
                .where(MONITOR_WINDOW.DEPLOYMENT.eq(deployment))
                .orderBy(MONITOR_WINDOW.DEPLOYMENT, MONITOR_WINDOW.WINDOW_START, MONITOR_WINDOW.VERSION)
                .fetch(row -> new Volumes.Volume(
                        row.value1(),
                        row.value2(),
                        new Window(row.value3(), row.value4()),
                        row.value5(),
                        row.value6()));
    }
}
