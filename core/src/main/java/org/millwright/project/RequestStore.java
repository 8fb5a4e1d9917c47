package org.millwright.project;

import static org.millwright.schema.Tables.PROJECT_ASSESSMENT;
import static org.millwright.schema.Tables.PROJECT_CONSENT;
import static org.millwright.schema.Tables.PROJECT_NOTE;
import static org.millwright.schema.Tables.PROJECT_REVIEW;

import com.fasterxml.jackson.core.type.TypeReference;
import java.util.List;
import java.util.Optional;
import org.jooq.Record;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;

/** What is said and decided about requests of projects, and their reviews, in the database. */
final class RequestStore {
    private static final TypeReference<List<Assessment.Reason>> REASONS = new TypeReference<>() {};

    private final Database database;

    RequestStore(Database database) {
        this.database = database;
    }

    void save(String project, String digest, Assessment assessment) {
        String reasons = Json.write(assessment.reasons());
        database.dsl()
                .insertInto(PROJECT_ASSESSMENT)
                .set(PROJECT_ASSESSMENT.PROJECT, project)
                .set(PROJECT_ASSESSMENT.DIGEST, digest)
                .set(PROJECT_ASSESSMENT.QUESTIONNAIRE, assessment.questionnaire())
                .set(PROJECT_ASSESSMENT.TIER, assessment.tier().name())
                .set(PROJECT_ASSESSMENT.REASONS, reasons)
                .onConflict(PROJECT_ASSESSMENT.PROJECT, PROJECT_ASSESSMENT.DIGEST)
                .doUpdate()
                .set(PROJECT_ASSESSMENT.QUESTIONNAIRE, assessment.questionnaire())
                .set(PROJECT_ASSESSMENT.TIER, assessment.tier().name())
                .set(PROJECT_ASSESSMENT.REASONS, reasons)
                .execute();
    }

    Optional<Assessment> assessment(String project, String digest) {
        return database.dsl()
                .selectFrom(PROJECT_ASSESSMENT)
                .where(PROJECT_ASSESSMENT.PROJECT.eq(project).and(PROJECT_ASSESSMENT.DIGEST.eq(digest)))
                .fetchOptional(row -> new Assessment(
                        row.get(PROJECT_ASSESSMENT.QUESTIONNAIRE),
                        RiskTier.valueOf(row.get(PROJECT_ASSESSMENT.TIER)),
                        Json.read(row.get(PROJECT_ASSESSMENT.REASONS), REASONS)));
    }

    void add(String project, String digest, Consent consent) {
        database.dsl()
                .insertInto(PROJECT_CONSENT)
                .set(PROJECT_CONSENT.PROJECT, project)
                .set(PROJECT_CONSENT.DIGEST, digest)
                .set(PROJECT_CONSENT.ROLE, consent.role())
                .set(PROJECT_CONSENT.BY_ID, consent.by())
                .set(PROJECT_CONSENT.AT, consent.at())
                .set(PROJECT_CONSENT.REASON, consent.reason())
                .execute();
    }

    /** A request that is made anew is agreed to anew. */
    void forgetConsents(String project, String digest) {
        database.dsl()
                .deleteFrom(PROJECT_CONSENT)
                .where(PROJECT_CONSENT.PROJECT.eq(project).and(PROJECT_CONSENT.DIGEST.eq(digest)))
                .execute();
    }

    List<Consent> consents(String project, String digest) {
        return database.dsl()
                .selectFrom(PROJECT_CONSENT)
                .where(PROJECT_CONSENT.PROJECT.eq(project).and(PROJECT_CONSENT.DIGEST.eq(digest)))
                .orderBy(PROJECT_CONSENT.AT, PROJECT_CONSENT.ROLE)
                .fetch(row -> new Consent(
                        row.get(PROJECT_CONSENT.ROLE),
                        row.get(PROJECT_CONSENT.BY_ID),
                        row.get(PROJECT_CONSENT.AT),
                        row.get(PROJECT_CONSENT.REASON)));
    }

    void add(ProjectNote note) {
        database.dsl()
                .insertInto(PROJECT_NOTE)
                .set(PROJECT_NOTE.ID, note.id())
                .set(PROJECT_NOTE.PROJECT, note.project())
                .set(PROJECT_NOTE.DIGEST, note.digest())
                .set(PROJECT_NOTE.KIND, note.kind().name())
                .set(PROJECT_NOTE.QUESTION, note.question().orElse(null))
                .set(PROJECT_NOTE.BY_ID, note.by())
                .set(PROJECT_NOTE.AT, note.at())
                .set(PROJECT_NOTE.TEXT, note.text())
                .execute();
    }

    List<ProjectNote> notes(String project) {
        return database.dsl()
                .selectFrom(PROJECT_NOTE)
                .where(PROJECT_NOTE.PROJECT.eq(project))
                .orderBy(PROJECT_NOTE.AT, PROJECT_NOTE.ID)
                .fetch(RequestStore::note);
    }

    private static ProjectNote note(Record row) {
        return new ProjectNote(
                row.get(PROJECT_NOTE.ID),
                row.get(PROJECT_NOTE.PROJECT),
                row.get(PROJECT_NOTE.DIGEST),
                ProjectNote.Kind.valueOf(row.get(PROJECT_NOTE.KIND)),
                Optional.ofNullable(row.get(PROJECT_NOTE.QUESTION)),
                row.get(PROJECT_NOTE.BY_ID),
                row.get(PROJECT_NOTE.AT),
                row.get(PROJECT_NOTE.TEXT));
    }

    /** Who reviewed a project last, and whether its being late was told since. */
    record Reviewed(String by, long at, boolean overdueTold) {}

    Optional<Reviewed> reviewed(String project) {
        return database.dsl()
                .selectFrom(PROJECT_REVIEW)
                .where(PROJECT_REVIEW.PROJECT.eq(project))
                .fetchOptional(row -> new Reviewed(
                        row.get(PROJECT_REVIEW.REVIEWED_BY),
                        row.get(PROJECT_REVIEW.REVIEWED_AT),
                        row.get(PROJECT_REVIEW.OVERDUE_AT) != null));
    }

    void reviewed(String project, String by, long at) {
        database.dsl()
                .insertInto(PROJECT_REVIEW)
                .set(PROJECT_REVIEW.PROJECT, project)
                .set(PROJECT_REVIEW.REVIEWED_BY, by)
                .set(PROJECT_REVIEW.REVIEWED_AT, at)
                .onConflict(PROJECT_REVIEW.PROJECT)
                .doUpdate()
                .set(PROJECT_REVIEW.REVIEWED_BY, by)
                .set(PROJECT_REVIEW.REVIEWED_AT, at)
                .set(PROJECT_REVIEW.OVERDUE_AT, (Long) null)
                .execute();
    }

    void overdue(String project, long at) {
        database.dsl()
                .update(PROJECT_REVIEW)
                .set(PROJECT_REVIEW.OVERDUE_AT, at)
                .where(PROJECT_REVIEW.PROJECT.eq(project))
                .execute();
    }
}
