package org.millwright.alert;

import static org.millwright.schema.Tables.MONITOR_JUDGEMENT;

import java.sql.ResultSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.jooq.Record;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;

/** Verdicts on closed windows. */
public final class JudgementStore {
    private final Database database;

    public JudgementStore(Database database) {
        this.database = database;
    }

    /** Saves the verdict unless the window has one on this clause already that says something; returns whether it did. */
    public boolean save(Judgement judgement) {
        int replaced = database.dsl()
                .deleteFrom(MONITOR_JUDGEMENT)
                .where(MONITOR_JUDGEMENT.DEPLOYMENT.eq(judgement.deployment()))
                .and(MONITOR_JUDGEMENT.WINDOW_START.eq(judgement.window().start()))
                .and(MONITOR_JUDGEMENT.WINDOW_END.eq(judgement.window().end()))
                .and(MONITOR_JUDGEMENT.VERSION.eq(judgement.version()))
                .and(MONITOR_JUDGEMENT.CLAUSE.eq(judgement.clause().text()))
                .and(MONITOR_JUDGEMENT.VERDICT.eq(Verdict.INSUFFICIENT.name()))
                .execute();
        if (replaced == 1 && judgement.verdict() == Verdict.INSUFFICIENT) {
            insert(judgement);
            return false;
        }
        return insert(judgement) == 1;
    }

    /** Saves a verdict in the place of the one that the window has on this clause. */
    public void replace(Judgement judgement) {
        database.dsl()
                .deleteFrom(MONITOR_JUDGEMENT)
                .where(MONITOR_JUDGEMENT.DEPLOYMENT.eq(judgement.deployment()))
                .and(MONITOR_JUDGEMENT.WINDOW_START.eq(judgement.window().start()))
                .and(MONITOR_JUDGEMENT.WINDOW_END.eq(judgement.window().end()))
                .and(MONITOR_JUDGEMENT.VERSION.eq(judgement.version()))
                .and(MONITOR_JUDGEMENT.CLAUSE.eq(judgement.clause().text()))
                .execute();
        insert(judgement);
    }

    private int insert(Judgement judgement) {
        return database.dsl()
                .insertInto(MONITOR_JUDGEMENT)
                .set(MONITOR_JUDGEMENT.DEPLOYMENT, judgement.deployment())
                .set(MONITOR_JUDGEMENT.VERSION, judgement.version())
                .set(MONITOR_JUDGEMENT.WINDOW_START, judgement.window().start())
                .set(MONITOR_JUDGEMENT.WINDOW_END, judgement.window().end())
                .set(MONITOR_JUDGEMENT.CLAUSE, judgement.clause().text())
                .set(MONITOR_JUDGEMENT.VERDICT, judgement.verdict().name())
                .set(MONITOR_JUDGEMENT.IS_LEADING, judgement.leading() ? 1 : 0)
                .set(MONITOR_JUDGEMENT.METHOD, judgement.method())
                .set(MONITOR_JUDGEMENT.MEASURED, Double.isFinite(judgement.measured()) ? judgement.measured() : null)
                .set(MONITOR_JUDGEMENT.THRESHOLD, judgement.threshold())
                .set(MONITOR_JUDGEMENT.ROW_COUNT, judgement.n())
                .set(MONITOR_JUDGEMENT.NOTE, judgement.note())
                .set(MONITOR_JUDGEMENT.DETAILS, Json.write(judgement.details()))
                .set(MONITOR_JUDGEMENT.JUDGED_AT, judgement.judgedAt())
                .onConflict(
                        MONITOR_JUDGEMENT.DEPLOYMENT,
                        MONITOR_JUDGEMENT.WINDOW_START,
                        MONITOR_JUDGEMENT.WINDOW_END,
                        MONITOR_JUDGEMENT.VERSION,
                        MONITOR_JUDGEMENT.CLAUSE)
                .doNothing()
                .execute();
    }

