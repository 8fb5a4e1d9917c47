package org.millwright.outcome;

import static org.millwright.schema.Tables.PREDICTION_ATTRIBUTE;

import java.sql.ResultSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.millwright.kernel.Database;

/** What is known of single predictions beside their inputs: values by column, as JSON objects. */
public final class AttributeStore {
    private static final String KNOWN = "select prediction_id, attributes from prediction_attribute"
            + " where deployment = ? and prediction_id" + PredictionStore.IDS;
    private static final String SAVE = "insert into prediction_attribute (deployment, prediction_id, attributes,"
            + " received_at) values (?, ?, ?, ?) on conflict (deployment, prediction_id) do update"
            + " set attributes = excluded.attributes, received_at = excluded.received_at";
    private static final String FORGET = "delete from prediction_attribute where deployment = ? and prediction_id in"
            + " (select prediction_id from prediction where deployment = ? and event_time < ?)";

    private final Database database;

    public AttributeStore(Database database) {
        this.database = database;
    }

    public boolean isEmpty(String deployment) {
        return database.dsl()
                .select(PREDICTION_ATTRIBUTE.RECEIVED_AT)
                .from(PREDICTION_ATTRIBUTE)
                .where(PREDICTION_ATTRIBUTE.DEPLOYMENT.eq(deployment))
                .limit(1)
                .fetch()
                .isEmpty();
    }

    public Map<String, String> known(String deployment, Collection<String> ids) {
        Map<String, String> known = new HashMap<>();
        for (List<String> part : PredictionStore.parts(ids)) {
            database.jdbc(KNOWN, select -> {
                PredictionStore.bind(select, deployment, part);
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        known.put(rows.getString(1), rows.getString(2));
                    }
                }
                return known;
            });
        }
        return known;
    }

    public void save(String deployment, Map<String, String> attributes, long now) {
        database.jdbc(SAVE, insert -> {
            for (Map.Entry<String, String> each : attributes.entrySet()) {
                insert.setString(1, deployment);
                insert.setString(2, each.getKey());
                insert.setString(3, each.getValue());
                insert.setLong(4, now);
                insert.addBatch();
            }
            return insert.executeBatch();
        });
    }

    /** Forgets those of the predictions that are for times before this. */
    public void deleteBefore(String deployment, long time) {
        database.jdbc(FORGET, delete -> {
            delete.setString(1, deployment);
            delete.setString(2, deployment);
            delete.setLong(3, time);
            return delete.executeUpdate();
        });
    }
}
