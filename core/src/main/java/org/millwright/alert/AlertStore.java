package org.millwright.alert;

import static org.millwright.schema.Tables.ALERT;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.millwright.kernel.Database;

/** Alerts, at most one open for each subject and clause. */
final class AlertStore {
    private final Database database;

    AlertStore(Database database) {
        this.database = database;
    }

    /** Saves a new alert; false when the subject's clause has an open one already. */
    boolean insert(Alert alert) {
        return database.dsl()
                        .insertInto(ALERT)
                        .set(ALERT.ID, alert.id())
                        .set(ALERT.SUBJECT, alert.subject().ref())
                        .set(ALERT.DEPLOYMENT, alert.deployment())
                        .set(ALERT.PROJECT, alert.project())
                        .set(ALERT.MODEL, alert.model())
                        .set(ALERT.VERSION, alert.version())
                        .set(ALERT.CLAUSE, alert.clause().text())
                        .set(ALERT.STATE, alert.state().name())
                        .set(ALERT.OPEN_KEY, key(alert.subject(), alert.clause()))
                        .set(ALERT.WINDOW_START, alert.window().start())
                        .set(ALERT.WINDOW_END, alert.window().end())
                        .set(ALERT.METHOD, alert.method())
                        .set(ALERT.MEASURED, alert.measured())
                        .set(ALERT.THRESHOLD, alert.threshold())
                        .set(ALERT.ROW_COUNT, alert.n())
                        .set(ALERT.MESSAGE, alert.message())
                        .set(ALERT.ASSIGNEE, alert.assignee())
                        .set(ALERT.RAISED_AT, alert.raisedAt())
                        .set(ALERT.QUIET, alert.quiet() ? 1 : 0)
                        .onConflict(ALERT.OPEN_KEY)
                        .doNothing()
                        .execute()
                == 1;
    }

    boolean acknowledge(String id, Alert.Decision decision) {
        return database.dsl()
                        .update(ALERT)
                        .set(ALERT.STATE, Alert.State.ACKNOWLEDGED.name())
                        .set(ALERT.ACKNOWLEDGED_BY, decision.by())
                        .set(ALERT.ACKNOWLEDGED_AT, decision.at())
                        .set(ALERT.NOTE, decision.note())
                        .where(ALERT.ID.eq(id).and(ALERT.STATE.eq(Alert.State.OPEN.name())))
                        .execute()
                == 1;
    }

    boolean resolve(String id, Alert.Decision decision) {
        return database.dsl()
                        .update(ALERT)
                        .set(ALERT.STATE, Alert.State.RESOLVED.name())
                        .set(ALERT.OPEN_KEY, (String) null)
                        .set(ALERT.RESOLVED_BY, decision.by())
                        .set(ALERT.RESOLVED_AT, decision.at())
                        .set(ALERT.REASON, decision.note())
                        .where(ALERT.ID.eq(id).and(ALERT.STATE.ne(Alert.State.RESOLVED.name())))
                        .execute()
                == 1;
    }

    /** Makes an open alert one that is told; false when it was already. */
    boolean tell(String id) {
        return database.dsl()
                        .update(ALERT)
                        .set(ALERT.QUIET, 0)
                        .where(ALERT.ID.eq(id).and(ALERT.QUIET.eq(1)).and(ALERT.OPEN_KEY.isNotNull()))
                        .execute()
                == 1;
    }

    Optional<Alert> find(String id) {
        return database.dsl().selectFrom(ALERT).where(ALERT.ID.eq(id)).fetchOptional(AlertStore::alert);
    }

    Optional<Alert> open(Subject subject, Clause clause) {
        return database.dsl()
                .selectFrom(ALERT)
                .where(ALERT.OPEN_KEY.eq(key(subject, clause)))
                .fetchOptional(AlertStore::alert);
    }

    /** The open alerts of a clause, whatever they are about. */
    List<Alert> openOf(Clause clause) {
        return database.dsl()
                .selectFrom(ALERT)
                .where(ALERT.CLAUSE.eq(clause.text()).and(ALERT.OPEN_KEY.isNotNull()))
                .fetch(AlertStore::alert);
    }

