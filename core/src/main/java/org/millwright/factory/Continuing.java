package org.millwright.factory;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.millwright.identity.Actor;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;
import org.millwright.monitor.Clause;
import org.millwright.monitor.Retraining;
import org.millwright.monitor.Retrainings;
import org.millwright.pipeline.Parameter;
import org.millwright.pipeline.PipelineRun;
import org.millwright.pipeline.PipelineRuns;
import org.millwright.pipeline.RunStatus;
import org.millwright.project.Project;
import org.millwright.project.ProjectFile;
import org.millwright.project.Projects;

/**
 * From a broken clause to training again, when the agreement says so.
 *
 * <p>The run is that of the project's newest run of the agreed pipeline that came to its end under the project file in force,
 * with the data's last month as parameter {@code through}. Its cause is the alert, by which it is found again after a crash,
 * so that an alert never starts two.
 */
public final class Continuing {
    private static final String THROUGH = "through";
    private static final int LOOKED_AT = 200;
    /** A gate that kept the champion is no reason against the files. */
    private static final Set<RunStatus> COMPLETE = EnumSet.of(RunStatus.SUCCEEDED, RunStatus.REFUSED);

    private final Retrainings retrainings;
    private final PipelineRuns runs;
    private final Projects projects;
    private final Function<String, Optional<String>> champions;

    /** @param champions the version that a deployment has in production */
    public Continuing(
            Retrainings retrainings,
            PipelineRuns runs,
            Projects projects,
            Function<String, Optional<String>> champions) {
        this.retrainings = retrainings;
        this.runs = runs;
        this.projects = projects;
        this.champions = champions;
    }

    /** Names the reactions of this file. */
    public void register(Outbox outbox) {
        outbox.on("window.judged", this::judged).on("alert.raised", this::consider);
    }

    /** A further broken window under an open alert asks the question anew. */
    private void judged(Entry entry) {
        if (entry.details().path("verdict").asText().equals("broken")
                && entry.details().path("leading").asBoolean()) {
            consider(entry);
        }
    }

    private void consider(Entry entry) {
        Clause clause = Clause.of(entry.details().path("clause").asText());
        entry.subjects().stream()
                .filter(subject -> subject.startsWith("deployment:"))
                .map(subject -> subject.substring("deployment:".length()))
                .findFirst()
                .flatMap(deployment -> retrainings.question(deployment, clause, champions.apply(deployment)))
                .ifPresent(this::answer);
    }

    private void answer(Retrainings.Question asked) {
        List<PipelineRun> known = asked.agreed()
                .map(rule -> runs.list(Optional.of(asked.alert().project()), Optional.of(rule.pipeline()), LOOKED_AT))
                .orElse(List.of());
        Optional<PipelineRun> started = known.stream()
                .filter(run -> run.cause().equals(asked.alert().ref()))
                .filter(run -> month(asked).equals(run.parameters().get(THROUGH)))
                .findFirst();
        if (started.isPresent()) {
            retrainings.decided(asked, Retrainings.TRAIN, "the agreement's rule", started.map(PipelineRun::id));
            return;
        }
        boolean running = known.stream()
                .anyMatch(run -> !run.status().ended() && !run.cause().isEmpty());
        switch (asked.decide(running)) {
            case Retraining.Decision.Wait wait ->
                retrainings.decided(asked, wait.code(), wait.reason(), Optional.empty());
            case Retraining.Decision.Train train -> train(asked, train, known);
        }
    }

    private void train(Retrainings.Question question, Retraining.Decision.Train train, List<PipelineRun> known) {
        Optional<String> inForce = projects.find(question.alert().project()).flatMap(Project::approved);
        Optional<PipelineRun> model = known.stream()
                .filter(run -> COMPLETE.contains(run.status()))
                .filter(run -> inForce.equals(Optional.of(run.projectFile())))
                .findFirst();
        if (model.isEmpty()) {
            retrainings.decided(
                    question,
                    "no-run",
                    "Pipeline " + train.pipeline() + " has no run under the approved " + ProjectFile.FILE
                            + " to repeat on newer data",
                    Optional.empty());
            return;
        }
        try {
            PipelineRun run = runs.start(
                    Actor.SYSTEM,
                    new PipelineRuns.Request(
                            question.alert().project(),
                            train.pipeline(),
                            parameters(model.get(), question),
                            model.get().sourceId(),
                            false,
                            question.alert().ref()));
            retrainings.decided(question, Retrainings.TRAIN, train.reason(), Optional.of(run.id()));
        } catch (Problem.Conflict | Problem.Invalid | Problem.Denied | Problem.NotFound e) {
            retrainings.decided(question, "refused", String.valueOf(e.getMessage()), Optional.empty());
        }
    }

    private Map<String, String> parameters(PipelineRun model, Retrainings.Question question) {
        var parameters = new TreeMap<>(model.parameters());
        runs.pipeline(model).parameters().stream()
                .filter(parameter -> parameter.name().equals(THROUGH) && parameter.type() == Parameter.Type.MONTH)
                .forEach(parameter -> parameters.put(THROUGH, month(question)));
        return parameters;
    }

    /** The last month that has data before the end. */
    private static String month(Retrainings.Question question) {
        return YearMonth.from(Instant.ofEpochMilli(question.dataEnd() - 1).atZone(ZoneOffset.UTC))
                .toString();
    }
}
