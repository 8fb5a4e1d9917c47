package org.millwright.app.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.outcome.Scores;
import org.millwright.scoring.Frame;
import org.millwright.scoring.metrics.RegressionMetrics.Estimate;
import org.millwright.scoring.performance.Cbpe;
import org.millwright.scoring.performance.CbpeMulticlass;
import org.millwright.scoring.performance.Chunk;
import org.millwright.scoring.performance.Dle;
import org.millwright.scoring.performance.Estimated;

/** Performance estimated without labels, chunk by chunk, beside what turned out where that is known. */
final class PerformanceEstimate {
    private final PredictionRows before;
    private final PredictionRows now;
    private final int[] reference;
    private final List<String> features;
    private final Chunking chunking;

    PerformanceEstimate(PredictionRows before, PredictionRows now, List<String> features, Chunking chunking) {
        this.before = before;
        this.now = now;
        this.features = features;
        this.chunking = chunking;
        this.reference = chunking.ordered(before.frame(), before.usable(true));
        if (reference.length < Cbpe.MIN_ROWS) {
            throw new Problem.Invalid("--reference: " + reference.length
                    + " rows have a true and a predicted value (needed: " + Cbpe.MIN_ROWS + ")");
        }
    }

    ArrayNode json() {
        int[] rows = chunking.ordered(now.frame(), now.usable(false));
        Estimator estimator = estimator(chunking.parts(before.frame(), reference).stream()
                .map(Map.Entry::getValue)
                .toList());
        ArrayNode all = Json.array();
        for (Map.Entry<String, Chunk> named : chunking.parts(now.frame(), rows)) {
            Chunk chunk = named.getValue();
            int[] part = Arrays.copyOfRange(rows, chunk.from(), chunk.to());
            Map<String, Estimate> realised = realised(part);
            estimator.estimate(part).forEach((metric, estimated) -> {
                ObjectNode row = all.addObject()
                        .put("rows", named.getKey())
                        .put("metric", metric)
                        .put("method", now.task() == PredictionRows.Task.regression ? "dle" : "cbpe")
                        .put("n", part.length);
                put(row, estimated, part.length);
                Estimate outcome = realised.get(metric);
                if (outcome != null) {
                    Scores.put(row, "realised", outcome.value());
                    ((ObjectNode) row.path("shown")).put("realised", DriftOutput.number(outcome.value()));
                }
            });
        }
        return all;
    }

    private static void put(ObjectNode row, Estimated estimated, int n) {
        boolean enough = n >= Cbpe.MIN_ROWS;
        Scores.put(row, "value", estimated.value());
        Scores.put(row, "samplingError", estimated.samplingError());
        Scores.put(row, "low", estimated.low());
        Scores.put(row, "high", estimated.high());
        Scores.put(row, "lowerThreshold", estimated.limits().lower());
        Scores.put(row, "upperThreshold", estimated.limits().upper());
        Scores.put(row, "lowerAlert", estimated.limits().least());
        Scores.put(row, "upperAlert", estimated.limits().most());
        row.put("verdict", enough ? verdict(estimated.signal()) : "insufficient");
        row.set(
                "shown",
                Json.object()
                        .put("value", DriftOutput.number(estimated.value()))
                        .put("low", DriftOutput.number(estimated.low()))
                        .put("high", DriftOutput.number(estimated.high()))
                        .put("lower", DriftOutput.number(estimated.limits().least()))
                        .put("upper", DriftOutput.number(estimated.limits().most())));
    }

    private static String verdict(Estimated.Signal signal) {
        return switch (signal) {
            case OK -> "ok";
            case WARN -> "warn";
            case ALERT -> "alert";
            case UNKNOWN -> "insufficient";
        };
    }

    /** What turned out, where all rows of the chunk have a true value. */
    private Map<String, Estimate> realised(int[] part) {
        boolean known =
                now.truth().length > 0 && Arrays.stream(part).allMatch(row -> Double.isFinite(now.truth()[row]));
        return known ? now.measure(part) : Map.of();
    }

    /** Estimates for rows of the predictions. */
    private interface Estimator {
        Map<String, Estimated> estimate(int[] rows);
    }

    private Estimator estimator(List<Chunk> parts) {
        return switch (now.task()) {
            case regression -> regression(parts);
            case binary -> binary(parts);
            case multiclass -> multiclass(parts);
        };
    }

    private Estimator regression(List<Chunk> parts) {
        for (String name : features) {
            if (now.frame().position(name) < 0) {
                throw new Problem.Invalid(
                        "The predictions have no column '" + name + "', which the reference has",
                        "Choose columns that both have: --features COLUMN,COLUMN");
            }
        }
        Frame known = rows(before.frame().select(features), reference);
        Dle dle = Dle.fit(
                known,
                PredictionRows.chosen(before.truth(), reference),
                PredictionRows.chosen(before.predicted(), reference),
                parts);
        Frame columns = now.frame().select(features);
        return rows -> dle.estimate(rows(columns, rows));
    }

    /** These rows of a frame; mostly they follow each other. */
    private static Frame rows(Frame frame, int[] rows) {
        boolean contiguous = IntStream.range(1, rows.length).allMatch(i -> rows[i] == rows[i - 1] + 1);
        if (contiguous) {
            return rows.length == 0 ? frame.slice(0, 0) : frame.slice(rows[0], rows[0] + rows.length);
        }
        return Frame.concat(
                IntStream.of(rows).mapToObj(row -> frame.slice(row, row + 1)).toList());
    }

    private Estimator binary(List<Chunk> parts) {
        double[][] known = probabilities(before, "The reference");
        double[][] scores = probabilities(now, "The predictions");
        Cbpe cbpe = Cbpe.fit(
                PredictionRows.positive(before.truth(), reference),
                PredictionRows.positive(before.predicted(), reference),
                PredictionRows.chosen(known[0], reference),
                parts);
        return rows ->
                cbpe.estimate(PredictionRows.positive(now.predicted(), rows), PredictionRows.chosen(scores[0], rows));
    }

    private Estimator multiclass(List<Chunk> parts) {
        double[][] known = chosen(probabilities(before, "The reference"), reference);
        double[][] scores = probabilities(now, "The predictions");
        CbpeMulticlass cbpe = CbpeMulticlass.fit(
                PredictionRows.ints(before.truth(), reference),
                PredictionRows.ints(before.predicted(), reference),
                known,
                parts);
        return rows -> cbpe.estimate(PredictionRows.ints(now.predicted(), rows), chosen(scores, rows));
    }

    private static double[][] chosen(double[][] columns, int[] rows) {
        return Arrays.stream(columns)
                .map(column -> PredictionRows.chosen(column, rows))
                .toArray(double[][]::new);
    }

    private static double[][] probabilities(PredictionRows rows, String whose) {
        double[][] probabilities = rows.probabilities();
        if (probabilities == null) {
            throw new Problem.Invalid(
                    whose + (whose.endsWith("s") ? " have" : " has") + " no probabilities, which CBPE estimates from",
                    "Name their column by --probability, or those of the classes by --probabilities.");
        }
        return probabilities;
    }
}
