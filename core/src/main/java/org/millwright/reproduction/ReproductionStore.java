package org.millwright.reproduction;

import static org.millwright.schema.Tables.REPRODUCTION;

import com.fasterxml.jackson.core.type.TypeReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.reproduction.Reproduction.Occasion;

/** Reproductions in the database. */
final class ReproductionStore {
    private static final TypeReference<List<String>> TEXTS = new TypeReference<>() {};

    private final Database database;

    ReproductionStore(Database database) {
        this.database = database;
    }

    void insert(Reproduction asked) {
        database.dsl()
                .insertInto(REPRODUCTION)
                .set(REPRODUCTION.ID, asked.id())
                .set(REPRODUCTION.SUBJECT, asked.subject())
                .set(REPRODUCTION.PROJECT, asked.project())
                .set(REPRODUCTION.STATE, asked.state().name())
                .set(REPRODUCTION.CAUSE, asked.cause().name())
                .set(REPRODUCTION.REASON, asked.reason())
                .set(REPRODUCTION.ASKED_BY, asked.askedBy())
                .set(REPRODUCTION.SCHEDULED, code(asked.occasion()))
                .set(REPRODUCTION.ASKED_AT, asked.askedAt())
                .set(REPRODUCTION.STARTS, asked.starts())
                .set(REPRODUCTION.RUNS, Json.write(asked.runs()))
                .execute();
    }

    void begin(String id, long at) {
        database.dsl()
                .update(REPRODUCTION)
                .set(REPRODUCTION.STATE, Reproduction.State.RUNNING.name())
                .set(REPRODUCTION.STARTED_AT, at)
                .set(REPRODUCTION.STARTS, REPRODUCTION.STARTS.plus(1))
                .where(REPRODUCTION.ID.eq(id))
                .execute();
    }

    /** One that the server would do by itself is asked for now. */
    void ask(String id, String by) {
        database.dsl()
                .update(REPRODUCTION)
                .set(REPRODUCTION.SCHEDULED, code(Occasion.ASKED))
                .set(REPRODUCTION.ASKED_BY, by)
                .where(REPRODUCTION.ID.eq(id))
                .execute();
    }

    /** Milliseconds that reproductions of a project worked since then, also the one that works now. */
    long worked(String project, long since, long now) {
        return database
                .dsl()
                .select(REPRODUCTION.STARTED_AT, REPRODUCTION.ENDED_AT)
                .from(REPRODUCTION)
                .where(REPRODUCTION.PROJECT.eq(project).and(REPRODUCTION.STARTED_AT.ge(since)))
                .fetch()
                .stream()
                .mapToLong(row -> Objects.requireNonNullElse(row.value2(), now) - row.value1())
                .sum();
    }

    /** Notes an MLflow run, so that a stop of the server leaves none behind. */
    void add(String id, String run) {
        var runs = new ArrayList<>(get(id).orElseThrow().runs());
        runs.add(run);
        database.dsl()
                .update(REPRODUCTION)
                .set(REPRODUCTION.RUNS, Json.write(runs))
                .where(REPRODUCTION.ID.eq(id))
                .execute();
    }

    void end(Reproduction ended) {
        database.dsl()
                .update(REPRODUCTION)
                .set(REPRODUCTION.STATE, ended.state().name())
                .set(REPRODUCTION.VERDICT, ended.verdict().map(Enum::name).orElse(null))
                .set(REPRODUCTION.CAUSE, ended.cause().name())
                .set(REPRODUCTION.REASON, ended.reason())
                .set(REPRODUCTION.ENDED_AT, ended.endedAt().orElse(null))
                .set(REPRODUCTION.RUNS, Json.write(ended.runs()))
                .set(REPRODUCTION.REPORT_SHA256, ended.report().orElse(null))
                .where(REPRODUCTION.ID.eq(ended.id()))
                .execute();
    }

    Optional<Reproduction> get(String id) {
        return database.dsl()
                .selectFrom(REPRODUCTION)
                .where(REPRODUCTION.ID.eq(id))
                .fetchOptional(ReproductionStore::reproduction);
    }

    /** Of one version or of all, newest first. */
    List<Reproduction> list(Optional<String> subject, int limit) {
        return find(subject.map(REPRODUCTION.SUBJECT::eq).orElse(DSL.noCondition()), limit);
    }

    /** The newest with a verdict. */
    Optional<Reproduction> latest(String subject) {
        return find(REPRODUCTION.SUBJECT.eq(subject).and(REPRODUCTION.VERDICT.isNotNull()), 1).stream()
                .findFirst();
    }

    Optional<Reproduction> open(String subject) {
        return find(REPRODUCTION.SUBJECT.eq(subject).and(isOpen()), 1).stream().findFirst();
    }

    /** The newest that the calendar asked for. */
    Optional<Reproduction> scheduled(String subject) {
        return find(REPRODUCTION.SUBJECT.eq(subject).and(REPRODUCTION.SCHEDULED.eq(code(Occasion.CALENDAR))), 1)
                .stream()
                .findFirst();
    }

    /** What has not ended, oldest first. */
    List<Reproduction> open() {
        return find(isOpen(), Integer.MAX_VALUE).reversed();
    }

    /** The column is named after the first occasion beside being asked for. */
    private static int code(Occasion occasion) {
        return switch (occasion) {
            case ASKED -> 0;
            case CALENDAR -> 1;
            case CERTIFICATE -> 2;
        };
    }

    private static Occasion occasion(int code) {
        return switch (code) {
            case 0 -> Occasion.ASKED;
            case 1 -> Occasion.CALENDAR;
            case 2 -> Occasion.CERTIFICATE;
            default -> throw new IllegalStateException("reproduction.scheduled: " + code + " (expected: 0 to 2)");
        };
    }

    private static Condition isOpen() {
        return REPRODUCTION.STATE.in(Reproduction.State.WAITING.name(), Reproduction.State.RUNNING.name());
    }

    private List<Reproduction> find(Condition condition, int limit) {
        return database.dsl()
                .selectFrom(REPRODUCTION)
                .where(condition)
                .orderBy(REPRODUCTION.ASKED_AT.desc(), REPRODUCTION.ID.desc())
                .limit(limit)
                .fetch(ReproductionStore::reproduction);
    }

    private static Reproduction reproduction(Record row) {
        return new Reproduction(
                row.get(REPRODUCTION.ID),
                row.get(REPRODUCTION.SUBJECT),
                row.get(REPRODUCTION.PROJECT),
                Reproduction.State.valueOf(row.get(REPRODUCTION.STATE)),
                Optional.ofNullable(row.get(REPRODUCTION.VERDICT)).map(Verdict::valueOf),
                Cause.valueOf(row.get(REPRODUCTION.CAUSE)),
                row.get(REPRODUCTION.REASON),
                row.get(REPRODUCTION.ASKED_BY),
                occasion(row.get(REPRODUCTION.SCHEDULED)),
                row.get(REPRODUCTION.ASKED_AT),
                Optional.ofNullable(row.get(REPRODUCTION.STARTED_AT)),
                Optional.ofNullable(row.get(REPRODUCTION.ENDED_AT)),
                row.get(REPRODUCTION.STARTS),
                Json.read(row.get(REPRODUCTION.RUNS), TEXTS),
                Optional.ofNullable(row.get(REPRODUCTION.REPORT_SHA256)));
    }
}
