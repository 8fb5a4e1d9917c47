package org.millwright.scoring.performance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import org.millwright.scoring.Frame;
import org.millwright.scoring.metrics.Ranks;
import org.millwright.scoring.profile.NumericProfile;
import org.millwright.scoring.profile.Profile;
import org.millwright.scoring.profile.RowFindings;
import org.millwright.scoring.profile.Sample;

/**
 * Confidence-based performance estimation that travels, for two classes and a model that answers a probability. Of a window
 * the calibrated probabilities of both predicted classes are kept as profiles, whose means are exact; the areas under
 * curves come of their sketches.
 */
public final class ProbabilityEstimator implements Estimator {
    static final String METHOD = "cbpe";

    private static final int CHUNKS = 10;
    private static final int MOST_KNOTS = 512;
    private static final double HALF = 0.5;
    private static final String POSITIVES = "probability of predicted positives";
    private static final String NEGATIVES = "probability of predicted negatives";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Optional<Isotonic> calibration;
    /** Whether the model answers the probability of the other class. */
    private final boolean turned;

    private final int output;
    private final Map<BinaryMetric, Learned> metrics;

    private ProbabilityEstimator(
            Optional<Isotonic> calibration, boolean turned, int output, Map<BinaryMetric, Learned> metrics) {
        this.output = output;
        this.calibration = calibration;
        this.turned = turned;
        this.metrics = metrics;
    }

    /**
     * Learns from labelled rows that the model was not trained on.
     *
     * @param truth whether each row is of the positive class
     * @param scores that the model answered, 0 to 1; of the other class when they rank the rows the wrong way round
     * @param order of the rows in time, whose chunks tell the limits
     * @param output the place of the model's output that has the scores
     */
    public static ProbabilityEstimator fit(boolean[] truth, double[] scores, int[] order, int output) {
        boolean turned = Ranks.rocAuc(scores, truth) < HALF;
        boolean[] positive = new boolean[order.length];
        boolean[] predicted = new boolean[order.length];
        double[] own = new double[order.length];
        for (int i = 0; i < order.length; i++) {
            positive[i] = truth[order[i]];
            own[i] = turned ? 1 - scores[order[i]] : scores[order[i]];
            predicted[i] = own[i] >= HALF;
        }
        Cbpe cbpe = Cbpe.fit(
                positive,
                predicted,
                own,
                Chunk.merged(order.length, Math.max(1, Math.min(CHUNKS, order.length / Cbpe.MIN_ROWS))));
        Map<BinaryMetric, Learned> metrics = new EnumMap<>(BinaryMetric.class);
        for (BinaryMetric metric : BinaryMetric.values()) {
            metrics.put(metric, cbpe.learned(metric));
        }
        return new ProbabilityEstimator(cbpe.isotonic().map(full -> full.thinned(MOST_KNOTS)), turned, output, metrics);
    }

    @Override
    public String method() {
        return METHOD;
    }

    @Override
    public Set<String> columns() {
        return Set.of(POSITIVES, NEGATIVES);
    }

    @Override
    public RowFindings look(Frame inputs, IntFunction<double[]> outputs) {
        double[] predictions = outputs.apply(output);
        double[] probabilities = new double[predictions.length];
        boolean[] positives = new boolean[predictions.length];
        boolean[] negatives = new boolean[predictions.length];
        for (int i = 0; i < predictions.length; i++) {
            double own = turned ? 1 - predictions[i] : predictions[i];
            if (!(own >= 0 && own <= 1)) {
                continue;
            }
            probabilities[i] = calibration.map(function -> function.at(own)).orElse(own);
            positives[i] = own >= HALF;
            negatives[i] = own < HALF;
        }
        return RowFindings.of(List.of(
                RowFindings.numbers(POSITIVES, probabilities, positives),
                RowFindings.numbers(NEGATIVES, probabilities, negatives)));
    }

