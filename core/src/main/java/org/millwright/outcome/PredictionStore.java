package org.millwright.outcome;

import static org.millwright.schema.Tables.PREDICTION;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Database;

/** Single predictions, kept so that outcomes find them. */
public final class PredictionStore {
    private static final int TOGETHER = 500;
    private static final int FETCHED = 10_000;

    static final String IDS = " in (" + String.join(",", Collections.nCopies(TOGETHER, "?")) + ")";

    private static final String INSERT = "insert into prediction (deployment, prediction_id, version, event_time,"
            + " predicted, predicted_class, scores, segments, scored_at, outcome, outcome_class)"
            + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing";
    private static final String FOUND = "select prediction_id, version, event_time from prediction"
            + " where deployment = ? and prediction_id" + IDS;
    private static final int JOINED_TOGETHER = 250;
    /** With the deployment in each row: only then SQLite looks predictions up by these, and does not search these for all. */
    private static final String JOIN = "update prediction set outcome = sent.column3, outcome_class = sent.column4"
            + " from (values " + String.join(",", Collections.nCopies(JOINED_TOGETHER, "(?, ?, ?, ?)")) + ") as sent"
            + " where prediction.deployment = sent.column1 and prediction.prediction_id = sent.column2"
            + " returning prediction.prediction_id, prediction.version, prediction.event_time";

    private final Database database;
    private final AttributeStore attributes;

    public PredictionStore(Database database) {
        this.database = database;
        this.attributes = new AttributeStore(database);
    }

    /**
     * One prediction to keep.
     *
     * @param predicted what was answered first as far as it is a number, else 0
     * @param named the same when it is the name of a class
     * @param scores further answers, such as probabilities, as a JSON list
     * @param segments value by column as a JSON object
     */
    public record Row(
            String id,
            String version,
            long time,
            double predicted,
            @Nullable String named,
            @Nullable String scores,
            @Nullable String segments,
            long at,
            @Nullable Outcome outcome) {

        public Row with(@Nullable Outcome known) {
            return new Row(id, version, time, predicted, named, scores, segments, at, known);
        }
    }

    /** A prediction that is there. */
    public record Found(String id, String version, long time) {}

    /** Which of the ids the version has answered already. */
    public Set<String> known(String deployment, String version, Collection<String> ids) {
        Set<String> known = new HashSet<>();
        for (Found found : found(deployment, ids)) {
            if (found.version().equals(version)) {
                known.add(found.id());
            }
        }
        return known;
    }

    /** Inserts the rows whose id the version has not answered yet; returns how many. */
    public int insert(String deployment, List<Row> rows) {
        if (rows.isEmpty()) {
            return 0;
        }
        return database.jdbc(INSERT, insert -> {
            for (Row row : rows) {
                insert.setString(1, deployment);
                insert.setString(2, row.id());
                insert.setString(3, row.version());
                insert.setLong(4, row.time());
                insert.setDouble(5, row.predicted());
                insert.setString(6, row.named());
                insert.setString(7, row.scores());
                insert.setString(8, row.segments());
                insert.setLong(9, row.at());
                set(insert, 10, row.outcome());
                insert.addBatch();
            }
            int inserted = 0;
            for (int count : insert.executeBatch()) {
                inserted += count == PreparedStatement.SUCCESS_NO_INFO ? 1 : count;
            }
            return inserted;
        });
    }

    /** Sets an outcome as its number and its class. */
    public static void set(PreparedStatement statement, int at, @Nullable Outcome outcome) throws SQLException {
        switch (outcome) {
            case null -> {
                statement.setNull(at, Types.DOUBLE);
                statement.setNull(at + 1, Types.VARCHAR);
            }
            case Outcome.Quantity quantity -> {
                statement.setDouble(at, quantity.value());
                statement.setNull(at + 1, Types.VARCHAR);
            }
            case Outcome.Named named -> {
                statement.setDouble(at, 0);
                statement.setString(at + 1, named.name());
            }
        }
    }

