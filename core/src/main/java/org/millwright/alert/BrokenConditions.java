package org.millwright.alert;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.millwright.approval.Condition;
import org.millwright.approval.Conditions;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.ledger.Ledger;
import org.millwright.project.Project;
import org.millwright.serving.Deployment;
import org.millwright.turn.Turns;
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
    private final Conditions conditions;
    private final Supplier<List<Deployment>> deployments;
    private final Users users;
    private final Alerts alerts;
    private final Clock clock;
    private final DayVerdicts verdicts;
    private final Turns turns = new Turns("conditions", TURN, this::turn);

    public BrokenConditions(
            Database database,
            Ledger ledger,
            Conditions conditions,
            Supplier<List<Deployment>> deployments,
            Users users,
            Alerts alerts,
            Clock clock) {
        this.database = database;
        this.conditions = conditions;
        this.deployments = deployments;
        this.users = users;
        this.alerts = alerts;
        this.clock = clock;
        this.verdicts = new DayVerdicts(database, ledger);
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
        boolean wasBroken =
                database.read(() -> verdicts.newest(deployment.name(), clause)).equals(Optional.of(Verdict.BROKEN));
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
        String version = deployment.answering().orElse("");
        verdicts.keep(
                Judgement.ofDay(
                        deployment.name(),
                        version,
                        clause,
                        broken ? Verdict.BROKEN : Verdict.KEPT,
                        clause.kind().text(),
                        Double.NaN,
                        0,
                        0,
                        note,
                        clock.millis()),
                List.of(
                        deployment.ref(),
                        condition.subject(),
                        "approval:" + condition.approval(),
                        Project.ref(deployment.project())));
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

    @Override
    public void close() {
        turns.close();
    }
}
