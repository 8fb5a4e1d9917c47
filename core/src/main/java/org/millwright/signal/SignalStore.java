package org.millwright.signal;

import static org.millwright.schema.Tables.MONITOR_MARK;
import static org.millwright.schema.Tables.MONITOR_NOTE;
import static org.millwright.schema.Tables.PREDICTION;

import java.util.List;
import org.millwright.alert.Window;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;

/** Notes, when something came last, and errors in the order of event time. */
public final class SignalStore {
    /** When the last prediction was made, by the clock of who made it. */
    public static final String PREDICTIONS = "predictions";

    /** When the last outcome was received. */
    public static final String LABELS = "labels";

    /** When the first prediction was made since the last outcome was received. */
    public static final String UNLABELLED = "unlabelled";

    /** Event time up to which errors were looked at. */
    public static final String EXAMINED = "examined";

    private static final int FETCHED = 10_000;

    private final Database database;

    public SignalStore(Database database) {
        this.database = database;
    }

    /** Takes one error after the other. */
    public interface Errors {
        void take(long time, double predicted, double outcome);
    }

    /** Sets a mark to a time, unless it is at a later one. */
    public void mark(String deployment, String mark, long at) {
        database.dsl()
                .insertInto(MONITOR_MARK)
                .set(MONITOR_MARK.DEPLOYMENT, deployment)
                .set(MONITOR_MARK.MARK, mark)
                .set(MONITOR_MARK.AT, at)
                .onConflict(MONITOR_MARK.DEPLOYMENT, MONITOR_MARK.MARK)
                .doUpdate()
                .set(MONITOR_MARK.AT, at)
                .where(MONITOR_MARK.AT.lt(at))
                .execute();
    }

    /** The time of a mark, 0 when there is none. */
    public long marked(String deployment, String mark) {
        return database.dsl()
                .select(MONITOR_MARK.AT)
                .from(MONITOR_MARK)
                .where(MONITOR_MARK.DEPLOYMENT.eq(deployment).and(MONITOR_MARK.MARK.eq(mark)))
                .fetchOptional(MONITOR_MARK.AT)
                .orElse(0L);
    }

    /** Saves a note unless there is one of that kind and subject about the window; returns whether it did. */
    public boolean insert(Note note) {
        return database.dsl()
                        .insertInto(MONITOR_NOTE)
                        .set(MONITOR_NOTE.DEPLOYMENT, note.deployment())
                        .set(MONITOR_NOTE.KIND, note.kind())
                        .set(MONITOR_NOTE.SUBJECT, note.subject())
                        .set(MONITOR_NOTE.VERSION, note.version())
                        .set(MONITOR_NOTE.WINDOW_START, note.window().start())
                        .set(MONITOR_NOTE.WINDOW_END, note.window().end())
                        .set(MONITOR_NOTE.AT, note.at())
                        .set(MONITOR_NOTE.NOTE, note.text())
                        .set(MONITOR_NOTE.DETAILS, Json.write(note.details()))
                        .set(MONITOR_NOTE.NOTED_AT, note.notedAt())
                        .onConflict(
                                MONITOR_NOTE.DEPLOYMENT,
                                MONITOR_NOTE.KIND,
                                MONITOR_NOTE.SUBJECT,
                                MONITOR_NOTE.VERSION,
                                MONITOR_NOTE.WINDOW_START,
                                MONITOR_NOTE.WINDOW_END)
                        .doNothing()
                        .execute()
                == 1;
    }

    /** Notes about a deployment, the newest event first. */
    public List<Note> notes(String deployment, int limit) {
        return database.dsl()
                .selectFrom(MONITOR_NOTE)
                .where(MONITOR_NOTE.DEPLOYMENT.eq(deployment))
                .orderBy(MONITOR_NOTE.AT.desc(), MONITOR_NOTE.KIND, MONITOR_NOTE.SUBJECT)
                .limit(limit)
                .fetch(row -> new Note(
                        row.get(MONITOR_NOTE.DEPLOYMENT),
                        row.get(MONITOR_NOTE.KIND),
                        row.get(MONITOR_NOTE.SUBJECT),
                        row.get(MONITOR_NOTE.VERSION),
                        new Window(row.get(MONITOR_NOTE.WINDOW_START), row.get(MONITOR_NOTE.WINDOW_END)),
                        row.get(MONITOR_NOTE.AT),
                        row.get(MONITOR_NOTE.NOTE),
                        Json.parse(row.get(MONITOR_NOTE.DETAILS)),
                        row.get(MONITOR_NOTE.NOTED_AT)));
    }

    /** Tells of a version's predictions for times before this whose outcome is known, in the order of event time. */
    public void errors(String deployment, String version, long before, Errors errors) {
        try (var rows = database.dsl()
                .select(PREDICTION.EVENT_TIME, PREDICTION.PREDICTED, PREDICTION.OUTCOME)
                .from(PREDICTION)
                .where(PREDICTION.DEPLOYMENT.eq(deployment))
                .and(PREDICTION.VERSION.eq(version))
                .and(PREDICTION.EVENT_TIME.lt(before))
                .and(PREDICTION.OUTCOME.isNotNull())
                .orderBy(PREDICTION.EVENT_TIME, PREDICTION.PREDICTION_ID)
                .fetchSize(FETCHED)
                .fetchLazy()) {
            rows.forEach(row -> errors.take(row.value1(), row.value2(), row.value3()));
        }
    }
}
