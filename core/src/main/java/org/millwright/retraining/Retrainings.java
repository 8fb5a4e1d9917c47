package org.millwright.retraining;

import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.alert.Alert;
import org.millwright.alert.Alerts;
import org.millwright.alert.Judgement;
import org.millwright.alert.JudgementStore;
import org.millwright.alert.Verdict;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.ledger.Ledger;
import org.millwright.monitor.Monitor;
import org.millwright.outcome.PredictionStore;
import org.millwright.project.Agreement;
import org.millwright.project.Agreements;
import org.millwright.project.Project;
import org.millwright.project.Projects;
import org.millwright.scoring.profile.Reference;
import org.millwright.window.References;
import org.millwright.window.Watched;

/** Asks whether to train again, of each open alert and of everything else that was agreed, and keeps what was decided. */
public final class Retrainings {
    /** What stands for a started run in {@link Decided#decision()}; otherwise it is the reason's code. */
    public static final String TRAIN = "train";

    private static final String ALERT = "alert:";

    private final Database database;
    private final Ledger ledger;
    private final Projects projects;
    private final Agreements agreements;
    private final References references;
    private final Alerts alerts;
    private final Clock clock;
    private final Monitor monitor;
    private final PredictionStore predictions;
    private final JudgementStore judgements;
    private final RetrainingStore decisions;

    public Retrainings(
            Database database,
            Ledger ledger,
            Projects projects,
            Agreements agreements,
            Monitor monitor,
            References references,
            Alerts alerts,
            Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.projects = projects;
        this.agreements = agreements;
        this.references = references;
        this.alerts = alerts;
        this.clock = clock;
        this.monitor = monitor;
        this.predictions = new PredictionStore(database);
        this.judgements = new JudgementStore(database);
        this.decisions = new RetrainingStore(database);
    }

    /**
     * What was decided on an occasion.
     *
     * @param event {@code alert:ID}, or what else came, such as {@code cron:0 3 * * 1@2026-01-05T03:00:00Z}
     * @param dataEnd event time up to which there was data, milliseconds since the epoch; 0 when unknown
     * @param decision {@link #TRAIN}, or why not: see {@link Retraining.Decision.Wait#code()}
     * @param run that was started
     */
    public record Decided(
            String event,
            String deployment,
            long dataEnd,
            String decision,
            String reason,
            Optional<String> run,
            long at) {
        /** The alert that asked, if one did. */
        public Optional<String> alertId() {
            return event.startsWith(ALERT) ? Optional.of(event.substring(ALERT.length())) : Optional.empty();
        }
    }

    /**
     * What other rooms know.
     *
     * @param champion version in production; empty to take the one that answered most of the newest window
     * @param watching since when the clock is looked at
     */
    public record Surroundings(
            Optional<String> champion,
            Instant watching,
            List<Retraining.Arrived> arrived,
            Optional<Retraining.Arrived> push,
            List<Retraining.Past> past) {
        public Surroundings {
            arrived = List.copyOf(arrived);
            past = List.copyOf(past);
        }
    }

    /**
     * A question that is not settled yet.
     *
     * @param alert that raises it; empty when time, data, labels or files may
     * @param dataEnd end of the window that broke the clause; 0 without an alert
     * @param trained end of the rows that the version in production learnt from; 0 when unknown
     */
    public record Question(
            String project,
            String model,
            String deployment,
            Optional<Alert> alert,
            long dataEnd,
            Optional<Agreement.Retrain> agreed,
            Optional<Retraining.Broken> asked,
            long trained,
            Retraining.Facts facts) {
        /** Parameters of the pipeline that say which rows to learn from; empty when nothing is agreed about it. */
        public Map<String, String> rows(long dataEnd) {
            return agreed.flatMap(Agreement.Retrain::data)
                    .map(data -> data.parameters(dataEnd, trained))
                    .orElse(Map.of());
        }

        public Retraining.Decision decide() {
            return Retraining.decide(agreed, facts, asked);
        }
    }

    /** Names of the project's deployments that have answered something. */
    public List<String> deployments(String project) {
        return monitor.all().stream()
                .filter(watched -> watched.project().equals(project))
                .map(Watched::deployment)
                .toList();
    }

    /** Every question about the deployment: one for each open alert, one for what came otherwise. */
    public List<Question> questions(String project, String deployment, Surroundings around) {
        return database.read(() -> {
            Optional<Agreement> agreement = projects.agreement(project);
            if (agreement.isEmpty()) {
                return List.of();
            }
            String model =
                    projects.file(project).map(file -> file.model().name()).orElse(project);
            List<Decided> before = decisions.of(deployment);
            int depth =
                    agreement.get().retrain().map(Agreement.Retrain::windows).orElse(1);
            Map<Alert, Retraining.Broken> open = broken(deployment, depth, before);
            Retraining.Facts facts = facts(project, deployment, around, before, List.copyOf(open.values()));
            List<Question> questions = new ArrayList<>();
            open.forEach((alert, broken) -> questions.add(new Question(
                    project,
                    model,
                    deployment,
                    Optional.of(alert),
                    broken.newest().getFirst().window().end(),
                    agreement.get().retrain(),
                    Optional.of(broken),
                    trained(deployment, facts.champion()),
                    facts)));
            if (agreement.get().retrain().isPresent()) {
                questions.add(new Question(
                        project,
                        model,
                        deployment,
                        Optional.empty(),
                        0,
                        agreement.get().retrain(),
                        Optional.empty(),
                        trained(deployment, facts.champion()),
                        facts));
            }
            return questions;
        });
    }