    /** Whether there was such an alert, also one that somebody resolved. */
    boolean exists(Alert like) {
        return database.dsl()
                .fetchExists(
                        ALERT,
                        ALERT.SUBJECT
                                .eq(like.subject().ref())
                                .and(ALERT.CLAUSE.eq(like.clause().text()))
                                .and(ALERT.VERSION.eq(like.version()))
                                .and(ALERT.WINDOW_START.eq(like.window().start()))
                                .and(ALERT.THRESHOLD.eq(like.threshold())));
    }

    /** Alerts, newest first. */
    List<Alert> list(Optional<String> deployment, Optional<String> project, boolean openOnly, int limit) {
        Condition which = deployment.map(ALERT.DEPLOYMENT::eq).orElse(DSL.noCondition());
        return database.dsl()
                .selectFrom(ALERT)
                .where(which)
                .and(project.map(ALERT.PROJECT::eq).orElse(DSL.noCondition()))
                .and(openOnly ? ALERT.STATE.ne(Alert.State.RESOLVED.name()) : DSL.noCondition())
                .orderBy(ALERT.RAISED_AT.desc(), ALERT.ID.desc())
                .limit(limit)
                .fetch(AlertStore::alert);
    }

    /** How many that somebody is notified of are open: of a deployment, or of what none feels. */
    Map<Subject, Integer> open() {
        var open = new LinkedHashMap<Subject, Integer>();
        database.dsl()
                .select(ALERT.DEPLOYMENT, ALERT.SUBJECT, DSL.count())
                .from(ALERT)
                .where(ALERT.STATE.ne(Alert.State.RESOLVED.name()).and(ALERT.QUIET.eq(0)))
                .groupBy(ALERT.DEPLOYMENT, ALERT.SUBJECT)
                .forEach(row -> open.merge(
                        row.value1().isEmpty() ? new Subject(row.value2()) : Subject.deployment(row.value1()),
                        row.value3(),
                        Integer::sum));
        return open;
    }

    /** Those that somebody is notified of and that are open, newest first. */
    List<Alert> loud() {
        return database.dsl()
                .selectFrom(ALERT)
                .where(ALERT.STATE.ne(Alert.State.RESOLVED.name()).and(ALERT.QUIET.eq(0)))
                .orderBy(ALERT.RAISED_AT.desc(), ALERT.ID.desc())
                .fetch(AlertStore::alert);
    }

    private static String key(Subject subject, Clause clause) {
        return subject.ref() + "|" + clause.text();
    }

    private static Alert alert(Record row) {
        return new Alert(
                row.get(ALERT.ID),
                new Subject(row.get(ALERT.SUBJECT)),
                row.get(ALERT.DEPLOYMENT),
                row.get(ALERT.PROJECT),
                row.get(ALERT.MODEL),
                row.get(ALERT.VERSION),
                Clause.of(row.get(ALERT.CLAUSE)),
                Alert.State.valueOf(row.get(ALERT.STATE)),
                new Window(row.get(ALERT.WINDOW_START), row.get(ALERT.WINDOW_END)),
                row.get(ALERT.METHOD),
                row.get(ALERT.MEASURED),
                row.get(ALERT.THRESHOLD),
                row.get(ALERT.ROW_COUNT),
                row.get(ALERT.MESSAGE),
                row.get(ALERT.ASSIGNEE),
                row.get(ALERT.RAISED_AT),
                Optional.ofNullable(row.get(ALERT.ACKNOWLEDGED_BY))
                        .map(by -> new Alert.Decision(by, row.get(ALERT.ACKNOWLEDGED_AT), row.get(ALERT.NOTE))),
                Optional.ofNullable(row.get(ALERT.RESOLVED_BY))
                        .map(by -> new Alert.Decision(by, row.get(ALERT.RESOLVED_AT), row.get(ALERT.REASON))),
                row.get(ALERT.QUIET) == 1);
    }
}
