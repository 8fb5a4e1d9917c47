package org.millwright.monitor;

import static org.millwright.schema.Tables.PREDICTION;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Database;
import org.millwright.scoring.Frame;

/** Single predictions, kept so that outcomes find them. */
final class PredictionStore {
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

    static final String NUMBER = "number";
    static final String NAMED = "named";

    private static final int ATTRIBUTES = 8;
    private static final String LABELLED_ROWS = rows("", "", " and prediction.outcome is not null");
    private static final String ROWS = rows("", "", "");
    private static final String DESCRIBED_ROWS = rows(
            ", beside.attributes",
            " left join prediction_attribute beside on beside.deployment = prediction.deployment"
                    + " and beside.prediction_id = prediction.prediction_id",
            "");
    private static final String SINCE = "select " + columns("prediction") + " from prediction where deployment = ?"
            + " and version = ? and scored_at >= ? and outcome is not null";
    private static final String BOTH = "select " + columns("one") + ", " + columns("other")
            + " from prediction one join prediction other on other.deployment = one.deployment"
            + " and other.prediction_id = one.prediction_id where one.deployment = ? and one.version = ?"
            + " and one.scored_at >= ? and other.version = ? and one.outcome is not null"
            + " and other.outcome is not null";

    private final Database database;
    private final AttributeStore attributes;

    PredictionStore(Database database) {
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
    record Row(
            String id,
            String version,
            long time,
            double predicted,
            @Nullable String named,
            @Nullable String scores,
            @Nullable String segments,
            long at,
            @Nullable Outcome outcome) {

        Row with(@Nullable Outcome known) {
            return new Row(id, version, time, predicted, named, scores, segments, at, known);
        }
    }

    /** A prediction that is there. */
    record Found(String id, String version, long time) {}

    /** Which of the ids the version has answered already. */
    Set<String> known(String deployment, String version, Collection<String> ids) {
        Set<String> known = new HashSet<>();
        for (Found found : found(deployment, ids)) {
            if (found.version().equals(version)) {
                known.add(found.id());
            }
        }
        return known;
    }

    /** Inserts the rows whose id the version has not answered yet; returns how many. */
    int insert(String deployment, List<Row> rows) {
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
    static void set(PreparedStatement statement, int at, @Nullable Outcome outcome) throws SQLException {
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
    List<Found> found(String deployment, Collection<String> ids) {
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

    /** Gives every prediction of each id its outcome; returns these predictions. */
    List<Found> join(String deployment, List<Labels.Label> labels) {
        List<Found> joined = new ArrayList<>(labels.size());
        for (int from = 0; from < labels.size(); from += JOINED_TOGETHER) {
            List<Labels.Label> part = labels.subList(from, Math.min(labels.size(), from + JOINED_TOGETHER));
            database.jdbc(JOIN, update -> {
                int at = 1;
                for (int i = 0; i < JOINED_TOGETHER; i++, at += 4) {
                    Labels.Label label = part.get(Math.min(i, part.size() - 1));
                    update.setString(at, deployment);
                    update.setString(at + 1, label.id());
                    set(update, at + 2, label.outcome());
                }
                try (ResultSet rows = update.executeQuery()) {
                    while (rows.next()) {
                        joined.add(new Found(rows.getString(1), rows.getString(2), rows.getLong(3)));
                    }
                }
                return joined;
            });
        }
        return joined;
    }

    /**
     * Predictions of a version in a window in order of time, with their outcomes.
     *
     * @param all whether those without an outcome as well, with their attributes
     */
    PredictedRows rows(String deployment, String version, Window window, boolean all) {
        boolean described = all && !attributes.isEmpty(deployment);
        return database.jdbc(described ? DESCRIBED_ROWS : all ? ROWS : LABELLED_ROWS, select -> {
            select.setString(1, deployment);
            select.setLong(2, window.start());
            select.setLong(3, window.end());
            select.setString(4, version);
            select.setFetchSize(FETCHED);
            var read = new PredictedRows();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    add(read, rows, 1, described ? rows.getString(ATTRIBUTES) : null);
                }
            }
            return read;
        });
    }

    /** The outcomes known of a version's predictions in a window: as {@link #NUMBER}, and {@link #NAMED} where it is a class's name. */
    Frame outcomes(String deployment, String version, Window window) {
        var rows = database.dsl()
                .select(PREDICTION.OUTCOME, PREDICTION.OUTCOME_CLASS)
                .from(PREDICTION)
                .where(PREDICTION.DEPLOYMENT.eq(deployment))
                .and(PREDICTION.EVENT_TIME.ge(window.start()))
                .and(PREDICTION.EVENT_TIME.lt(window.end()))
                .and(PREDICTION.VERSION.eq(version))
                .and(PREDICTION.OUTCOME.isNotNull())
                .fetch();
        double[] numbers = new double[rows.size()];
        var names = new @Nullable String[rows.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = rows.get(i).value1();
            names[i] = rows.get(i).value2();
        }
        return Frame.of(numbers.length)
                .doubles(NUMBER, numbers)
                .strings(NAMED, names)
                .build();
    }

    /** Takes what a version predicted and what came of it. */
    interface OneOutcome {
        void take(String version, double predicted, double outcome);
    }

    /** Takes what two versions predicted of the same row and what came of it. */
    interface BothOutcomes {
        void take(double first, double second, double outcome);
    }

    /** Tells of every prediction of two versions since a time whose outcome is known, one by one. */
    void outcomes(String deployment, String first, String second, long since, OneOutcome outcome) {
        try (var rows = database.dsl()
                .select(PREDICTION.VERSION, PREDICTION.PREDICTED, PREDICTION.OUTCOME)
                .from(PREDICTION)
                .where(PREDICTION.DEPLOYMENT.eq(deployment))
                .and(PREDICTION.VERSION.in(first, second))
                .and(PREDICTION.SCORED_AT.ge(since))
                .and(PREDICTION.OUTCOME.isNotNull())
                .fetchSize(FETCHED)
                .fetchLazy()) {
            rows.forEach(row -> outcome.take(row.value1(), row.value2(), row.value3()));
        }
    }

    /** Tells of every row that both versions predicted since a time and whose outcome is known, one by one. */
    void both(String deployment, String first, String second, long since, BothOutcomes outcome) {
        var other = PREDICTION.as("other");
        try (var rows = database.dsl()
                .select(PREDICTION.PREDICTED, other.PREDICTED, PREDICTION.OUTCOME)
                .from(PREDICTION)
                .join(other)
                .on(other.DEPLOYMENT.eq(PREDICTION.DEPLOYMENT))
                .and(other.PREDICTION_ID.eq(PREDICTION.PREDICTION_ID))
                .and(other.VERSION.eq(second))
                .where(PREDICTION.DEPLOYMENT.eq(deployment))
                .and(PREDICTION.VERSION.eq(first))
                .and(PREDICTION.SCORED_AT.ge(since))
                .and(PREDICTION.OUTCOME.isNotNull())
                .fetchSize(FETCHED)
                .fetchLazy()) {
            rows.forEach(row -> outcome.take(row.value1(), row.value2(), row.value3()));
        }
    }

    /** What a version predicted since a time and what came of it, where that is known. */
    PredictedRows labelledSince(String deployment, String version, long since) {
        return database.jdbc(SINCE, select -> {
            select.setString(1, deployment);
            select.setString(2, version);
            select.setLong(3, since);
            select.setFetchSize(FETCHED);
            var read = new PredictedRows();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    add(read, rows, 1);
                }
            }
            return read;
        });
    }

