package org.millwright.gate;

import static org.millwright.schema.Tables.GATE_JUDGEMENT;

import com.fasterxml.jackson.core.type.TypeReference;
import java.util.List;
import java.util.Optional;
import org.jooq.Record;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;

/** Judgements in the database. */
final class JudgementStore {
    private static final TypeReference<List<Verdict>> VERDICTS = new TypeReference<>() {};

    private final Database database;

    JudgementStore(Database database) {
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
                .fetchOptional(JudgementStore::judgement);
    }

    List<Judgement> judgements(String subject) {
        return database.dsl()
                .selectFrom(GATE_JUDGEMENT)
                .where(GATE_JUDGEMENT.SUBJECT.eq(subject))
                .orderBy(GATE_JUDGEMENT.JUDGED_AT)
                .fetch(JudgementStore::judgement);
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
}
