package org.millwright.pipeline.steps;

import static org.millwright.pipeline.StepKind.need;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.millwright.dataset.TableEngine;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.pipeline.Output;
import org.millwright.pipeline.OutputType;
import org.millwright.pipeline.StepContext;
import org.millwright.pipeline.StepKind;
import org.millwright.pipeline.StepRunner;
import org.millwright.pipeline.Trees;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.onnx.OnnxModel;

/** Steps of kind {@code batch-score}: the version in production predicts every row; each row carries model and version. */
public final class BatchScoreStep implements StepRunner {
    private static final StepKind KIND = new StepKind(
            "batch-score",
            2,
            List.of(need("model", StepKind.Form.TEXT), need("data", StepKind.Form.REFERENCE)),
            Map.of("scores", OutputType.TABLE),
            true,
            false);

    private final Champions champions;
    private final TableEngine tables;
    private final Trees trees;

    public BatchScoreStep(Champions champions, TableEngine tables, Trees trees) {
        this.champions = champions;
        this.tables = tables;
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
        Champions.Champion champion = champion(context);
        return Map.of("version", champion.version() + " " + champion.digest());
    }

    private Champions.Champion champion(StepContext context) {
        String model = context.step().text("model");
        return champions
                .current(model)
                .orElseThrow(() -> new Problem.Conflict(
                        "No version of model " + model + " is in production", "mw release " + model + "/VERSION"));
    }

    @Override
    public Result run(StepContext context) {
        Champions.Champion champion = champion(context);
        Path data = trees.single(context.input("data").digest());
        Path target = new Workspace(context, trees).folder("scored").resolve("scores.parquet");
        Frame predictions;
        long start = System.nanoTime();
        try (var model = champion.load().get()) {
            predictions = new Predictions(tables).of(model, data);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        Frame more = named(predictions);
        String name = context.step().text("model");
        tables.extend(data, more, Map.of("model", name, "model_version", champion.version()), target);
        var info = Json.object()
                .put("rows", predictions.rows())
                .put("model", name)
                .put("version", champion.version())
                .put("bundle", champion.digest());
        return new Result(
                List.of(new Output("scores", OutputType.TABLE, trees.put(target), info)),
                String.format(
                        Locale.ROOT,
                        "%d rows scored by %s/%s, %.0f a second",
                        predictions.rows(),
                        name,
                        champion.version(),
                        predictions.rows() / Math.max(seconds, 1e-6)));
    }

    /** The first output as {@code prediction}, further ones, such as probabilities, as {@code prediction_NAME}. */
    private static Frame named(Frame predictions) {
        Frame.Builder named = Frame.of(predictions.rows());
        for (int i = 0; i < predictions.width(); i++) {
            String name = i == 0 ? "prediction" : "prediction_" + predictions.name(i);
            DataType type = predictions.type(i).isReal() ? DataType.DOUBLE : predictions.type(i);
            named.column(name, type, predictions.column(i));
        }
        return named.build();
    }
}