    /** All verdicts of a deployment, oldest window first. */
    public List<Judgement> all(String deployment) {
        return database.dsl()
                .selectFrom(MONITOR_JUDGEMENT)
                .where(MONITOR_JUDGEMENT.DEPLOYMENT.eq(deployment))
                .orderBy(
                        MONITOR_JUDGEMENT.WINDOW_START,
                        MONITOR_JUDGEMENT.WINDOW_END,
                        MONITOR_JUDGEMENT.VERSION,
                        MONITOR_JUDGEMENT.CLAUSE)
                .fetch(JudgementStore::judgement);
    }

    /** The newest verdict of a leading version on a clause that says something; asked for thousands at a time. */
    public Optional<Verdict> newest(String deployment, Clause clause) {
        String sql = "select verdict from monitor_judgement where deployment = ? and clause = ? and is_leading = 1"
                + " and verdict <> 'INSUFFICIENT' order by window_start desc, judged_at desc limit 1";
        return database.jdbc(sql, statement -> {
            statement.setString(1, deployment);
            statement.setString(2, clause.text());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(Verdict.valueOf(row.getString(1))) : Optional.empty();
            }
        });
    }

    /** The newest verdicts of leading versions on a clause that say something, newest window first. */
    public List<Judgement> leading(String deployment, Clause clause, int limit) {
        return database.dsl()
                .selectFrom(MONITOR_JUDGEMENT)
                .where(MONITOR_JUDGEMENT.DEPLOYMENT.eq(deployment))
                .and(MONITOR_JUDGEMENT.CLAUSE.eq(clause.text()))
                .and(MONITOR_JUDGEMENT.IS_LEADING.eq(1))
                .and(MONITOR_JUDGEMENT.VERDICT.ne(Verdict.INSUFFICIENT.name()))
                .orderBy(MONITOR_JUDGEMENT.WINDOW_START.desc(), MONITOR_JUDGEMENT.JUDGED_AT.desc())
                .limit(limit)
                .fetch(JudgementStore::judgement);
    }

    /** What each clause's newest window of a leading version measured, of all deployments. */
    public List<Judgement.Measured> newest() {
        var newest = new LinkedHashMap<String, Judgement.Measured>();
        database.dsl()
                .select(
                        MONITOR_JUDGEMENT.DEPLOYMENT,
                        MONITOR_JUDGEMENT.CLAUSE,
                        MONITOR_JUDGEMENT.METHOD,
                        MONITOR_JUDGEMENT.MEASURED,
                        MONITOR_JUDGEMENT.THRESHOLD)
                .from(MONITOR_JUDGEMENT)
                .where(MONITOR_JUDGEMENT.IS_LEADING.eq(1))
                .and(MONITOR_JUDGEMENT.MEASURED.isNotNull())
                .orderBy(MONITOR_JUDGEMENT.WINDOW_START, MONITOR_JUDGEMENT.JUDGED_AT)
                .forEach(row -> newest.put(
                        row.value1() + "|" + row.value2(),
                        new Judgement.Measured(row.value1(), row.value2(), row.value3(), row.value4(), row.value5())));
        return List.copyOf(newest.values());
    }

    private static Judgement judgement(Record row) {
        return new Judgement(
                row.get(MONITOR_JUDGEMENT.DEPLOYMENT),
                row.get(MONITOR_JUDGEMENT.VERSION),
                new Window(row.get(MONITOR_JUDGEMENT.WINDOW_START), row.get(MONITOR_JUDGEMENT.WINDOW_END)),
                Clause.of(row.get(MONITOR_JUDGEMENT.CLAUSE)),
                Verdict.valueOf(row.get(MONITOR_JUDGEMENT.VERDICT)),
                row.get(MONITOR_JUDGEMENT.IS_LEADING) == 1,
                row.get(MONITOR_JUDGEMENT.METHOD),
                Optional.ofNullable(row.get(MONITOR_JUDGEMENT.MEASURED)).orElse(Double.NaN),
                row.get(MONITOR_JUDGEMENT.THRESHOLD),
                row.get(MONITOR_JUDGEMENT.ROW_COUNT),
                row.get(MONITOR_JUDGEMENT.NOTE),
                Json.parse(row.get(MONITOR_JUDGEMENT.DETAILS)),
                row.get(MONITOR_JUDGEMENT.JUDGED_AT));
    }
}
