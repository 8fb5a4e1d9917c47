package org.millwright.monitor;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.ledger.Ledger;
import org.millwright.project.Agreement;
import org.millwright.project.Project;
import org.millwright.project.Projects;
import org.millwright.scoring.profile.Reference;

/** Asks of an open alert whether to train again, and keeps what was decided: once an alert and end of data. */
public final class Retrainings {
    /** What stands for a started run in {@link Decided#decision()}; otherwise it is the reason's code. */
    public static final String TRAIN = "train";

    private final Database database;
    private final Ledger ledger;
    private final Projects projects;
    private final References references;
    private final Clock clock;
    private final MonitorStore store;
    private final PredictionStore predictions;
    private final JudgementStore judgements;
    private final AlertStore alerts;

    public Retrainings(Database database, Ledger ledger, Projects projects, References references, Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.projects = projects;
        this.references = references;
        this.clock = clock;
        this.store = new MonitorStore(database);
        this.predictions = new PredictionStore(database);
        this.judgements = new JudgementStore(database);
        this.alerts = new AlertStore(database);
    }

    /**
     * What was decided about an alert.
     *
     * @param dataEnd event time up to which there was data, milliseconds since the epoch
     * @param decision {@link #TRAIN}, or why not: see {@link Retraining.Decision.Wait#code()}
     * @param run that was started
     */
    public record Decided(
            String alertId,
            String deployment,
            long dataEnd,
            String decision,
            String reason,
            Optional<String> run,
            long at) {}

    /** An open alert about which nothing is decided yet for the newest broken window. */
    public record Question(Alert alert, long dataEnd, Optional<Agreement.Retrain> agreed, Retraining.Facts facts) {
        /** @param running whether a retraining of the project runs now */
        public Retraining.Decision decide(boolean running) {
            return Retraining.decide(agreed, running ? facts.whileRunning() : facts);
        }
    }

    /**
     * The question that the deployment's clause raises, if any.
     *
     * @param champion version in production; empty to take the one that answered most of the newest window
     */
    public Optional<Question> question(String deployment, Clause clause, Optional<String> champion) {
        return database.read(() -> {
            Optional<Alert> alert = alerts.open(deployment, clause);
            Optional<Watched> watched = store.find(deployment);
            Optional<Agreement> agreement = watched.flatMap(found -> projects.agreement(found.project()));
            if (alert.isEmpty() || agreement.isEmpty()) {
                return Optional.empty();
            }
            int depth =
                    agreement.get().retrain().map(Agreement.Retrain::windows).orElse(1);
            List<Judgement> newest = judgements.leading(deployment, clause, depth);
            if (newest.isEmpty() || newest.getFirst().verdict() != Verdict.BROKEN) {
                return Optional.empty();
            }
            long dataEnd = newest.getFirst().window().end();
            List<Decided> before = alerts.decisions(deployment);
            boolean decided = before.stream()
                    .anyMatch(done -> done.alertId().equals(alert.get().id()) && done.dataEnd() == dataEnd);
            return decided
                    ? Optional.<Question>empty()
                    : Optional.of(question(alert.get(), agreement.get(), newest, before, champion));
        });
    }

    private Question question(
            Alert alert, Agreement agreement, List<Judgement> newest, List<Decided> before, Optional<String> champion) {
        String version = champion.orElse(newest.getFirst().version());
        long trained =
                references.of(alert.deployment(), version).map(Reference::to).orElse(0L);
        long last = before.stream()
                .filter(done -> done.decision().equals(TRAIN))
                .mapToLong(Decided::dataEnd)
                .max()
                .orElse(0);
        long since = Math.max(trained, last);
        var facts = new Retraining.Facts(
                alert.clause(), newest, version, since, predictions.labelsFrom(alert.deployment(), since), false);
        return new Question(alert, newest.getFirst().window().end(), agreement.retrain(), facts);
    }

    /** Keeps what was decided, with the run that was started; a second time changes nothing. */
    public void decided(Question question, String decision, String reason, Optional<String> run) {
        Alert alert = question.alert();
        database.write(() -> {
            var decided = new Decided(
                    alert.id(), alert.deployment(), question.dataEnd(), decision, reason, run, clock.millis());
            if (alerts.insert(decided)) {
                var details = Json.object()
                        .put("decision", decision)
                        .put("reason", reason)
                        .put("dataEnd", question.dataEnd());
                run.ifPresent(id -> details.put("run", id));
                ledger.append(
                        Actor.SYSTEM,
                        "alert.retraining-decided",
                        List.of(
                                alert.ref(),
                                "deployment:" + alert.deployment(),
                                alert.modelRef(),
                                Project.ref(alert.project())),
                        details);
            }
        });
    }

    /** Decisions about a deployment, newest data first. */
    public List<Decided> of(String deployment) {
        return database.read(() -> alerts.decisions(deployment));
    }
}
