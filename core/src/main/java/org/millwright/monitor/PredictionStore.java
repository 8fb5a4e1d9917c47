package org.millwright.monitor;

import static org.millwright.schema.Tables.PREDICTION;

import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.millwright.kernel.Database;

/** Single predictions, kept so that outcomes find them. */
final class PredictionStore {
    private static final int TOGETHER = 500;
    private static final int FETCHED = 10_000;

    private final Database database;

    PredictionStore(Database database) {
        this.database = database;
    }

    /** One prediction to keep. */
    record Row(String id, String version, long time, double predicted, long at) {}

    /** Predictions and outcomes of the rows that have both. */
    record Pairs(double[] predicted, double[] outcomes) {}

    /** Which of the ids the version has answered already. */
    Set<String> known(String deployment, String version, Collection<String> ids) {
        Set<String> known = new HashSet<>();
        for (List<String> part : parts(ids)) {
            known.addAll(database.dsl()
                    .select(PREDICTION.PREDICTION_ID)
                    .from(PREDICTION)
                    .where(PREDICTION.DEPLOYMENT.eq(deployment))
                    .and(PREDICTION.PREDICTION_ID.in(part))
                    .and(PREDICTION.VERSION.eq(version))
                    .fetch(PREDICTION.PREDICTION_ID));
        }
        return known;
    }

    /** Inserts the rows whose id the version has not answered yet; returns how many. */
    int insert(String deployment, List<Row> rows) {
        if (rows.isEmpty()) {
            return 0;
        }
        return database.dsl().connectionResult(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    "insert into prediction (deployment, prediction_id, version, event_time, predicted, scored_at)"
                            + " values (?, ?, ?, ?, ?, ?) on conflict do nothing")) {
                for (Row row : rows) {
                    insert.setString(1, deployment);
                    insert.setString(2, row.id());
                    insert.setString(3, row.version());
                    insert.setLong(4, row.time());
                    insert.setDouble(5, row.predicted());
                    insert.setLong(6, row.at());
                    insert.addBatch();
                }
                int inserted = 0;
                for (int count : insert.executeBatch()) {
                    inserted += count == PreparedStatement.SUCCESS_NO_INFO ? 1 : count;
                }
                return inserted;
            }
        });
    }

    /** Gives every prediction of each id its outcome; returns which ids there are predictions of. */
    Set<String> setOutcomes(String deployment, List<Labels.Label> labels) {
        if (labels.isEmpty()) {
            return Set.of();
        }
        return database.dsl().connectionResult(connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    "update prediction set outcome = ? where deployment = ? and prediction_id = ?")) {
                for (Labels.Label label : labels) {
                    update.setDouble(1, label.value());
                    update.setString(2, deployment);
                    update.setString(3, label.id());
                    update.addBatch();
                }
                Set<String> found = new HashSet<>();
                int[] counts = update.executeBatch();
                for (int i = 0; i < counts.length; i++) {
                    if (counts[i] != 0) {
                        found.add(labels.get(i).id());
                    }
                }
                return found;
            }
        });
    }

    /** The versions and event times of the predictions of these ids. */
    List<Row> of(String deployment, Collection<String> ids) {
        List<Row> rows = new ArrayList<>();
        for (List<String> part : parts(ids)) {
            rows.addAll(database.dsl()
                    .selectFrom(PREDICTION)
                    .where(PREDICTION.DEPLOYMENT.eq(deployment))
                    .and(PREDICTION.PREDICTION_ID.in(part))
                    .fetch(row -> new Row(
                            row.get(PREDICTION.PREDICTION_ID),
                            row.get(PREDICTION.VERSION),
                            row.get(PREDICTION.EVENT_TIME),
                            row.get(PREDICTION.PREDICTED),
                            row.get(PREDICTION.SCORED_AT))));
        }
        return rows;
    }

    /** Predictions of a version in a window with their outcomes, in order of time. */
    Pairs pairs(String deployment, String version, Window window) {
        var rows = database.dsl()
                .select(PREDICTION.PREDICTED, PREDICTION.OUTCOME)
                .from(PREDICTION)
                .where(PREDICTION.DEPLOYMENT.eq(deployment))
                .and(PREDICTION.EVENT_TIME.ge(window.start()))
                .and(PREDICTION.EVENT_TIME.lt(window.end()))
                .and(PREDICTION.VERSION.eq(version))
                .and(PREDICTION.OUTCOME.isNotNull())
                .orderBy(PREDICTION.EVENT_TIME, PREDICTION.PREDICTION_ID)
                .fetch();
        double[] predicted = new double[rows.size()];
        double[] outcomes = new double[rows.size()];
        for (int i = 0; i < predicted.length; i++) {
            predicted[i] = rows.get(i).value1();
            outcomes[i] = rows.get(i).value2();
        }
        return new Pairs(predicted, outcomes);
    }

    /** Takes what a version predicted and what came of it. */
    interface Outcome {
        void take(String version, double predicted, double outcome);
    }

    /** Takes what two versions predicted of the same row and what came of it. */
    interface BothOutcomes {
        void take(double first, double second, double outcome);
    }

    /** Tells of every prediction of two versions since a time whose outcome is known, one by one. */
    void outcomes(String deployment, String first, String second, long since, Outcome outcome) {
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

    /** Predictions of a version in a window whose outcome is known. */
    long labelled(String deployment, String version, Window window) {
        return database.dsl()
                .selectCount()
                .from(PREDICTION)
                .where(PREDICTION.DEPLOYMENT.eq(deployment))
                .and(PREDICTION.EVENT_TIME.ge(window.start()))
                .and(PREDICTION.EVENT_TIME.lt(window.end()))
                .and(PREDICTION.VERSION.eq(version))
                .and(PREDICTION.OUTCOME.isNotNull())
                .fetchSingle()
                .value1();
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

    /** Deletes the predictions that are for times before this. */
    int deleteBefore(String deployment, long time) {
        return database.dsl()
                .deleteFrom(PREDICTION)
                .where(PREDICTION.DEPLOYMENT.eq(deployment).and(PREDICTION.EVENT_TIME.lt(time)))
                .execute();
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