    /** Open alerts on clauses whose newest judged window broke them and has started nothing yet. */
    private Map<Alert, Retraining.Broken> broken(String deployment, int depth, List<Decided> before) {
        var open = new java.util.LinkedHashMap<Alert, Retraining.Broken>();
        for (Alert alert : alerts.list(Actor.SYSTEM, Optional.of(deployment), Optional.empty(), true)) {
            List<Judgement> newest = judgements.leading(deployment, alert.clause(), depth);
            if (newest.isEmpty() || newest.getFirst().verdict() != Verdict.BROKEN) {
                continue;
            }
            long end = newest.getFirst().window().end();
            List<Decided> started = before.stream()
                    .filter(done ->
                            done.decision().equals(TRAIN) && done.alertId().equals(Optional.of(alert.id())))
                    .toList();
            if (started.stream().noneMatch(done -> done.dataEnd() == end)) {
                open.put(alert, new Retraining.Broken(alert.clause(), alert.id(), newest, started.size()));
            }
        }
        return open;
    }

    private Retraining.Facts facts(
            String project,
            String deployment,
            Surroundings around,
            List<Decided> before,
            List<Retraining.Broken> broken) {
        Optional<Watched> watched = monitor.find(deployment);
        String version = around.champion()
                .or(() -> broken.stream()
                        .map(each -> each.newest().getFirst().version())
                        .findFirst())
                .orElse("");
        long trained = trained(deployment, version);
        long last = before.stream()
                .filter(done -> done.decision().equals(TRAIN))
                .mapToLong(Decided::dataEnd)
                .max()
                .orElse(0);
        long since = Math.max(trained, last);
        return new Retraining.Facts(
                clock.instant(),
                Instant.ofEpochMilli(agreements
                        .inForce(project)
                        .flatMap(version2 -> version2.settledAt())
                        .orElse(0L)),
                around.watching(),
                broken,
                version,
                since,
                predictions.labelsFrom(deployment, since),
                known(watched, around),
                around.arrived(),
                around.push(),
                fired(before),
                around.past());
    }

    private long trained(String deployment, String version) {
        return version.isEmpty()
                ? 0
                : references.of(deployment, version).map(Reference::to).orElse(0L);
    }

    /** The end of the newest data that came in, else up to where all outcomes are in; 0 when neither is known. */
    private static long known(Optional<Watched> watched, Surroundings around) {
        return around.arrived().stream()
                .mapToLong(Retraining.Arrived::dataEnd)
                .filter(end -> end > 0)
                .max()
                .orElse(watched.map(Watched::labelWatermark).orElse(0L));
    }

    /** The last time of each condition of the calendar that started a run. */
    private static Map<String, Instant> fired(List<Decided> before) {
        var fired = new HashMap<String, Instant>();
        before.stream().filter(done -> done.decision().equals(TRAIN)).forEach(done -> {
            for (String event : done.event().split(" \\+ ", -1)) {
                int at = event.lastIndexOf('@');
                if (event.startsWith("cron:") && at > 0) {
                    time(event.substring(at + 1))
                            .ifPresent(
                                    time -> fired.merge(event.substring(0, at), time, (a, b) -> a.isAfter(b) ? a : b));
                }
            }
        });
        return fired;
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    /** Keeps what was decided, with the run that was started; the same again changes nothing, nor does anything after a run. */
    public void decided(
            Actor by,
            Question question,
            String event,
            long dataEnd,
            String decision,
            String reason,
            Optional<String> run) {
        database.write(() -> {
            var decided = new Decided(event, question.deployment(), dataEnd, decision, reason, run, clock.millis());
            boolean byAlert = question.alert().isPresent();
            if (!decisions.save(decided, byAlert)) {
                return;
            }
            var details = Json.object()
                    .put("decision", decision)
                    .put("reason", reason)
                    .put("event", event)
                    .put("dataEnd", dataEnd);
            run.ifPresent(id -> details.put("run", id));
            List<String> subjects = new ArrayList<>();
            question.alert().ifPresent(alert -> subjects.addAll(List.of(alert.ref(), alert.modelRef())));
            subjects.addAll(List.of("deployment:" + question.deployment(), Project.ref(question.project())));
            ledger.append(
                    by, byAlert ? "alert.retraining-decided" : "deployment.retraining-decided", subjects, details);
            if (decision.equals("gave-up")) {
                failed(
                        question.project(),
                        question.model(),
                        question.deployment(),
                        question.facts().champion(),
                        reason);
            }
        });
    }

    /** Tells who investigates that training again failed or does not help; once while the alert is open. */
    public void failed(String project, String model, String deployment, String version, String reason) {
        alerts.retraining(deployment, project, model, version, reason, projects.investigator(project));
    }

    /** A retraining came to its end: what was told of failed ones is over. */
    public void succeeded(String deployment, String reason) {
        alerts.retrainingEnds(deployment, reason);
    }

    /** Decisions about a deployment of a project that the actor may read, newest first. */
    public List<Decided> of(Actor by, String deployment) {
        monitor.watched(by, deployment);
        return of(deployment);
    }

    List<Decided> of(String deployment) {
        return database.read(() -> decisions.of(deployment));
    }
}
