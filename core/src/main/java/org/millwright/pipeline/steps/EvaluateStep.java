package org.millwright.pipeline.steps;

import static org.millwright.pipeline.StepKind.may;
import static org.millwright.pipeline.StepKind.need;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.millwright.dataset.TableEngine;
import org.millwright.environment.Environment;
import org.millwright.kernel.Json;
import org.millwright.pipeline.Output;
import org.millwright.pipeline.OutputType;
import org.millwright.pipeline.StepContext;
import org.millwright.pipeline.StepKind;
import org.millwright.pipeline.StepRunner;
import org.millwright.pipeline.Trees;
import org.millwright.project.ProjectFile;
import org.millwright.scoring.Frame;
import org.millwright.scoring.onnx.OnnxModel;

/**
 * Steps of kind {@code evaluate}: the model on rows it has not seen, overall and by slice, against what a model without
 * skill would always predict and against the version in production on the same rows.
 */
public final class EvaluateStep implements StepRunner {
    private static final StepKind KIND = new StepKind(
            "evaluate",
            3,
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
        parts.put("task", context.project().model().task());
        parts.put("positive", context.project().model().positive());
        parts.put("time", context.project().model().time());
        parts.put("tolerance", Double.toString(context.project().handOff().tolerance()));
        champions
                .current(context.project().model().name())
                .ifPresent(champion -> parts.put("champion", champion.version() + " " + champion.digest()));
        return parts;
    }

    @Override
    public Result run(StepContext context) throws IOException {
        var workspace = new Workspace(context, trees);
        Path data = workspace.input("data", context.input("data"));
        Predicted predicted = predict(context, workspace, data);
        Measured measured = measured(context, data, predicted);
        ObjectNode evaluation = Json.object();
        ObjectNode metrics = measured.overall();
        measured.describe(evaluation);
        evaluation.set("metrics", metrics);
        evaluation.set("baseline", measured.baseline());
        evaluation.set("slices", slices(context, data, measured));
        evaluation.set("champion", champion(context, data, measured));
        return result(context, evaluation, measured.sentence(metrics, evaluation.path("champion")), predicted.file());
    }

    /**
     * What the original model says of the held-out rows.
     *
     * @param outputs names of the columns with its outputs
     * @param classes that the last of them are probabilities of; empty for all others
     */
    private record Predicted(Path file, List<String> outputs, List<String> classes) {}

    private Measured measured(StepContext context, Path data, Predicted predicted) {
        ProjectFile.ModelSpec model = context.project().model();
        var columns = new Predictions(tables);
        Frame truth = columns.columns(data, List.of(model.label()));
        Frame reference =
                columns.columns(trees.single(context.input("reference").digest()), List.of(model.label()));
        Frame outputs = columns.columns(predicted.file(), predicted.outputs());
        return model.isClassification()
                ? MeasuredClasses.of(model, truth, reference, outputs, predicted.classes())
                : MeasuredNumbers.of(model.label(), truth, reference, outputs);
    }

    private Predicted predict(StepContext context, Workspace workspace, Path data) throws IOException {
        Environment environment = python.environment(context);
        Path model = workspace.input("model", context.input("model"));
        Path folder = workspace.folder("scripts");
        scripts.copyTo(folder);
        Path out = workspace.folder("predicted").resolve("predictions.parquet");
        Path report = folder.resolve("report.json");
        var arguments = new ArrayList<>(List.of(
                folder.resolve("mw_predict.py").toString(),
                "--model",
                model.toString(),
                "--data",
                data.toString(),
                "--out",
                out.toString(),
                "--report",
                report.toString()));
        if (context.project().model().isClassification()) {
            arguments.add("--probabilities");
        }
        python.run(context, environment, folder, arguments, Map.of());
        JsonNode said = Json.parse(Files.readAllBytes(report));
        return new Predicted(out, texts(said.path("outputs")), texts(said.path("classes")));
    }

    private static List<String> texts(JsonNode array) {
        var texts = new ArrayList<String>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private ObjectNode slices(StepContext context, Path data, Measured measured) {
        ObjectNode slices = Json.object();
        context.settings().path("slices").forEach(column -> {
            ArrayNode list = slices.putArray(column.asText());
            rows(data, column.asText())
                    .forEach((value, rows) -> list.add(measured.of(rows).put("value", value)));
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
                rows.computeIfAbsent(value == null ? "" : value.toString(), key -> new ArrayList<>())
                        .add(next[0]++);
            }
        });
        return rows;
    }

    private JsonNode champion(StepContext context, Path data, Measured measured) {
        Optional<Champions.Champion> found =
                champions.current(context.project().model().name());
        if (found.isEmpty()) {
            return Json.object().nullNode();
        }
        try (var model = found.get().load().get()) {
            Frame predictions = new Predictions(tables).whereTaken(model, data);
            long[] days = Days.of(tables, data, context.project().model().time());
            double tolerance = context.project().handOff().tolerance();
            return measured.other(predictions, days, tolerance)
                    .put("version", found.get().version());
        }
    }

    private Result result(StepContext context, ObjectNode evaluation, String sentence, Path predicted) {
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
        return new Result(outputs, sentence);
    }
}
