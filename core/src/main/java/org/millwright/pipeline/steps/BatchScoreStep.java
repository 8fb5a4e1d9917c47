package org.millwright.pipeline.steps;

import static org.millwright.pipeline.StepKind.may;
import static org.millwright.pipeline.StepKind.need;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.millwright.dataset.Column;
import org.millwright.dataset.TableEngine;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.kernel.Yaml;
import org.millwright.pipeline.Output;
import org.millwright.pipeline.OutputType;
import org.millwright.pipeline.StepContext;
import org.millwright.pipeline.StepKind;
import org.millwright.pipeline.StepRunner;
import org.millwright.pipeline.Trees;
import org.millwright.project.ProjectFile;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Signature;
import org.millwright.scoring.onnx.OnnxModel;

/** Steps of kind {@code batch-score}: the version in production predicts every row; each row carries model and version. */
public final class BatchScoreStep implements StepRunner {
    private static final String ROW_ID = "row-id";
    private static final String WATCH = "watch";
    private static final StepKind KIND = new StepKind(
            "batch-score",
            2,
            List.of(
                    need("model", StepKind.Form.TEXT),
                    need("data", StepKind.Form.REFERENCE),
                    may(ROW_ID, StepKind.Form.TEXT),
                    may(WATCH, StepKind.Form.DATA)),
            Map.of("scores", OutputType.TABLE),
            true,
            false);

    private static final int BATCH = 16_384;
    /** Values of rows that are held; of more the rows are read again. */
    private static final long MOST_HELD = 4_000_000;

    private final Champions champions;
    private final TableEngine tables;
    private final Trees trees;
    private final Supplier<Optional<BatchListener>> listener;
    private final Clock clock;

    /** @param listener empty where nothing is monitored */
    public BatchScoreStep(
            Champions champions,
            TableEngine tables,
            Trees trees,
            Supplier<Optional<BatchListener>> listener,
            Clock clock) {
        this.champions = champions;
        this.tables = tables;
        this.trees = trees;
        this.listener = listener;
        this.clock = clock;
    }

    @Override
    public StepKind kind() {
        return KIND;
    }

    @Override
    public void check(Yaml.Value entry) {
        entry.flag(WATCH, true);
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
        Optional<BatchListener> watching =
                listener.get().filter(any -> context.settings().path(WATCH).asBoolean(true));
        Columns columns = columns(context, data);
        Frame predictions;
        Signature signature;
        var held = new Held();
        long start = System.nanoTime();
        try (var model = champion.load().get()) {
            predictions = watching.isPresent()
                    ? new Predictions(tables).of(model, data, columns.named(), held)
                    : new Predictions(tables).of(model, data);
            signature = model.signature();
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
        String digest = trees.put(target);
        watching.ifPresent(any -> tell(
                any.begin(champion.deployment(), champion.version(), context.ref()),
                rows -> read(held, data, signature, columns, rows),
                signature,
                predictions,
                columns));
        return new Result(
                List.of(new Output("scores", OutputType.TABLE, digest, info)),
                String.format(
                        Locale.ROOT,
                        "%d rows scored by %s/%s, %.0f a second%s",
                        predictions.rows(),
                        name,
                        champion.version(),
                        predictions.rows() / Math.max(seconds, 1e-6),
                        watching.isPresent() ? "" : "; not monitored"));
    }

    /** Columns of the data beside the model's inputs; "" for none. */
    private record Columns(String id, String time) {
        List<String> named() {
            return Stream.of(id, time).filter(name -> !name.isEmpty()).toList();
        }
    }

    /** Rows as they were read, while they are few enough to be held until all are scored and the scores are kept. */
    private static final class Held implements Consumer<Frame> {
        private final List<Frame> frames = new ArrayList<>();
        private long values;

        @Override
        public void accept(Frame rows) {
            values += (long) rows.rows() * rows.width();
            if (isAll()) {
                frames.add(rows);
            } else {
                frames.clear();
            }
        }

        boolean isAll() {
            return values <= MOST_HELD;
        }
    }

    /** The columns that the step or the project names, as far as the data has them; one that the step names must be there. */
    private Columns columns(StepContext context, Path data) {
        List<String> names = tables.columns(data).stream().map(Column::name).toList();
        String id = context.step().text(ROW_ID);
        if (!id.isEmpty() && !names.contains(id)) {
            throw new Problem.Invalid(
                    "The data has no column '" + id + "' (it has: " + String.join(", ", names) + ")",
                    "Name the column by which outcomes will be sent, or leave out 'row-id'.");
        }
        ProjectFile.ModelSpec spec = context.project().model();
        String known = id.isEmpty() ? spec.id() : id;
        return new Columns(names.contains(known) ? known : "", names.contains(spec.time()) ? spec.time() : "");
    }

    /** All rows again: those held, or read a second time where they were too many to be. */
    private void read(Held held, Path data, Signature signature, Columns more, Consumer<Frame> to) {
        if (held.isAll()) {
            held.frames.forEach(to);
            return;
        }
        var columns = new LinkedHashSet<>(signature.names());
        columns.addAll(more.named());
        tables.read(data, List.copyOf(columns), BATCH, to);
    }

    /** Tells of all rows, once the scores are kept: what a job that broke had answered counts for nothing. */
    private void tell(
            BatchListener.Job job,
            Consumer<Consumer<Frame>> reading,
            Signature signature,
            Frame predictions,
            Columns more) {
        var from = new AtomicInteger();
        long now = clock.millis();
        reading.accept(rows -> {
            Frame inputs = signature.conform(rows.select(signature.names())).frame();
            Frame outputs = predictions.slice(from.get(), from.addAndGet(rows.rows()));
            job.answered(inputs, outputs, ids(rows, more.id()), EventTimes.of(rows, more.time(), now));
        });
        job.end();
    }

    /** Names of the rows; "" for a row without. */
    private static String[] ids(Frame rows, String column) {
        int position = column.isEmpty() ? -1 : rows.position(column);
        String[] ids = new String[position < 0 ? 0 : rows.rows()];
        for (int row = 0; row < ids.length; row++) {
            Object value = rows.value(position, row);
            ids[row] = value == null ? "" : value.toString();
        }
        return ids;
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