    @Override
    public Optional<Estimates> estimate(Profile window) {
        NumericProfile positives = window.derived(POSITIVES);
        NumericProfile negatives = window.derived(NEGATIVES);
        long n = positives.present() + negatives.present();
        if (n == 0) {
            return Optional.empty();
        }
        double tp = sum(positives);
        double fn = sum(negatives);
        var counts = new ExpectedCounts(tp, positives.present() - tp, fn, negatives.present() - fn);
        var areas = Areas.of(positives, negatives);
        Map<String, Estimated> all = new LinkedHashMap<>();
        metrics.forEach((metric, learned) -> all.put(
                metric.text(),
                learned.estimated(
                        switch (metric) {
                            case ROC_AUC -> areas.roc();
                            case AVERAGE_PRECISION -> areas.precision();
                            case F1 -> counts.f1();
                            case PRECISION -> counts.precision();
                            case RECALL -> counts.recall();
                            case SPECIFICITY -> counts.specificity();
                            case ACCURACY -> counts.accuracy();
                        },
                        n,
                        0,
                        1)));
        return Optional.of(new Estimates(METHOD, n, all));
    }

    static double sum(NumericProfile column) {
        return column.present() == 0 ? 0 : column.mean() * column.present();
    }

    /** The expected areas under the two curves. Calibration keeps the order of scores, so rows are ranked by probability. */
    private record Areas(double roc, double precision) {
        static Areas of(NumericProfile positives, NumericProfile negatives) {
            var areas = new double[2];
            var before = new double[2];
            double[] all = {0, 0};
            add(positives.sample(), areas, before, all);
            add(negatives.sample(), areas, before, all);
            return new Areas(areas[0] / before[0] / before[1], areas[1] / before[0]);
        }

        /** Rows from the most probable down; what is predicted positive comes first. */
        private static void add(Sample sample, double[] areas, double[] before, double[] all) {
            double[] values = sample.values();
            for (int i = values.length - 1; i >= 0; i--) {
                double weight = sample.upTo()[i] - (i == 0 ? 0 : sample.upTo()[i - 1]);
                double hits = weight * values[i];
                double misses = weight - hits;
                areas[0] += misses * (2 * before[0] + hits) / 2;
                before[0] += hits;
                before[1] += misses;
                all[0] += weight;
                areas[1] += hits * before[0] / all[0];
            }
        }
    }

    @Override
    public String toJson() {
        ObjectNode json = JSON.createObjectNode()
                .put("method", METHOD)
                .put("turned", turned)
                .put("output", output);
        calibration.ifPresent(function -> write(json, function));
        ObjectNode known = json.putObject("metrics");
        metrics.forEach((metric, learned) -> learned.write(known.putObject(metric.text())));
        return json.toString();
    }

    static void write(ObjectNode json, Isotonic function) {
        array(json.putArray("x"), function.x());
        array(json.putArray("y"), function.y());
    }

    /** The function that {@link #write} wrote, if it did. */
    static Optional<Isotonic> function(JsonNode json) {
        if (json.path("x").size() > MOST_KNOTS) {
            throw new IllegalArgumentException("not an estimator: more than " + MOST_KNOTS + " knots");
        }
        return json.has("x")
                ? Optional.of(Isotonic.through(doubles(json.path("x")), doubles(json.path("y"))))
                : Optional.empty();
    }

    private static void array(ArrayNode node, double[] values) {
        Arrays.stream(values).forEach(node::add);
    }

    static ProbabilityEstimator read(JsonNode json) {
        Map<BinaryMetric, Learned> metrics = new EnumMap<>(BinaryMetric.class);
        json.path("metrics")
                .properties()
                .forEach(field -> metrics.put(BinaryMetric.of(field.getKey()), Learned.read(field.getValue())));
        return new ProbabilityEstimator(
                function(json),
                json.path("turned").asBoolean(),
                json.path("output").asInt(),
                metrics);
    }

    private static double[] doubles(JsonNode node) {
        double[] values = new double[node.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = node.path(i).asDouble();
        }
        return values;
    }
}
