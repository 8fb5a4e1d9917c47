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
import org.millwright.identity.Actor;
import org.millwright.kernel.Problem;
import org.millwright.pipeline.Parameter;
import org.millwright.pipeline.PipelineRun;
import org.millwright.pipeline.PipelineRuns;
import org.millwright.pipeline.Push;
import org.millwright.pipeline.RunStatus;
import org.millwright.pipeline.Sources;
import org.millwright.project.Project;
import org.millwright.project.Projects;
import org.millwright.project.TrainingData;

/**
 * Repeats on newer data the newest run of a pipeline that came to its end under the project file in force: with the same
 * parameters but the data's last month as {@code through}, and the same files unless newer ones were pushed since.
 */
final class Repeats {
    static final String THROUGH = "through";
    /** A gate that kept the champion is no reason against the files. */
    static final Set<RunStatus> COMPLETE = EnumSet.of(RunStatus.SUCCEEDED, RunStatus.REFUSED);

    private static final Set<String> ROWS = Set.of(TrainingData.SINCE, TrainingData.REPLAY);

    private final PipelineRuns runs;
    private final Sources sources;
    private final Projects projects;

    Repeats(PipelineRuns runs, Sources sources, Projects projects) {
        this.runs = runs;
        this.sources = sources;
        this.projects = projects;
    }

    /**
     * Starts a run; empty when there is none to repeat.
     *
     * @param dataEnd event time up to which there is data; 0 to keep the month
     * @param rows parameters that say which rows are learnt from; empty for those that a person's run had
     * @param known runs of the pipeline, newest first
     */
    Optional<PipelineRun> start(
            Actor by,
            String project,
            String pipeline,
            long dataEnd,
            Map<String, String> rows,
            String cause,
            List<PipelineRun> known) {
        Optional<String> inForce = projects.find(project).flatMap(Project::approved);
        Optional<PipelineRun> model = known.stream()
                .filter(run -> COMPLETE.contains(run.status()))
                .filter(run -> inForce.equals(Optional.of(run.projectFile())))
                .findFirst();
        Optional<String> pushed = sources.pushed(project)
                .filter(push -> model.isEmpty() || push.at() > model.get().createdAt())
                .map(Push::sourceId);
        Optional<String> source = pushed.or(() -> model.map(PipelineRun::sourceId));
        return source.map(id -> {
            Map<String, String> parameters = parameters(id, pipeline, model, dataEnd);
            parameters.keySet().removeAll(ROWS);
            parameters.putAll(rows.isEmpty() ? byHand(known, inForce) : takes(id, pipeline, rows));
            return runs.start(by, new PipelineRuns.Request(project, pipeline, parameters, id, false, cause));
        });
    }

    /** The rows that the newest run learnt from which a person started. */
    private static Map<String, String> byHand(List<PipelineRun> known, Optional<String> inForce) {
        var rows = new TreeMap<String, String>();
        known.stream()
                .filter(run -> run.cause().isEmpty() && COMPLETE.contains(run.status()))
                .filter(run -> inForce.equals(Optional.of(run.projectFile())))
                .findFirst()
                .ifPresent(run -> rows.putAll(run.parameters()));
        rows.keySet().retainAll(ROWS);
        return rows;
    }

    /** Training on other rows than agreed would go unnoticed. */
    private Map<String, String> takes(String source, String pipeline, Map<String, String> rows) {
        var known = runs.check(source).get(pipeline).parameters();
        var taken = new TreeMap<>(rows);
        rows.forEach((name, value) -> {
            Parameter.Type type = name.equals(TrainingData.SINCE) ? Parameter.Type.DATE : Parameter.Type.STRING;
            boolean takes =
                    known.stream().anyMatch(parameter -> parameter.name().equals(name) && parameter.type() == type);
            if (!takes && value.equals("0")) {
                taken.remove(name);
            } else if (!takes) {
                throw new Problem.Conflict(
                        "Pipeline " + pipeline + " has no parameter " + name + " of type " + type.text()
                                + ", by which retrain.data of the agreement says what to learn from",
                        "Add it to pipeline.yaml and push, or agree without retrain.data.");
            }
        });
        return taken;
    }

    private Map<String, String> parameters(String source, String pipeline, Optional<PipelineRun> model, long dataEnd) {
        var known = runs.check(source).get(pipeline).parameters();
        var parameters = new TreeMap<String, String>();
        model.ifPresent(run -> run.parameters().forEach((name, value) -> {
            if (known.stream().anyMatch(parameter -> parameter.name().equals(name))) {
                parameters.put(name, value);
            }
        }));
        known.stream()
                .filter(parameter -> parameter.name().equals(THROUGH) && parameter.type() == Parameter.Type.MONTH)
                .filter(parameter -> dataEnd > 0)
                .forEach(parameter -> parameters.put(THROUGH, month(dataEnd)));
        return parameters;
    }

    /** The last month that has data before the end. */
    private static String month(long dataEnd) {
        return YearMonth.from(Instant.ofEpochMilli(dataEnd - 1).atZone(ZoneOffset.UTC))
                .toString();
    }
}
