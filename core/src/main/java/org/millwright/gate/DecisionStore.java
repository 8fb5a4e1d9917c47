package org.millwright.gate;

import static org.millwright.schema.Tables.POLICY_DECISION;

import com.fasterxml.jackson.core.type.TypeReference;
import java.util.List;
import java.util.Optional;
import org.jooq.Record;
import org.millwright.identity.GovernedAction;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;

/** Decisions of policies in the database. */
final class DecisionStore {
    private static final TypeReference<List<Decision.Judged>> POLICIES = new TypeReference<>() {};
    private static final TypeReference<List<Decision.Finding>> FINDINGS = new TypeReference<>() {};

    private final Database database;

    DecisionStore(Database database) {
        this.database = database;
    }

    void insert(Decision decision) {
        database.dsl()
                .insertInto(POLICY_DECISION)
                .set(POLICY_DECISION.ID, decision.id())
                .set(POLICY_DECISION.ACTION, decision.action().text())
                .set(POLICY_DECISION.SUBJECT, decision.subject())
                .set(POLICY_DECISION.TARGET, decision.target())
                .set(POLICY_DECISION.PROJECT, decision.project())
                .set(POLICY_DECISION.STAGE, decision.stage())
                .set(POLICY_DECISION.ACTOR, decision.actor())
                .set(POLICY_DECISION.OUTCOME, decision.outcome().name())
                .set(POLICY_DECISION.POLICIES, Json.write(decision.policies()))
                .set(POLICY_DECISION.INPUTS, decision.inputs())
                .set(POLICY_DECISION.FINDINGS, Json.write(decision.findings()))
                .set(POLICY_DECISION.DECIDED_AT, decision.decidedAt())
                .execute();
    }

    Optional<Decision> find(String id) {
        return database.dsl()
                .selectFrom(POLICY_DECISION)
                .where(POLICY_DECISION.ID.eq(id))
                .fetchOptional(DecisionStore::decision);
    }

    /** Newest first. */
    List<Decision> since(long since, int limit) {
        return database.dsl()
                .selectFrom(POLICY_DECISION)
                .where(POLICY_DECISION.DECIDED_AT.ge(since))
                .orderBy(POLICY_DECISION.DECIDED_AT.desc(), POLICY_DECISION.ID.desc())
                .limit(limit)
                .fetch(DecisionStore::decision);
    }

    /** Newest first. */
    List<Decision> about(String subject, int limit) {
        return database.dsl()
                .selectFrom(POLICY_DECISION)
                .where(POLICY_DECISION.SUBJECT.eq(subject))
                .orderBy(POLICY_DECISION.DECIDED_AT.desc(), POLICY_DECISION.ID.desc())
                .limit(limit)
                .fetch(DecisionStore::decision);
    }

    private static Decision decision(Record row) {
        return new Decision(
                row.get(POLICY_DECISION.ID),
                GovernedAction.Kind.of(row.get(POLICY_DECISION.ACTION)),
                row.get(POLICY_DECISION.SUBJECT),
                row.get(POLICY_DECISION.TARGET),
                row.get(POLICY_DECISION.PROJECT),
                row.get(POLICY_DECISION.STAGE),
                row.get(POLICY_DECISION.ACTOR),
                Decision.Outcome.valueOf(row.get(POLICY_DECISION.OUTCOME)),
                Json.read(row.get(POLICY_DECISION.POLICIES), POLICIES),
                row.get(POLICY_DECISION.INPUTS),
                Json.read(row.get(POLICY_DECISION.FINDINGS), FINDINGS),
                row.get(POLICY_DECISION.DECIDED_AT));
    }
}
