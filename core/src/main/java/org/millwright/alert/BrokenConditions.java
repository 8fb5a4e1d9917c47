package org.millwright.alert;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.millwright.approval.Condition;
import org.millwright.approval.Conditions;
import org.millwright.identity.Actor;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.ledger.Ledger;
import org.millwright.project.Project;
import org.millwright.serving.Deployment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges the conditions that approvals were given under on the versions that are in production, and tells whoever granted
 * them of one that is broken. A verdict is recorded when it changes, so an alert that somebody ended by hand stays ended.
 */
public final class BrokenConditions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BrokenConditions.class);
    private static final Duration TURN = Duration.ofMinutes(10);
    private static final int LONGEST = 300;

    private final Database database;
    private final Ledger ledger;
    private final Conditions conditions;
    private final Supplier<List<Deployment>> deployments;
    private final Users users;
    private final Alerts alerts;
    private final Clock clock;
    private final JudgementStore judgements;
    private final Thread turns = Thread.ofVirtual().name("conditions").unstarted(this::loop);
    private volatile boolean closed;

    public BrokenConditions(
            Database database,
            Ledger ledger,
            Conditions conditions,
            Supplier<List<Deployment>> deployments,
            Users users,
            Alerts alerts,
            Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.conditions = conditions;
        this.deployments = deployments;
        this.users = users;
        this.alerts = alerts;
        this.clock = clock;
        this.judgements = new JudgementStore(database);
    }

    /** From now on looks by itself. */
    public void start() {
        turns.start();
    }

    /** Looks at everything in production now. */
    public synchronized void turn() {
        for (Deployment deployment : deployments.get()) {
            for (Condition condition : conditions.of(deployment.model())) {
                try {
                    look(deployment, condition);
                } catch (RuntimeException e) {
                    LOG.warn("Condition {} cannot be judged; it will be tried again", condition.id(), e);
                }
            }
        }
    }

    private void look(Deployment deployment, Condition condition) {
        var clause = new Clause(Clause.Kind.CONDITION.text() + ":" + condition.id());
        Optional<String> fault = deployment
                .answering()
                .flatMap(version -> conditions.fault(condition, "model:" + deployment.model() + "/" + version));
        boolean wasBroken = database.read(() -> judgements.leading(deployment.name(), clause, 1)).stream()
                .anyMatch(last -> last.verdict() == Verdict.BROKEN);
        if (fault.isPresent() == wasBroken) {
            return;
        }
        String note = fault.map(why -> "the approval's condition “" + cut(condition.text()) + "”, which "
                        + users.nameOf(condition.setBy()) + " set and which was due on " + day(condition)
                        + ", is broken: "
                        + why + ". Make it so, or have an approver say that it is met: mw approve meet "
                        + condition.id() + " --note …")
                .orElse(condition.met().isPresent() ? "the condition was called met" : "the condition is kept");
        database.write(() -> record(deployment, clause, condition, fault.isPresent(), note));
    }

    private void record(Deployment deployment, Clause clause, Condition condition, boolean broken, String note) {
        long now = clock.millis();
        String version = deployment.answering().orElse("");
        Verdict verdict = broken ? Verdict.BROKEN : Verdict.KEPT;
        judgements.replace(new Judgement(
                deployment.name(),
                version,
                WindowKind.DAY.at(now),
                clause,
                verdict,
                true,
                clause.kind().text(),
                Double.NaN,
                0,
                0,
                note,
                Json.object(),
                now));
        ledger.append(
                Actor.SYSTEM,
                "clause.judged",
                List.of(
                        deployment.ref(),
                        condition.subject(),
                        "approval:" + condition.approval(),
                        Project.ref(deployment.project())),
                Json.object()
                        .put("clause", clause.text())
                        .put("version", version)
                        .put("verdict", verdict.text())
                        .put("note", note));
        if (broken) {
            String what = deployment.model() + "/" + version + " serves, and " + note;
            var target = new Alerts.Target(deployment.name(), deployment.project(), deployment.model(), version);
            alerts.doubt(clause, target, what, users.nameOf(condition.setBy()));
        } else {
            alerts.doubtEnds(clause, deployment.name(), note);
        }
    }

    private static String day(Condition condition) {
        return Instant.ofEpochMilli(condition.dueAt() - 1)
                .atOffset(ZoneOffset.UTC)
                .toLocalDate()
                .toString();
    }

    private static String cut(String text) {
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    }

    private void loop() {
        while (!closed) {
            try {
                turn();
            } catch (RuntimeException e) {
                LOG.warn("Looking at conditions failed; it will be tried again", e);
            }
            LockSupport.parkNanos(this, TURN.toNanos());
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(turns);
    }
}
