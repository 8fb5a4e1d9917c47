package org.millwright.monitor;

import static org.millwright.schema.Tables.PREDICTION_LABEL;
import static org.millwright.schema.Tables.PREDICTION_LABEL_CHANGE;

import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.millwright.kernel.Database;

/** Outcomes as they were sent. */
final class LabelStore {
    private final Database database;

    LabelStore(Database database) {
        this.database = database;
    }

    /** An outcome that is known. */
    record Known(Labels.Label label, boolean joined) {}

    Map<String, Known> known(String deployment, Collection<String> ids) {
        Map<String, Known> known = new HashMap<>();
        for (List<String> part : PredictionStore.parts(ids)) {
            database.dsl()
                    .selectFrom(PREDICTION_LABEL)
                    .where(PREDICTION_LABEL.DEPLOYMENT.eq(deployment))
                    .and(PREDICTION_LABEL.PREDICTION_ID.in(part))
                    .forEach(row -> known.put(
                            row.get(PREDICTION_LABEL.PREDICTION_ID),
                            new Known(
                                    new Labels.Label(
                                            row.get(PREDICTION_LABEL.PREDICTION_ID),
                                            row.get(PREDICTION_LABEL.OUTCOME),
                                            row.get(PREDICTION_LABEL.OBSERVED_AT)),
                                    row.get(PREDICTION_LABEL.JOINED) == 1)));
        }
        return known;
    }

    void insert(String deployment, List<Labels.Label> labels, long now) {
        if (labels.isEmpty()) {
            return;
        }
        database.dsl().connection(connection -> {
            try (PreparedStatement insert = connection.prepareStatement("insert into prediction_label"
                    + " (deployment, prediction_id, outcome, observed_at, received_at, joined, changes)"
                    + " values (?, ?, ?, ?, ?, 0, 0)")) {
                for (Labels.Label label : labels) {
                    insert.setString(1, deployment);
                    insert.setString(2, label.id());
                    insert.setDouble(3, label.value());
                    insert.setLong(4, label.time());
                    insert.setLong(5, now);
                    insert.addBatch();
                }
                insert.executeBatch();
            }
        });
    }

    void replace(String deployment, Labels.Label label, long now) {
        database.dsl()
                .update(PREDICTION_LABEL)
                .set(PREDICTION_LABEL.OUTCOME, label.value())
                .set(PREDICTION_LABEL.OBSERVED_AT, label.time())
                .set(PREDICTION_LABEL.RECEIVED_AT, now)
                .set(PREDICTION_LABEL.CHANGES, PREDICTION_LABEL.CHANGES.plus(1))
                .where(PREDICTION_LABEL.DEPLOYMENT.eq(deployment))
                .and(PREDICTION_LABEL.PREDICTION_ID.eq(label.id()))
                .execute();
    }

    /** Notes an outcome that contradicts another one: the one that lost, or was given up. */
    void change(String id, String deployment, Labels.Label label, boolean applied, long now, String from) {
        database.dsl()
                .insertInto(PREDICTION_LABEL_CHANGE)
                .set(PREDICTION_LABEL_CHANGE.ID, id)
                .set(PREDICTION_LABEL_CHANGE.DEPLOYMENT, deployment)
                .set(PREDICTION_LABEL_CHANGE.PREDICTION_ID, label.id())
                .set(PREDICTION_LABEL_CHANGE.OUTCOME, label.value())
                .set(PREDICTION_LABEL_CHANGE.OBSERVED_AT, label.time())
                .set(PREDICTION_LABEL_CHANGE.APPLIED, applied ? 1 : 0)
                .set(PREDICTION_LABEL_CHANGE.RECEIVED_AT, now)
                .set(PREDICTION_LABEL_CHANGE.RECEIVED_FROM, from)
                .execute();
    }

    /** The outcomes known of these ids. */
    List<Labels.Label> of(String deployment, Collection<String> ids) {
        List<Labels.Label> labels = new ArrayList<>();
        known(deployment, ids).forEach((id, known) -> labels.add(known.label()));
        return labels;
    }

    void setJoined(String deployment, Collection<String> ids) {
        for (List<String> part : PredictionStore.parts(ids)) {
            database.dsl()
                    .update(PREDICTION_LABEL)
                    .set(PREDICTION_LABEL.JOINED, 1)
                    .where(PREDICTION_LABEL.DEPLOYMENT.eq(deployment))
                    .and(PREDICTION_LABEL.PREDICTION_ID.in(part))
                    .execute();
        }
    }

    boolean isEmpty(String deployment) {
        return database.dsl()
                .select(PREDICTION_LABEL.JOINED)
                .from(PREDICTION_LABEL)
                .where(PREDICTION_LABEL.DEPLOYMENT.eq(deployment))
                .limit(1)
                .fetch()
                .isEmpty();
    }

    /** Outcomes that wait for their prediction. */
    long pending(String deployment) {
        return count(deployment, 0);
    }

    /** Outcomes of which someone sent another value as well. */
    long contradicted(String deployment) {
        return database.dsl()
                .selectCount()
                .from(PREDICTION_LABEL_CHANGE)
                .where(PREDICTION_LABEL_CHANGE.DEPLOYMENT.eq(deployment))
                .fetchSingle()
                .value1();
    }

    private long count(String deployment, int joined) {
        return database.dsl()
                .selectCount()
                .from(PREDICTION_LABEL)
                .where(PREDICTION_LABEL.DEPLOYMENT.eq(deployment))
                .and(PREDICTION_LABEL.JOINED.eq(joined))
                .fetchSingle()
                .value1();
    }
}
