package org.millwright.pipeline.steps;

import static org.millwright.pipeline.StepKind.may;
import static org.millwright.pipeline.StepKind.need;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.millwright.dataset.TableEngine;
import org.millwright.environment.Environment;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.pipeline.Output;
import org.millwright.pipeline.OutputType;
import org.millwright.pipeline.StepContext;
import org.millwright.pipeline.StepKind;
import org.millwright.pipeline.StepRunner;
import org.millwright.pipeline.Trees;
import org.millwright.scoring.metrics.RegressionMetrics;
import org.millwright.scoring.onnx.OnnxModel;

/**
 * Steps of kind {@code evaluate}: the model on rows it has not seen, overall and by slice, against always predicting the
 * mean training label and against the version in production on the same rows.
 */
public final class EvaluateStep implements StepRunner {
    private static final StepKind KIND = new StepKind(
            "evaluate",
            1,
            List.of(
                    need("model", StepKind.Form.REFERENCE),
                    need("data", StepKind.Form.REFERENCE),
                    need("reference", StepKind.Form.REFERENCE),
                    may("slices", StepKind.Form.DATA)),
            Map.of("evaluation", OutputType.JSON, "predictions", OutputType.TABLE),
            true,
            true);

    private final Python python;
    private final HelperScripts scripts;
    private final TableEngine tables;
    private final Champions champions;
    private final Trees trees;

    public EvaluateStep(Python python, HelperScripts scripts, TableEngine tables, Champions champions, Trees trees) {
        this.python = python;
        this.scripts = scripts;
        this.tables = tables;
        this.champions = champions;
        this.trees = trees;
    }

    @Override
    public StepKind kind() {
        return KIND;
    }

    @Override
    public void prepare() {
        OnnxModel.prepare();
    }

    @Override
    public Map<String, String> alsoKeyedBy(StepContext context) {
        var parts = new TreeMap<String, String>();
        parts.put("environment", python.environment(context).id());
        parts.put("scripts", scripts.digest());
        parts.put("label", context.project().model().label());
        champions
                .current(context.project().model().name())
                .ifPresent(champion -> parts.put("champion", champion.version() + " " + champion.digest()));
        return parts;
    }

    @Override
    public Result run(StepContext context) {
        if (!context.project().model().task().equals("regression")) {
            throw new Problem.Invalid(
                    "evaluate measures regression, the project's task is "
                            + context.project().model().task(),
                    "Set model.task: regression in millwright.yaml.");
        }
        var workspace = new Workspace(context, trees);
        Path data = workspace.input("data", context.input("data"));
        Path predicted = predict(context, workspace, data);
        var columns = new Predictions(tables);
        String label = context.project().model().label();
        double[] truth = columns.column(data, label);
        double[] prediction = columns.column(predicted, "prediction");
        double baseline = Arrays.stream(
                        columns.column(trees.single(context.input("reference").digest()), label))
                .filter(Double::isFinite)
                .average()
                .orElseThrow(() -> new Problem.Invalid("The reference has no value in column " + label));
        RegressionMetrics metrics = RegressionMetrics.of(truth, prediction, baseline);
        ObjectNode evaluation = Json.object();
        evaluation.set("metrics", Metrics.json(metrics));
        evaluation.set("baseline", Metrics.baseline(truth, baseline));
        evaluation.set("slices", slices(context, data, truth, prediction, baseline));
        champion(context, data, truth, baseline, evaluation);
        return result(context, evaluation, metrics, predicted);
    }

    private Path predict(StepContext context, Workspace workspace, Path data) {
        Environment environment = python.environment(context);
        Path model = workspace.input("model", context.input("model"));
        Path folder = workspace.folder("scripts");
        scripts.copyTo(folder);
        Path out = workspace.folder("predicted").resolve("predictions.parquet");
        python.run(
                context,
                environment,
                folder,
                List.of(
                        folder.resolve("mw_predict.py").toString(),
                        "--model",
                        model.toString(),
                        "--data",
                        data.toString(),
                        "--out",
                        out.toString(),
                        "--report",
                        folder.resolve("report.json").toString()),
                Map.of());
        return out;
    }

    private ObjectNode slices(StepContext context, Path data, double[] truth, double[] prediction, double baseline) {
        ObjectNode slices = Json.object();
        context.settings().path("slices").forEach(column -> {
            ArrayNode list = slices.putArray(column.asText());
            rows(data, column.asText()).forEach((value, rows) -> {
                double[] y = rows.stream().mapToDouble(row -> truth[row]).toArray();
                double[] p = rows.stream().mapToDouble(row -> prediction[row]).toArray();
                ObjectNode slice = Metrics.json(RegressionMetrics.of(y, p, baseline));
                list.add(slice.put("value", value));
            });
        });
        return slices;
    }

    /** Row numbers by the value of a column. */
    private Map<String, List<Integer>> rows(Path data, String column) {
        var rows = new TreeMap<String, List<Integer>>();
        int[] next = {0};
        tables.read(data, List.of(column), 16_384, frame -> {
            for (int i = 0; i < frame.rows(); i++) {
                Object value = frame.value(0, i);
                rows.computeIfAbsent(value == null ? "" : value.toString(), key -> new java.util.ArrayList<>())
                        .add(next[0]++);
            }
        });
        return rows;
    }

    private void champion(StepContext context, Path data, double[] truth, double baseline, ObjectNode evaluation) {
        Optional<Champions.Champion> found =
                champions.current(context.project().model().name());
        if (found.isEmpty()) {
            evaluation.putNull("champion");
            return;
        }
        try (var model = found.get().load().get()) {
            double[] prediction = new Predictions(tables).whereTaken(model, data);
            ObjectNode json = Metrics.json(RegressionMetrics.of(truth, prediction, baseline));
            evaluation.set("champion", json.put("version", found.get().version()));
        }
    }

    private Result result(StepContext context, ObjectNode evaluation, RegressionMetrics metrics, Path predicted) {
        String digest = trees.artifacts()
                .put(Json.canonical(evaluation).getBytes(StandardCharsets.UTF_8))
                .sha256();
        ObjectNode info = Json.object();
        context.inputs().forEach((name, input) -> info.put(name, input.digest()));
        info.set("metrics", evaluation.get("metrics"));
        info.set("champion", evaluation.get("champion"));
        var outputs = List.of(
                new Output("evaluation", OutputType.JSON, digest, info),
                new Output("predictions", OutputType.TABLE, trees.put(predicted), Json.object()));
        return new Result(outputs, Metrics.sentence(metrics, evaluation.path("champion")));
    }
}
