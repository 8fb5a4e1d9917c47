package org.millwright.alert;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.millwright.project.Agreement;

/** Broken clauses that someone has to look after: at most one open for each subject and clause. */
public final class Alerts {
    private static final int MOST = 1_000;

    private final Database database;
    private final Ledger ledger;
    private final Access access;
    private final Clock clock;
    private final Ids ids;
    private final AlertStore store;
    private final JudgementStore judgements;

    public Alerts(Database database, Ledger ledger, Access access, Clock clock, Ids ids) {
        this.database = database;
        this.ledger = ledger;
        this.access = access;
        this.clock = clock;
        this.ids = ids;
        this.store = new AlertStore(database);
        this.judgements = new JudgementStore(database);
    }

    /** What the actor may read, newest first; all deployments and projects unless named. */
    public List<Alert> list(Actor by, Optional<String> deployment, Optional<String> project, boolean openOnly) {
        return database.read(() -> store.list(deployment, project, openOnly, MOST)).stream()
                .filter(alert -> access.allows(by, Permission.READ, Optional.of(alert.project())))
                .toList();
    }

    /** How many that somebody is notified of are open: of a deployment, or of what none feels. */
    public Map<Subject, Integer> open() {
        return database.read(store::open);
    }

    /** Those that somebody is notified of and that are open, by deployment, newest first. */
    public Map<String, List<Alert>> loud() {
        return database.read(store::loud).stream().collect(Collectors.groupingBy(Alert::deployment));
    }

    /** The alert, of a project that the actor may read. */
    public Alert get(Actor by, String id) {
        Alert found = get(id);
        access.require(by, Permission.READ, found.project());
        return found;
    }

    private Alert get(String id) {
        return database.read(() -> store.find(id))
                .orElseThrow(() -> new Problem.NotFound("No alert " + id, "mw alert list"));
    }

    /** Says that someone looks after it; a second time changes nothing. */
    public Alert acknowledge(Actor by, String id, String note) {
        Alert alert = get(id);
        access.require(by, Permission.ACKNOWLEDGE, alert.project());
        return database.write(() -> {
            if (store.acknowledge(id, new Alert.Decision(by.id(), clock.millis(), note))) {
                ledger.append(
                        by,
                        "alert.acknowledged",
                        alert.subjects(),
                        Json.object().put("note", note));
            } else if (!get(id).isOpen()) {
                throw new Problem.Conflict("Alert " + id + " is resolved", "mw alert list");
            }
            return get(id);
        });
    }

    /** Ends an alert by hand; the next broken window raises a new one. */
    public Alert resolve(Actor by, String id, String reason) {
        Alert alert = get(id);
        access.require(by, Permission.ACKNOWLEDGE, alert.project());
        if (reason.isBlank()) {
            throw new Problem.Invalid("Say why the alert is over", "Add a reason.");
        }
        return database.write(() -> {
            if (!end(by, alert, reason)) {
                throw new Problem.Conflict("Alert " + id + " is resolved already", "mw alert list");
            }
            return get(id);
        });
    }

    /** Raises or ends the clause's alert after a verdict, in the transaction of the verdict. */
    public void judged(Target watched, Judgement judgement, Agreement agreement) {
        if (!judgement.leading()) {
            return;
        }
        AlertMachine.Rule rule = AlertMachine.Rule.of(agreement);
        Optional<Alert> open = store.open(watched.subject(), judgement.clause());
        List<Judgement> newest =
                judgements.leading(watched.deployment(), judgement.clause(), Math.max(rule.of(), rule.keptToResolve()));
        switch (AlertMachine.step(open, newest, rule)) {
            case RAISE -> raise(watched, newest.getFirst(), agreement, isQuiet(watched, newest.getFirst()));
            case RESOLVE -> {
                String kept = "kept in " + rule.keptToResolve() + " windows in a row, up to "
                        + newest.getFirst().window().label();
                end(Actor.SYSTEM, open.orElseThrow(), kept);
                retrainingEnds(watched.deployment(), judgement.clause() + " is " + kept);
            }
            case NOTHING -> {}
        }
    }

