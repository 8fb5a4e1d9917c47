package org.millwright.project;

import static org.millwright.schema.Tables.AGREEMENT;
import static org.millwright.schema.Tables.AGREEMENT_ACCEPTANCE;

import java.util.List;
import java.util.Optional;
import org.jooq.Record;
import org.millwright.identity.Role;
import org.millwright.kernel.Database;

/** Texts of agreements and who accepted them. */
final class AgreementStore {
    private final Database database;

    AgreementStore(Database database) {
        this.database = database;
    }

    void insert(AgreementVersion version) {
        database.dsl()
                .insertInto(AGREEMENT)
                .set(AGREEMENT.ID, version.id())
                .set(AGREEMENT.PROJECT, version.project())
                .set(AGREEMENT.MODEL, version.model())
                .set(AGREEMENT.DIGEST, version.digest())
                .set(AGREEMENT.TEXT, version.text())
                .set(AGREEMENT.STATE, version.state().name())
                .set(AGREEMENT.PROPOSED_BY, version.proposedBy())
                .set(AGREEMENT.PROPOSED_AT, version.proposedAt())
                .execute();
    }

    void accept(String id, AgreementVersion.Acceptance accepted) {
        database.dsl()
                .insertInto(AGREEMENT_ACCEPTANCE)
                .set(AGREEMENT_ACCEPTANCE.AGREEMENT_ID, id)
                .set(AGREEMENT_ACCEPTANCE.ROLE, accepted.role().name())
                .set(AGREEMENT_ACCEPTANCE.ACCEPTED_BY, accepted.by())
                .set(AGREEMENT_ACCEPTANCE.PERSON, accepted.person())
                .set(AGREEMENT_ACCEPTANCE.ACCEPTED_AT, accepted.at())
                .execute();
    }

    void settle(String id, AgreementVersion.State state, String by, long at, String reason) {
        database.dsl()
                .update(AGREEMENT)
                .set(AGREEMENT.STATE, state.name())
                .set(AGREEMENT.SETTLED_BY, by)
                .set(AGREEMENT.SETTLED_AT, at)
                .set(AGREEMENT.REASON, reason)
                .where(AGREEMENT.ID.eq(id))
                .execute();
    }

    /** Marks as followed by another one; who accepted it and when stays. */
    void supersede(String id) {
        database.dsl()
                .update(AGREEMENT)
                .set(AGREEMENT.STATE, AgreementVersion.State.SUPERSEDED.name())
                .where(AGREEMENT.ID.eq(id))
                .execute();
    }

    /** The one text of the project in this state, {@code PROPOSED} or {@code IN_FORCE}. */
    Optional<AgreementVersion> find(String project, AgreementVersion.State state) {
        return database.dsl()
                .selectFrom(AGREEMENT)
                .where(AGREEMENT.PROJECT.eq(project).and(AGREEMENT.STATE.eq(state.name())))
                .orderBy(AGREEMENT.PROPOSED_AT.desc())
                .limit(1)
                .fetchOptional(this::version);
    }

    /** All texts in this state, oldest first. */
    List<AgreementVersion> all(AgreementVersion.State state) {
        return database.dsl()
                .selectFrom(AGREEMENT)
                .where(AGREEMENT.STATE.eq(state.name()))
                .orderBy(AGREEMENT.PROPOSED_AT, AGREEMENT.ID)
                .fetch(this::version);
    }

    /** All texts of the project, oldest first. */
    List<AgreementVersion> of(String project) {
        return database.dsl()
                .selectFrom(AGREEMENT)
                .where(AGREEMENT.PROJECT.eq(project))
                .orderBy(AGREEMENT.PROPOSED_AT, AGREEMENT.ID)
                .fetch(this::version);
    }

    /** What is in force: its digest and text, without who accepted it. */
    Optional<Text> text(String project) {
        return database.dsl()
                .select(AGREEMENT.DIGEST, AGREEMENT.TEXT)
                .from(AGREEMENT)
                .where(AGREEMENT.PROJECT.eq(project).and(AGREEMENT.STATE.eq(AgreementVersion.State.IN_FORCE.name())))
                .limit(1)
                .fetchOptional(row -> new Text(row.get(AGREEMENT.DIGEST), row.get(AGREEMENT.TEXT)));
    }

    record Text(String digest, String text) {}

    private AgreementVersion version(Record row) {
        String id = row.get(AGREEMENT.ID);
        List<AgreementVersion.Acceptance> acceptances = database.dsl()
                .selectFrom(AGREEMENT_ACCEPTANCE)
                .where(AGREEMENT_ACCEPTANCE.AGREEMENT_ID.eq(id))
                .orderBy(AGREEMENT_ACCEPTANCE.ROLE)
                .fetch(accepted -> new AgreementVersion.Acceptance(
                        Role.valueOf(accepted.get(AGREEMENT_ACCEPTANCE.ROLE)),
                        accepted.get(AGREEMENT_ACCEPTANCE.ACCEPTED_BY),
                        accepted.get(AGREEMENT_ACCEPTANCE.PERSON),
                        accepted.get(AGREEMENT_ACCEPTANCE.ACCEPTED_AT)));
        return new AgreementVersion(
                id,
                row.get(AGREEMENT.PROJECT),
                row.get(AGREEMENT.MODEL),
                row.get(AGREEMENT.DIGEST),
                row.get(AGREEMENT.TEXT),
                AgreementVersion.State.valueOf(row.get(AGREEMENT.STATE)),
                row.get(AGREEMENT.PROPOSED_BY),
                row.get(AGREEMENT.PROPOSED_AT),
                acceptances,
                Optional.ofNullable(row.get(AGREEMENT.SETTLED_BY)),
                Optional.ofNullable(row.get(AGREEMENT.SETTLED_AT)),
                Optional.ofNullable(row.get(AGREEMENT.REASON)).orElse(""));
    }
}
