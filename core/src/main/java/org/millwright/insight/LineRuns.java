package org.millwright.insight;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.millwright.identity.Actor;
import org.millwright.pipeline.OutputType;
import org.millwright.pipeline.PipelineRun;
import org.millwright.pipeline.RecentRuns;
import org.millwright.pipeline.StepAttempt;
import org.millwright.pipeline.StepStatus;

/** The stations that are steps of a project's runs: what the newest run that has such a step made of it. */
final class LineRuns {
    private static final int RECENT = 40;

    private final RecentRuns runs;

    LineRuns(RecentRuns runs) {
        this.runs = runs;
    }

    /** A run with the newest attempt of each of its steps, in the order of its pipeline. */
    record Told(PipelineRun run, List<StepAttempt> steps) {
        boolean has(String kind) {
            return steps.stream().anyMatch(step -> step.kind().equals(kind));
        }
    }

    /** The newest runs of the project, newest first. */
    List<Told> recent(String project) {
        List<PipelineRun> newest = runs.of(Actor.SYSTEM, project, RECENT);
        Map<String, List<StepAttempt>> steps = runs.steps(newest);
        return newest.stream()
                .map(run -> new Told(run, steps.getOrDefault(run.id(), List.of())))
                .toList();
    }

    static List<Station> stations(List<Told> recent) {
        Optional<Told> acquiring = newest(recent, told -> told.has("ingest"));
        Optional<Told> training = newest(recent, told -> told.has("evaluate") || told.has("register"));
        return List.of(
                station("acquire", acquiring, step -> !step.kind().equals("ingest")),
                station("validate", acquiring, step -> step.kind().equals("ingest")),
                station("features", training, step -> step.kind().equals("sql")),
                station("train", training, LineRuns::trains),
                station("evaluate", training, step -> step.kind().equals("evaluate")),
                station("hand-off", training, step -> step.kind().equals("handoff")),
                station("gate", training, step -> step.kind().equals("gate")));
    }

    static Optional<Told> newest(List<Told> recent, Predicate<Told> wanted) {
        return recent.stream().filter(wanted).findFirst();
    }

    private static boolean trains(StepAttempt step) {
        return step.kind().equals("python")
                && (step.outputs().isEmpty()
                        || step.outputs().stream().anyMatch(output -> output.type() == OutputType.MLFLOW_MODEL));
    }

    private static Station station(String name, Optional<Told> told, Predicate<StepAttempt> wanted) {
        List<StepAttempt> steps = told.stream()
                .flatMap(run -> run.steps().stream())
                .filter(wanted)
                .toList();
        if (steps.isEmpty()) {
            return Station.idle(name);
        }
        StepAttempt telling = steps.stream()
                .filter(step -> !step.status().isDone() && step.status() != StepStatus.WAITING)
                .findFirst()
                .orElse(steps.getLast());
        long at = telling.endedAt()
                .or(telling::startedAt)
                .orElse(told.orElseThrow().run().createdAt());
        return new Station(
                name,
                mood(steps),
                result(telling, steps),
                telling.status() == StepStatus.WAITING ? 0 : at,
                told.orElseThrow().run().ref() + "#" + telling.step());
    }

    private static Station.Mood mood(List<StepAttempt> steps) {
        Set<StepStatus> all = java.util.EnumSet.noneOf(StepStatus.class);
        steps.forEach(step -> all.add(step.status()));
        if (all.contains(StepStatus.FAILED) || all.contains(StepStatus.REFUSED)) {
            return Station.Mood.BAD;
        }
        if (all.contains(StepStatus.RUNNING)) {
            return Station.Mood.LIVE;
        }
        if (all.contains(StepStatus.CANCELLED) || all.contains(StepStatus.LOST)) {
            return Station.Mood.WARN;
        }
        return all.contains(StepStatus.WAITING) ? Station.Mood.IDLE : Station.Mood.OK;
    }

    private static String result(StepAttempt telling, List<StepAttempt> steps) {
        long done = steps.stream().filter(step -> step.status().isDone()).count();
        return switch (telling.status()) {
            case WAITING -> "waits";
            case RUNNING -> steps.size() > 1 ? done + " of " + steps.size() + " done" : "running";
            case FAILED, REFUSED -> telling.status().text();
            case CANCELLED, LOST -> telling.status().text();
            case SUCCEEDED, REUSED -> done(telling, steps, done);
        };
    }

    /** A summary without the id of the tracking run, which the page links to. */
    private static String brief(String summary) {
        int run = summary.indexOf(", MLflow run ");
        return run < 0 ? summary : summary.substring(0, run);
    }

    private static String done(StepAttempt telling, List<StepAttempt> steps, long done) {
        boolean reused = steps.stream().allMatch(step -> step.status() == StepStatus.REUSED);
        if (steps.size() > 1) {
            return done + " of " + steps.size() + (reused ? " reused" : " passed");
        }
        String summary = telling.summary().isEmpty() ? "done" : brief(telling.summary());
        return reused ? "reused · " + summary : summary;
    }
}
