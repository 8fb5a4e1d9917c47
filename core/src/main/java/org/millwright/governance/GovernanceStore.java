package org.millwright.governance;

import static org.millwright.schema.Tables.APPROVAL;
import static org.millwright.schema.Tables.GATE_JUDGEMENT;

import com.fasterxml.jackson.core.type.TypeReference;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Record;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;

/** Judgements and approvals in the database. */
final class GovernanceStore {
    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};
    private static final TypeReference<List<Verdict>> VERDICTS = new TypeReference<>() {};

    private final Database database;

    GovernanceStore(Database database) {
        this.database = database;
    }

    void insert(Judgement judgement) {
        database.dsl()
                .insertInto(GATE_JUDGEMENT)
                .set(GATE_JUDGEMENT.ID, judgement.id())
                .set(GATE_JUDGEMENT.PROJECT, judgement.project())
                .set(GATE_JUDGEMENT.SUBJECT, judgement.subject())
                .set(GATE_JUDGEMENT.PASSED, judgement.passed() ? 1 : 0)
                .set(GATE_JUDGEMENT.INPUTS, judgement.inputs())
                .set(GATE_JUDGEMENT.VERDICTS, Json.write(judgement.verdicts()))
                .set(GATE_JUDGEMENT.JUDGED_AT, judgement.judgedAt())
                .execute();
    }

    Optional<Judgement> judgement(String id) {
        return database.dsl()
                .selectFrom(GATE_JUDGEMENT)
                .where(GATE_JUDGEMENT.ID.eq(id))
                .fetchOptional(GovernanceStore::judgement);
    }

    List<Judgement> judgements(String subject) {
        return database.dsl()
                .selectFrom(GATE_JUDGEMENT)
                .where(GATE_JUDGEMENT.SUBJECT.eq(subject))
                .orderBy(GATE_JUDGEMENT.JUDGED_AT)
                .fetch(GovernanceStore::judgement);
    }

    void insert(Approval approval) {
        database.dsl()
                .insertInto(APPROVAL)
                .set(APPROVAL.ID, approval.id())
                .set(APPROVAL.PROJECT, approval.project())
                .set(APPROVAL.SUBJECT, approval.subject())
                .set(APPROVAL.TITLE, approval.title())
                .set(APPROVAL.DIGESTS, Json.write(approval.digests()))
                .set(APPROVAL.SHOWN, Json.write(approval.shown()))
                .set(APPROVAL.REQUESTED_BY, approval.requestedBy())
                .set(APPROVAL.AUTHOR, approval.author())
                .set(APPROVAL.REQUESTED_AT, approval.requestedAt())
                .set(APPROVAL.EXPIRES_AT, approval.expiresAt())
                .set(APPROVAL.STATE, approval.state().name())
                .execute();
    }

    void decide(String id, Approval.State state, String by, long at, String reason) {
        database.dsl()
                .update(APPROVAL)
                .set(APPROVAL.STATE, state.name())
                .set(APPROVAL.DECIDED_BY, by)
                .set(APPROVAL.DECIDED_AT, at)
                .set(APPROVAL.REASON, reason)
                .where(APPROVAL.ID.eq(id).and(APPROVAL.STATE.eq(Approval.State.PENDING.name())))
                .execute();
    }

    Optional<Approval> approval(String id) {
        return database.dsl().selectFrom(APPROVAL).where(APPROVAL.ID.eq(id)).fetchOptional(GovernanceStore::approval);
    }

    List<Approval> pending() {
        return database.dsl()
                .selectFrom(APPROVAL)
                .where(APPROVAL.STATE.eq(Approval.State.PENDING.name()))
                .orderBy(APPROVAL.EXPIRES_AT)
                .fetch(GovernanceStore::approval);
    }

    List<Approval> pending(String subject) {
        return database.dsl()
                .selectFrom(APPROVAL)
                .where(APPROVAL.STATE.eq(Approval.State.PENDING.name()).and(APPROVAL.SUBJECT.eq(subject)))
                .fetch(GovernanceStore::approval);
    }

    List<Approval> approvals(String subject) {
        return database.dsl()
                .selectFrom(APPROVAL)
                .where(APPROVAL.SUBJECT.eq(subject))
                .orderBy(APPROVAL.REQUESTED_AT)
                .fetch(GovernanceStore::approval);
    }

    List<Approval> ofProject(String project) {
        return database.dsl()
                .selectFrom(APPROVAL)
                .where(APPROVAL.PROJECT.eq(project))
                .orderBy(APPROVAL.REQUESTED_AT.desc())
                .fetch(GovernanceStore::approval);
    }

    private static Judgement judgement(Record row) {
        return new Judgement(
                row.get(GATE_JUDGEMENT.ID),
                row.get(GATE_JUDGEMENT.PROJECT),
                row.get(GATE_JUDGEMENT.SUBJECT),
                row.get(GATE_JUDGEMENT.PASSED) != 0,
                row.get(GATE_JUDGEMENT.INPUTS),
                Json.read(row.get(GATE_JUDGEMENT.VERDICTS), VERDICTS),
                row.get(GATE_JUDGEMENT.JUDGED_AT));
    }

    private static Approval approval(Record row) {
        return new Approval(
                row.get(APPROVAL.ID),
                row.get(APPROVAL.PROJECT),
                row.get(APPROVAL.SUBJECT),
                row.get(APPROVAL.TITLE),
                Json.read(row.get(APPROVAL.DIGESTS), TEXTS),
                Json.parse(row.get(APPROVAL.SHOWN)),
                row.get(APPROVAL.REQUESTED_BY),
                row.get(APPROVAL.AUTHOR),
                row.get(APPROVAL.REQUESTED_AT),
                row.get(APPROVAL.EXPIRES_AT),
                Approval.State.valueOf(row.get(APPROVAL.STATE)),
                Optional.ofNullable(row.get(APPROVAL.DECIDED_BY)),
                Optional.ofNullable(row.get(APPROVAL.DECIDED_AT)),
                Optional.ofNullable(row.get(APPROVAL.REASON)).orElse(""));
    }
}