    /**
     * Raises the alert about a certificate that ends, once for each time ahead, and ends the one that no longer holds.
     *
     * @param due what there is to tell; empty when no certificate of the deployment ends soon
     */
    void expiring(String deployment, Optional<Alert> due) {
        due(
                Subject.deployment(deployment),
                Clause.CERTIFICATE,
                due,
                "its certificate was renewed, or the version serves no more");
    }

    /** The same about a review that is late. */
    void reviewLate(Subject subject, Optional<Alert> due) {
        due(subject, Clause.REVIEW, due, "the project was reviewed, or is over");
    }

    private void due(Subject subject, Clause clause, Optional<Alert> due, String over) {
        database.write(() -> {
            store.open(subject, clause)
                    .filter(open -> due.filter(now -> isSame(open, now)).isEmpty())
                    .ifPresent(open ->
                            end(Actor.SYSTEM, open, due.map(Alert::message).orElse(over)));
            due.filter(alert -> !store.exists(alert)).ifPresent(this::raise);
        });
    }

    /** Raises the alert that training again failed or does not help, unless it is open. */
    public void retraining(
            String deployment, String project, String model, String version, String message, String investigate) {
        var of = new Target(deployment, project, model, version);
        Alert alert = said(of.subject(), of, Clause.RETRAINING, "retraining", 0, message, investigate);
        database.write(() -> raise(alert));
    }

    private Alert said(
            Subject subject, Target of, Clause clause, String method, int stage, String message, String investigate) {
        return Alert.said(ids.next(), subject, of, clause, method, stage, message, investigate, clock.millis());
    }

    /**
     * A decision that people owe.
     *
     * @param key reference of what waits, such as {@code approval:…}
     * @param of what it is felt at, as far as there is something
     * @param investigate user name of who owns the project
     * @param stage how far it is from being too late: 2 half-way, 1 on the last day, 0 and less when an emergency went round it
     */
    public record Asked(String key, Subject subject, Target of, String investigate, int stage) {}

    /** Raises the alert about a decision that is due; the one of an earlier stage ends. */
    public void decisionDue(Asked asked, String message) {
        Alert alert = said(
                asked.subject(),
                asked.of(),
                decision(asked.key()),
                "decision",
                asked.stage(),
                message,
                asked.investigate());
        database.write(() -> {
            store.open(asked.subject(), alert.clause())
                    .filter(open -> open.threshold() != asked.stage())
                    .ifPresent(open -> end(Actor.SYSTEM, open, "it is more urgent now"));
            raise(alert);
        });
    }

    /** Ends the alerts about a decision. */
    public void decisionEnds(String key, String reason) {
        database.write(() -> store.openOf(decision(key)).forEach(open -> end(Actor.SYSTEM, open, reason)));
    }

    private static Clause decision(String key) {
        return new Clause(Clause.Kind.DECISION.text() + ":" + key);
    }

    public void retrainingEnds(String deployment, String reason) {
        database.write(() -> store.open(Subject.deployment(deployment), Clause.RETRAINING)
                .ifPresent(open -> end(Actor.SYSTEM, open, reason)));
    }

    /**
     * Raises the alert of a clause that no figure speaks for, unless it is open.
     *
     * @param investigate who is to look after it
     */
    public void doubt(Clause clause, Target of, String message, String investigate) {
        Alert alert = said(of.subject(), of, clause, clause.text(), 0, message, investigate);
        database.write(() -> raise(alert));
    }

    /** Where an alert is felt; each "" where there is nothing of the kind. */
    public record Target(String deployment, String project, String model, String version) {
        /** The deployment. */
        Subject subject() {
            return Subject.deployment(deployment);
        }
    }

    /** Ends the alert of such a clause, if it is open. */
    public void doubtEnds(Clause clause, String deployment, String reason) {
        database.write(() ->
                store.open(Subject.deployment(deployment), clause).ifPresent(open -> end(Actor.SYSTEM, open, reason)));
    }

    private static boolean isSame(Alert open, Alert due) {
        return open.version().equals(due.version())
                && open.window().equals(due.window())
                && open.threshold() == due.threshold();
    }

    private void raise(Alert alert) {
        if (store.insert(alert)) {
            ledger.append(Actor.SYSTEM, "alert.raised", alert.subjects(), details(alert));
        }
    }