    /** The predictions of these ids, of all versions. */
    public List<Found> found(String deployment, Collection<String> ids) {
        List<Found> found = new ArrayList<>();
        for (List<String> part : parts(ids)) {
            database.jdbc(FOUND, select -> {
                bind(select, deployment, part);
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        found.add(new Found(rows.getString(1), rows.getString(2), rows.getLong(3)));
                    }
                }
                return found;
            });
        }
        return found;
    }

    /** A statement with always as many ids is prepared once: the last one fills up. */
    static void bind(PreparedStatement select, String deployment, List<String> part) throws SQLException {
        select.setString(1, deployment);
        for (int i = 0; i < TOGETHER; i++) {
            select.setString(i + 2, part.get(Math.min(i, part.size() - 1)));
        }
    }

    /** Takes what was found of an outcome: one prediction, or several of different versions. */
    public interface Joined {
        void take(int place, String version, long time);
    }

    /**
     * Gives every prediction of each id its outcome; tells of these predictions.
     *
     * @param labels by id: in that order SQLite need not go to another page for each
     * @param joined is given the place of an outcome among these
     */
    public void join(String deployment, List<Label> labels, Joined joined) {
        var ids = new String[JOINED_TOGETHER];
        for (int from = 0; from < labels.size(); from += JOINED_TOGETHER) {
            List<Label> part = labels.subList(from, Math.min(labels.size(), from + JOINED_TOGETHER));
            int start = from;
            database.jdbc(JOIN, update -> {
                int at = 1;
                for (int i = 0; i < JOINED_TOGETHER; i++, at += 4) {
                    Label label = part.get(Math.min(i, part.size() - 1));
                    ids[i] = label.id();
                    update.setString(at, deployment);
                    update.setString(at + 1, label.id());
                    set(update, at + 2, label.outcome());
                }
                try (ResultSet rows = update.executeQuery()) {
                    while (rows.next()) {
                        int place = Arrays.binarySearch(ids, 0, part.size(), rows.getString(1));
                        joined.take(start + place, rows.getString(2), rows.getLong(3));
                    }
                }
                return joined;
            });
        }
    }

    /** Predictions with a known outcome that are for this time or later, counted up to {@code limit}. */
    public int labelledFrom(String deployment, long time, int limit) {
        return database.dsl()
                .select(PREDICTION.PREDICTION_ID)
                .from(PREDICTION)
                .where(PREDICTION.DEPLOYMENT.eq(deployment))
                .and(PREDICTION.EVENT_TIME.ge(time))
                .and(PREDICTION.OUTCOME.isNotNull())
                .limit(limit)
                .fetch()
                .size();
    }

    /** Outcomes known of predictions that are for this time or later. */
    public long labelsFrom(String deployment, long time) {
        return database.dsl()
                .selectCount()
                .from(PREDICTION)
                .where(PREDICTION.DEPLOYMENT.eq(deployment))
                .and(PREDICTION.EVENT_TIME.ge(time))
                .and(PREDICTION.OUTCOME.isNotNull())
                .fetchSingle()
                .value1();
    }

    public long count(String deployment) {
        return database.dsl()
                .selectCount()
                .from(PREDICTION)
                .where(PREDICTION.DEPLOYMENT.eq(deployment))
                .fetchSingle()
                .value1();
    }

    /** The event time of the prediction that has so many older ones. */
    public long timeAt(String deployment, long older) {
        return database.dsl()
                .select(PREDICTION.EVENT_TIME)
                .from(PREDICTION)
                .where(PREDICTION.DEPLOYMENT.eq(deployment))
                .orderBy(PREDICTION.EVENT_TIME)
                .offset(older)
                .limit(1)
                .fetchSingle()
                .value1();
    }

    /** Deletes the predictions that are for times before this, and what is known of them. */
    public int deleteBefore(String deployment, long time) {
        attributes.deleteBefore(deployment, time);
        return database.dsl()
                .deleteFrom(PREDICTION)
                .where(PREDICTION.DEPLOYMENT.eq(deployment).and(PREDICTION.EVENT_TIME.lt(time)))
                .execute();
    }

    public static List<List<String>> parts(Collection<String> ids) {
        List<String> all = List.copyOf(ids);
        List<List<String>> parts = new ArrayList<>();
        for (int i = 0; i < all.size(); i += TOGETHER) {
            parts.add(all.subList(i, Math.min(all.size(), i + TOGETHER)));
        }
        return parts;
    }
}