    /** The same of two versions, of the rows that both predicted, in one order. */
    List<PredictedRows> bothSince(String deployment, String first, String second, long since) {
        return database.jdbc(BOTH, select -> {
            select.setString(1, deployment);
            select.setString(2, first);
            select.setLong(3, since);
            select.setString(4, second);
            select.setFetchSize(FETCHED);
            var one = new PredictedRows();
            var other = new PredictedRows();
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    add(one, rows, 1);
                    add(other, rows, 8);
                }
            }
            return List.of(one, other);
        });
    }

    private static void add(PredictedRows read, ResultSet rows, int at) throws SQLException {
        add(read, rows, at, null);
    }

    private static void add(PredictedRows read, ResultSet rows, int at, @Nullable String attributes)
            throws SQLException {
        double outcome = rows.getDouble(at + 4);
        boolean known = !rows.wasNull();
        read.add(
                rows.getLong(at + 6),
                rows.getDouble(at),
                rows.getString(at + 1),
                rows.getString(at + 2),
                rows.getString(at + 3),
                attributes,
                known ? outcome : Double.NaN,
                rows.getString(at + 5));
    }

    /** Predictions with a known outcome that are for this time or later, counted up to {@code limit}. */
    int labelledFrom(String deployment, long time, int limit) {
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
    long labelsFrom(String deployment, long time) {
        return database.dsl()
                .selectCount()
                .from(PREDICTION)
                .where(PREDICTION.DEPLOYMENT.eq(deployment))
                .and(PREDICTION.EVENT_TIME.ge(time))
                .and(PREDICTION.OUTCOME.isNotNull())
                .fetchSingle()
                .value1();
    }

    long count(String deployment) {
        return database.dsl()
                .selectCount()
                .from(PREDICTION)
                .where(PREDICTION.DEPLOYMENT.eq(deployment))
                .fetchSingle()
                .value1();
    }

    /** The event time of the prediction that has so many older ones. */
    long timeAt(String deployment, long older) {
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
    int deleteBefore(String deployment, long time) {
        attributes.deleteBefore(deployment, time);
        return database.dsl()
                .deleteFrom(PREDICTION)
                .where(PREDICTION.DEPLOYMENT.eq(deployment).and(PREDICTION.EVENT_TIME.lt(time)))
                .execute();
    }

    private static String columns(String table) {
        return Stream.of("predicted", "predicted_class", "scores", "segments", "outcome", "outcome_class", "event_time")
                .map(column -> table + "." + column)
                .collect(Collectors.joining(", "));
    }

    private static String rows(String more, String joined, String which) {
        return "select " + columns("prediction") + more + " from prediction" + joined
                + " where prediction.deployment = ? and prediction.event_time >= ? and prediction.event_time < ?"
                + " and prediction.version = ?" + which + " order by prediction.event_time, prediction.prediction_id";
    }

    static List<List<String>> parts(Collection<String> ids) {
        List<String> all = List.copyOf(ids);
        List<List<String>> parts = new ArrayList<>();
        for (int i = 0; i < all.size(); i += TOGETHER) {
            parts.add(all.subList(i, Math.min(all.size(), i + TOGETHER)));
        }
        return parts;
    }
}
