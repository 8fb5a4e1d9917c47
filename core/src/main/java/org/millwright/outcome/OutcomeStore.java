package org.millwright.outcome;

import static org.millwright.schema.Tables.PREDICTION;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Database;
import org.millwright.scoring.Frame;

/** Single predictions read together with what came of them. */
public final class OutcomeStore {
    private static final int FETCHED = 10_000;

    public static final String NUMBER = "number";
    public static final String NAMED = "named";

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

    public OutcomeStore(Database database) {
        this.database = database;
        this.attributes = new AttributeStore(database);
    }

    /**
     * Predictions of a version from a time to before another, in order of time, with their outcomes.
     *
     * @param all whether those without an outcome as well, with their attributes
     */
    public PredictedRows rows(String deployment, String version, long from, long to, boolean all) {
        boolean described = all && !attributes.isEmpty(deployment);
        return database.jdbc(described ? DESCRIBED_ROWS : all ? ROWS : LABELLED_ROWS, select -> {
            select.setString(1, deployment);
            select.setLong(2, from);
            select.setLong(3, to);
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

    /**
     * The outcomes known of a version's predictions from a time to before another: as {@link #NUMBER}, and as {@link #NAMED}
     * where it is a class's name.
     */
    public Frame outcomes(String deployment, String version, long from, long to) {
        var rows = database.dsl()
                .select(PREDICTION.OUTCOME, PREDICTION.OUTCOME_CLASS)
                .from(PREDICTION)
                .where(PREDICTION.DEPLOYMENT.eq(deployment))
                .and(PREDICTION.EVENT_TIME.ge(from))
                .and(PREDICTION.EVENT_TIME.lt(to))
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
    public interface OneOutcome {
        void take(String version, double predicted, double outcome);
    }

    /** Takes what two versions predicted of the same row and what came of it. */
    public interface BothOutcomes {
        void take(double first, double second, double outcome);
    }

    /** Tells of every prediction of two versions since a time whose outcome is known, one by one. */
    public void outcomes(String deployment, String first, String second, long since, OneOutcome outcome) {
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
    public void both(String deployment, String first, String second, long since, BothOutcomes outcome) {
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
    public PredictedRows labelledSince(String deployment, String version, long since) {
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
    public List<PredictedRows> bothSince(String deployment, String first, String second, long since) {
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
}
