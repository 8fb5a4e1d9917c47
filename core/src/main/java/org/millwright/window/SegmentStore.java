package org.millwright.window;

import static org.millwright.schema.Tables.MONITOR_SEGMENT;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jooq.Condition;
import org.millwright.alert.Window;
import org.millwright.kernel.Database;

/** Profiles of the segments of windows. They change together with their window, whose revision guards them. */
public final class SegmentStore {
    private final Database database;

    public SegmentStore(Database database) {
        this.database = database;
    }

    /** A segment's rows and their profile as JSON. */
    public record Stored(String name, long rows, String profile) {}

    public Set<String> names(String deployment, String version, Window window) {
        return database.dsl()
                .select(MONITOR_SEGMENT.SEGMENT)
                .from(MONITOR_SEGMENT)
                .where(of(deployment, version, window))
                .fetchSet(MONITOR_SEGMENT.SEGMENT);
    }

    public Optional<Stored> find(String deployment, String version, Window window, String segment) {
        return database.dsl()
                .select(MONITOR_SEGMENT.SEGMENT, MONITOR_SEGMENT.ROW_COUNT, MONITOR_SEGMENT.PROFILE)
                .from(MONITOR_SEGMENT)
                .where(of(deployment, version, window))
                .and(MONITOR_SEGMENT.SEGMENT.eq(segment))
                .fetchOptional(row -> new Stored(row.value1(), row.value2(), row.value3()));
    }

    public List<Stored> all(String deployment, String version, Window window) {
        return database.dsl()
                .select(MONITOR_SEGMENT.SEGMENT, MONITOR_SEGMENT.ROW_COUNT, MONITOR_SEGMENT.PROFILE)
                .from(MONITOR_SEGMENT)
                .where(of(deployment, version, window))
                .orderBy(MONITOR_SEGMENT.SEGMENT)
                .fetch(row -> new Stored(row.value1(), row.value2(), row.value3()));
    }

    public void save(String deployment, String version, Window window, Stored stored) {
        database.dsl()
                .insertInto(MONITOR_SEGMENT)
                .set(MONITOR_SEGMENT.DEPLOYMENT, deployment)
                .set(MONITOR_SEGMENT.VERSION, version)
                .set(MONITOR_SEGMENT.WINDOW_START, window.start())
                .set(MONITOR_SEGMENT.WINDOW_END, window.end())
                .set(MONITOR_SEGMENT.SEGMENT, stored.name())
                .set(MONITOR_SEGMENT.ROW_COUNT, stored.rows())
                .set(MONITOR_SEGMENT.PROFILE, stored.profile())
                .onConflict(
                        MONITOR_SEGMENT.DEPLOYMENT,
                        MONITOR_SEGMENT.WINDOW_START,
                        MONITOR_SEGMENT.WINDOW_END,
                        MONITOR_SEGMENT.VERSION,
                        MONITOR_SEGMENT.SEGMENT)
                .doUpdate()
                .set(MONITOR_SEGMENT.ROW_COUNT, stored.rows())
                .set(MONITOR_SEGMENT.PROFILE, stored.profile())
                .execute();
    }

    /** Deletes the profiles of segments whose windows end before this. */
    public int deleteBefore(String deployment, long time) {
        return database.dsl()
                .deleteFrom(MONITOR_SEGMENT)
                .where(MONITOR_SEGMENT.DEPLOYMENT.eq(deployment))
                .and(MONITOR_SEGMENT.WINDOW_END.lt(time))
                .execute();
    }

    private static Condition of(String deployment, String version, Window window) {
        return MONITOR_SEGMENT
                .DEPLOYMENT
                .eq(deployment)
                .and(MONITOR_SEGMENT.WINDOW_START.eq(window.start()))
                .and(MONITOR_SEGMENT.WINDOW_END.eq(window.end()))
                .and(MONITOR_SEGMENT.VERSION.eq(version));
    }
}
