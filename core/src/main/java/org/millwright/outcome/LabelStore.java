package org.millwright.outcome;

import static org.millwright.schema.Tables.PREDICTION_LABEL;
import static org.millwright.schema.Tables.PREDICTION_LABEL_CHANGE;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.millwright.kernel.Database;

/** Outcomes as they were sent. */
public final class LabelStore {
    private static final String KNOWN = "select prediction_id, outcome, outcome_class, observed_at, joined"
            + " from prediction_label where deployment = ? and prediction_id" + PredictionStore.IDS;
    private static final int TOGETHER = 250;
    /** Many in one statement: SQLite takes twice as long for one each. */
    private static final String INSERT = "insert into prediction_label (deployment, prediction_id, outcome,"
            + " outcome_class, observed_at, received_at, joined, changes) values "
            + String.join(",", Collections.nCopies(TOGETHER, "(?, ?, ?, ?, ?, ?, 1, 0)")) + " on conflict do nothing";

    private static final String MARK = "savepoint labels";
    private static final String UNDO = "rollback to savepoint labels";
    private static final String FORGET = "release savepoint labels";
    private static final String REPLACE = "update prediction_label set outcome = ?, outcome_class = ?, observed_at = ?,"
            + " received_at = ?, changes = changes + 1 where deployment = ? and prediction_id = ?";
    private static final String CHANGE = "insert into prediction_label_change (id, deployment, prediction_id, outcome,"
            + " outcome_class, observed_at, applied, received_at, received_from) values (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String JOINED = joined(1);
    private static final String WAITING = joined(0);
    /** With the number itself, so that the index of those that wait is taken. */
    private static final String PENDING = "select count(*) from prediction_label where deployment = ? and joined = 0";

    private final Database database;

    public LabelStore(Database database) {
        this.database = database;
    }

    /** An outcome that is known. */
    public record Known(Label label, boolean joined) {}

    public Map<String, Known> known(String deployment, Collection<String> ids) {
        Map<String, Known> known = new HashMap<>();
        for (List<String> part : PredictionStore.parts(ids)) {
            database.jdbc(KNOWN, select -> {
                PredictionStore.bind(select, deployment, part);
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        String named = rows.getString(3);
                        Outcome outcome = named == null ? Outcome.of(rows.getDouble(2)) : Outcome.of(named);
                        var label = new Label(rows.getString(1), outcome, rows.getLong(4));
                        known.put(label.id(), new Known(label, rows.getInt(5) == 1));
                    }
                }
                return known;
            });
        }
        return known;
    }

    /** Inserts outcomes whose id has none yet, one for each id, as joined; returns those that others had before. */
    public Map<String, Known> insert(String deployment, List<Label> labels, long now) {
        Map<String, Known> there = new HashMap<>();
        for (int from = 0; from < labels.size(); from += TOGETHER) {
            List<Label> part = labels.subList(from, Math.min(labels.size(), from + TOGETHER));
            run(MARK);
            if (insertNew(deployment, part, now) < part.size()) {
                run(UNDO);
                Map<String, Known> known =
                        known(deployment, part.stream().map(Label::id).toList());
                there.putAll(known);
                insertNew(
                        deployment,
                        part.stream()
                                .filter(label -> !known.containsKey(label.id()))
                                .toList(),
                        now);
            }
            run(FORGET);
        }
        return there;
    }

    private void run(String sql) {
        database.jdbc(sql, PreparedStatement::execute);
    }

    /** Inserts those that are new; returns how many these are. The last one fills up a statement, which inserts it once. */
    private int insertNew(String deployment, List<Label> part, long now) {
        if (part.isEmpty()) {
            return 0;
        }
        return database.jdbc(INSERT, insert -> {
            for (int i = 0, at = 1; i < TOGETHER; i++, at += 6) {
                Label label = part.get(Math.min(i, part.size() - 1));
                insert.setString(at, deployment);
                insert.setString(at + 1, label.id());
                PredictionStore.set(insert, at + 2, label.outcome());
                insert.setLong(at + 4, label.time());
                insert.setLong(at + 5, now);
            }
            return insert.executeUpdate();
        });
    }

    public void replace(String deployment, Label label, long now) {
        database.jdbc(REPLACE, update -> {
            PredictionStore.set(update, 1, label.outcome());
            update.setLong(3, label.time());
            update.setLong(4, now);
            update.setString(5, deployment);
            update.setString(6, label.id());
            return update.executeUpdate();
        });
    }

    /** Notes an outcome that contradicts another one: the one that lost, or was given up. */
    public void change(String id, String deployment, Label label, boolean applied, long now, String from) {
        database.jdbc(CHANGE, insert -> {
            insert.setString(1, id);
            insert.setString(2, deployment);
            insert.setString(3, label.id());
            PredictionStore.set(insert, 4, label.outcome());
            insert.setLong(6, label.time());
            insert.setInt(7, applied ? 1 : 0);
            insert.setLong(8, now);
            insert.setString(9, from);
            return insert.executeUpdate();
        });
    }

    public void setJoined(String deployment, Collection<String> ids) {
        setJoined(JOINED, deployment, ids);
    }

    /** Notes that these wait for their prediction. */
    public void setPending(String deployment, Collection<String> ids) {
        setJoined(WAITING, deployment, ids);
    }

    private void setJoined(String sql, String deployment, Collection<String> ids) {
        for (List<String> part : PredictionStore.parts(ids)) {
            database.jdbc(sql, update -> {
                PredictionStore.bind(update, deployment, part);
                return update.executeUpdate();
            });
        }
    }

    private static String joined(int joined) {
        return "update prediction_label set joined = " + joined + " where deployment = ? and prediction_id"
                + PredictionStore.IDS;
    }

    public boolean isEmpty(String deployment) {
        return database.dsl()
                .select(PREDICTION_LABEL.JOINED)
                .from(PREDICTION_LABEL)
                .where(PREDICTION_LABEL.DEPLOYMENT.eq(deployment))
                .limit(1)
                .fetch()
                .isEmpty();
    }

    /** Outcomes that wait for their prediction. */
    public long pending(String deployment) {
        return database.jdbc(PENDING, select -> {
            select.setString(1, deployment);
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        });
    }

    /** Outcomes of which someone sent another value as well. */
    public long contradicted(String deployment) {
        return database.dsl()
                .selectCount()
                .from(PREDICTION_LABEL_CHANGE)
                .where(PREDICTION_LABEL_CHANGE.DEPLOYMENT.eq(deployment))
                .fetchSingle()
                .value1();
    }
}
