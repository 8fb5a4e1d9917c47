package org.millwright.retraining;

import static org.millwright.schema.Tables.RETRAINING;

import java.util.List;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.impl.DSL;
import org.millwright.kernel.Database;

/** What was decided about training again. */
final class RetrainingStore {
    private final Database database;

    RetrainingStore(Database database) {
        this.database = database;
    }

    /**
     * Saves a decision in the place of one that waits; false when it was decided so already, or when a run was started.
     *
     * @param byWindow whether the end of the data makes it another occasion
     */
    boolean save(Retrainings.Decided decided, boolean byWindow) {
        Condition same = RETRAINING
                .DEPLOYMENT
                .eq(decided.deployment())
                .and(RETRAINING.EVENT.eq(decided.event()))
                .and(byWindow ? RETRAINING.DATA_END.eq(decided.dataEnd()) : DSL.noCondition());
        List<String> before = database.dsl()
                .select(RETRAINING.DECISION)
                .from(RETRAINING)
                .where(same)
                .fetch(RETRAINING.DECISION);
        if (before.contains(Retrainings.TRAIN) || before.contains(decided.decision())) {
            return false;
        }
        database.dsl().deleteFrom(RETRAINING).where(same).execute();
        return database.dsl()
                        .insertInto(RETRAINING)
                        .set(RETRAINING.DEPLOYMENT, decided.deployment())
                        .set(RETRAINING.EVENT, decided.event())
                        .set(RETRAINING.DATA_END, decided.dataEnd())
                        .set(RETRAINING.DECISION, decided.decision())
                        .set(RETRAINING.REASON, decided.reason())
                        .set(RETRAINING.RUN_ID, decided.run().orElse(null))
                        .set(RETRAINING.DECIDED_AT, decided.at())
                        .execute()
                == 1;
    }

    /** Decisions about a deployment, newest first. */
    List<Retrainings.Decided> of(String deployment) {
        return database.dsl()
                .selectFrom(RETRAINING)
                .where(RETRAINING.DEPLOYMENT.eq(deployment))
                .orderBy(RETRAINING.DECIDED_AT.desc(), RETRAINING.DATA_END.desc(), RETRAINING.EVENT)
                .fetch(row -> new Retrainings.Decided(
                        row.get(RETRAINING.EVENT),
                        row.get(RETRAINING.DEPLOYMENT),
                        row.get(RETRAINING.DATA_END),
                        row.get(RETRAINING.DECISION),
                        row.get(RETRAINING.REASON),
                        Optional.ofNullable(row.get(RETRAINING.RUN_ID)),
                        row.get(RETRAINING.DECIDED_AT)));
    }
}