    /** Raises or ends the alert of a clause that the clock judges, in the transaction of the verdict. */
    public void checked(Target watched, Judgement judgement, Agreement agreement) {
        if (judgement.verdict() == Verdict.BROKEN) {
            raise(watched, judgement, agreement, false);
        } else {
            store.open(watched.subject(), judgement.clause())
                    .ifPresent(open -> end(Actor.SYSTEM, open, judgement.note()));
        }
    }

    /**
     * Drift of inputs alone is a note, unless a loss was measured or estimated in the same window or is an open alert; so is a
     * loss that is only estimated while the inputs are as in training, as an estimate can but follow inputs that move.
     */
    private boolean isQuiet(Target watched, Judgement broken) {
        return switch (broken.clause().kind()) {
            case DRIFT ->
                store.list(Optional.of(watched.deployment()), Optional.empty(), true, MOST).stream()
                                .noneMatch(alert -> isLoss(alert.clause()))
                        && judged(watched, broken.window())
                                .noneMatch(judgement ->
                                        isLoss(judgement.clause()) && judgement.verdict() == Verdict.BROKEN);
            case ESTIMATE ->
                judged(watched, broken.window())
                        .noneMatch(judgement -> judgement.clause().kind() == Clause.Kind.DRIFT
                                && (judgement.verdict() == Verdict.BROKEN || judgement.verdict() == Verdict.AT_RISK));
            default -> false;
        };
    }

    private Stream<Judgement> judged(Target watched, Window window) {
        return judgements.all(watched.deployment()).stream()
                .filter(judgement -> judgement.leading() && judgement.window().equals(window));
    }

    private static boolean isLoss(Clause clause) {
        return switch (clause.kind()) {
            case PERFORMANCE, ESTIMATE, STOP -> true;
            default -> false;
        };
    }

    private void raise(Target watched, Judgement broken, Agreement agreement, boolean quiet) {
        var alert = new Alert(
                ids.next(),
                watched.subject(),
                watched.deployment(),
                watched.project(),
                watched.model(),
                broken.version(),
                broken.clause(),
                Alert.State.OPEN,
                broken.window(),
                broken.method(),
                broken.measured(),
                broken.threshold(),
                broken.n(),
                message(watched, broken),
                agreement.investigate().who(),
                clock.millis(),
                Optional.empty(),
                Optional.empty(),
                quiet);
        raise(alert);
        if (!quiet && isLoss(broken.clause())) {
            Stream.of(Clause.DRIFT, Clause.MULTIVARIATE)
                    .flatMap(clause -> store.open(watched.subject(), clause).stream())
                    .filter(drift -> store.tell(drift.id()))
                    .forEach(drift -> ledger.append(
                            Actor.SYSTEM,
                            "alert.loss-found",
                            drift.subjects(),
                            Json.object().put("clause", broken.clause().text())));
        }
    }

    private boolean end(Actor by, Alert alert, String reason) {
        boolean ended = store.resolve(alert.id(), new Alert.Decision(by.id(), clock.millis(), reason));
        if (ended) {
            ledger.append(by, "alert.resolved", alert.subjects(), Json.object().put("reason", reason));
        }
        return ended;
    }

    private static String message(Target watched, Judgement broken) {
        return watched.model() + "/" + broken.version() + " in "
                + broken.window().label() + ": " + broken.note();
    }

    private static ObjectNode details(Alert alert) {
        return Json.object()
                .put("clause", alert.clause().text())
                .put("version", alert.version())
                .put("window", alert.window().label())
                .put("windowStart", alert.window().start())
                .put("windowEnd", alert.window().end())
                .put("method", alert.method())
                .put("value", alert.measured())
                .put("threshold", alert.threshold())
                .put("n", alert.n())
                .put("message", alert.message())
                .put("quiet", alert.quiet())
                .put("investigate", alert.assignee());
    }

    /** A figure as people read it: four significant digits. */
    public static String figure(double value) {
        return Double.isFinite(value)
                ? String.format(Locale.ROOT, "%.4g", value)
                        .replaceFirst("(\\.\\d*?)0+$", "$1")
                        .replaceFirst("\\.$", "")
                : "unknown";
    }
}
