package org.millwright.app.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.outcome.Scores;
import org.millwright.scoring.Frame;
import org.millwright.scoring.metrics.RegressionMetrics.Estimate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw evaluate}: how good predictions are, measured with labels or estimated without. */
@Command(
        name = "evaluate",
        description = "Metrics of a file of predictions with their 95 % intervals; needs no server.",
        mixinStandardHelpOptions = true)
final class EvaluateCommand implements Callable<Integer> {
    @Mixin
    private Written written = new Written();

    @Mixin
    private PredictionOptions options = new PredictionOptions();

    @Parameters(paramLabel = "PREDICTIONS", description = "CSV or Parquet file.")
    private Path predictions = Path.of("");

    @Option(
            names = "--by",
            paramLabel = "COLUMN",
            description = "Also for each value of this column, or of several, separated by commas; may be repeated.")
    private List<String> by = List.of();

    @Option(
            names = "--reference",
            paramLabel = "FILE",
            description = "Labelled rows from which to estimate performance without labels (CBPE, DLE).")
    private Optional<Path> reference = Optional.empty();

    @Option(
            names = "--features",
            paramLabel = "COLUMN",
            split = ",",
            description = "What errors may depend on, for DLE; else every other column.")
    private List<String> features = List.of();

    @Mixin
    private Chunking chunking = new Chunking();

    @Override
    public Integer call() {
        chunking.check();
        List<String> others = new ArrayList<>(features);
        by.forEach(each -> others.addAll(Arrays.asList(each.split(","))));
        List<String> times = chunking.timestamp().stream().toList();
        others.addAll(times);
        try (var files = new TableFiles()) {
            boolean all = reference.isPresent() && features.isEmpty();
            Frame rows = options.read(files, written.around().resolve(predictions), others, all, reference.isEmpty());
            if (reference.isEmpty()) {
                return measure(PredictionRows.of(rows, options, Optional.empty()));
            }
            Frame known = options.read(
                    files,
                    written.around().resolve(reference.get()),
                    Stream.concat(features.stream(), times.stream()).toList(),
                    all,
                    true);
            PredictionRows before = PredictionRows.of(known, options, Optional.empty());
            return estimate(before, PredictionRows.of(rows, options, Optional.of(before)));
        }
    }

    private int measure(PredictionRows rows) {
        int[] usable = rows.usable(true);
        if (usable.length == 0) {
            throw new Problem.Invalid(
                    "No row has a true and a predicted value"
                            + (rows.probabilities() == null ? "" : " and a probability"),
                    "Estimate without true values: --reference FILE.");
        }
        options.unused(rows).ifPresent(written::say);
        ArrayNode all = Json.array();
        add(all, "all", "", rows.measure(usable), usable.length);
        for (String each : by) {
            rows.split(each, usable).forEach((slice, part) -> add(all, each, slice, rows.measure(part), part.length));
        }
        int skipped = rows.frame().rows() - usable.length;
        if (skipped > 0) {
            written.say(Texts.count(skipped) + (skipped == 1 ? " row lacks" : " rows lack")
                    + " a true or a predicted value and " + (skipped == 1 ? "is" : "are") + " left out.");
        }
        return written.isTable()
                ? written.list(all, "slice", "metric", "value=shown.value", "low=shown.low", "high=shown.high", "n")
                : written.list(DriftOutput.plain(all), "slice", "metric", "value", "low", "high", "n");
    }

    private static void add(ArrayNode all, String by, String slice, Map<String, Estimate> metrics, int n) {
        metrics.forEach((name, estimate) -> {
            ObjectNode row = all.addObject()
                    .put("slice", slice.isEmpty() ? by : by + "=" + slice)
                    .put("metric", name)
                    .put("n", n);
            Scores.put(row, "value", estimate.value());
            Scores.put(row, "low", estimate.low());
            Scores.put(row, "high", estimate.high());
            row.set(
                    "shown",
                    Json.object()
                            .put("value", DriftOutput.number(estimate.value()))
                            .put("low", DriftOutput.number(estimate.low()))
                            .put("high", DriftOutput.number(estimate.high())));
        });
    }

    private int estimate(PredictionRows before, PredictionRows now) {
        ArrayNode all = new PerformanceEstimate(before, now, features(before), chunking).json();
        written.say(
                "Estimated from past confidence and errors: right as long as inputs are such as the reference had and"
                        + " the truth depends on them as it did.");
        return written.isTable()
                ? written.list(
                        all,
                        "rows",
                        "metric",
                        "value=shown.value",
                        "low=shown.low",
                        "high=shown.high",
                        "lower=shown.lower",
                        "upper=shown.upper",
                        "verdict",
                        "realised=shown.realised",
                        "n")
                : written.list(
                        DriftOutput.plain(all),
                        "rows",
                        "metric",
                        "value",
                        "low",
                        "high",
                        "lower=lowerThreshold",
                        "upper=upperThreshold",
                        "verdict",
                        "realised",
                        "n");
    }

    /** The columns that errors may depend on, the prediction among them. */
    private List<String> features(PredictionRows rows) {
        List<String> chosen = new ArrayList<>(features);
        if (chosen.isEmpty()) {
            chosen.addAll(rows.frame().names());
            chosen.remove(options.truth());
            chosen.remove(options.prediction());
            chunking.timestamp().ifPresent(chosen::remove);
        }
        chosen.add(options.prediction());
        return chosen;
    }
}
