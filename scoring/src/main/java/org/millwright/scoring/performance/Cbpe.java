package org.millwright.scoring.performance;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.scoring.metrics.Ranks;

/**
 * Confidence-based performance estimation of a classifier with two classes, as NannyML defines it: when the probabilities
 * are true, they say how many predictions are right.
 *
 * <p>Holds as long as the relation between inputs and the true class is the reference's (no concept drift) and the inputs
 * are such as the reference had.
 */
public final class Cbpe {
    /** Rows that a chunk needs for its estimate to mean anything. */
    public static final int MIN_ROWS = 100;

    private final Calibration calibration;
    private final Map<BinaryMetric, SamplingError> errors = new EnumMap<>(BinaryMetric.class);
    private final Map<BinaryMetric, Limits> limits = new EnumMap<>(BinaryMetric.class);

    private Cbpe(Calibration calibration) {
        this.calibration = calibration;
    }

    /**
     * Learns from labelled rows that the model was not trained on.
     *
     * @param truth whether each row is of the positive class
     * @param predicted whether it was predicted so
     * @param scores the model's for the positive class, 0 to 1
     * @param chunks of the reference, whose metrics tell the limits
     */
    public static Cbpe fit(boolean[] truth, boolean[] predicted, double[] scores, List<Chunk> chunks) {
        if (truth.length == 0 || truth.length != predicted.length || truth.length != scores.length) {
            throw new IllegalArgumentException("a reference of " + truth.length + " true classes, " + predicted.length
                    + " predictions and " + scores.length + " scores: expected as many of each, at least one");
        }
        Cbpe cbpe = new Cbpe(Calibration.fit(scores, truth));
        for (BinaryMetric metric : BinaryMetric.values()) {
            double[] realised = chunks.stream()
                    .mapToDouble(chunk -> realised(
                            metric,
                            Arrays.copyOfRange(truth, chunk.from(), chunk.to()),
                            Arrays.copyOfRange(predicted, chunk.from(), chunk.to()),
                            Arrays.copyOfRange(scores, chunk.from(), chunk.to())))
                    .toArray();
            cbpe.errors.put(metric, SamplingError.of(metric, truth, predicted, scores));
            cbpe.limits.put(metric, Limits.of(realised, 0, 1));
        }
        return cbpe;
    }

    /** The metric on labelled rows; NaN when the true or, where that matters, the predicted class is always the same. */
    private static double realised(BinaryMetric metric, boolean[] truth, boolean[] predicted, double[] scores) {
        double[] known = new double[truth.length];
        Arrays.setAll(known, i -> truth[i] ? 1 : 0);
        if (metric == BinaryMetric.ROC_AUC) {
            return Ranks.rocAuc(scores, truth);
        }
        if (metric == BinaryMetric.AVERAGE_PRECISION) {
            return Ranks.averagePrecision(scores, truth);
        }
        boolean defined = switch (metric) {
            case ACCURACY -> truth.length > 0;
            case SPECIFICITY -> holds(truth, false);
            default -> varies(truth) && varies(predicted);
        };
        return defined ? metric.of(new ExpectedMetrics(known, predicted), scores) : Double.NaN;
    }

    private static boolean varies(boolean[] values) {
        return holds(values, true) && holds(values, false);
    }

    private static boolean holds(boolean[] values, boolean sought) {
        for (boolean value : values) {
            if (value == sought) {
                return true;
            }
        }
        return false;
    }

    /**
     * Every metric by name, estimated for rows without labels.
     *
     * @param predicted whether each row was predicted as positive
     * @param scores the model's for the positive class
     */
    public Map<String, Estimated> estimate(boolean[] predicted, double[] scores) {
        var expected = new ExpectedMetrics(calibration.apply(scores), predicted);
        Map<String, Estimated> all = new LinkedHashMap<>();
        for (BinaryMetric metric : BinaryMetric.values()) {
            double error = errors.getOrDefault(metric, new SamplingError(Double.NaN, 1))
                    .of(scores.length);
            all.put(
                    metric.text(),
                    Estimated.of(
                            scores.length == 0 ? Double.NaN : metric.of(expected, scores),
                            error,
                            limits.getOrDefault(metric, new Limits(0, 1)),
                            0,
                            1));
        }
        return all;
    }

    /** What the reference said of a metric. */
    Learned learned(BinaryMetric metric) {
        SamplingError error = errors.getOrDefault(metric, new SamplingError(Double.NaN, 1));
        return new Learned(Double.NaN, error.deviation(), error.share(), limits.getOrDefault(metric, new Limits(0, 1)));
    }

    /** The function that makes probabilities of scores; empty when the scores were as good. */
    public Optional<Isotonic> isotonic() {
        return calibration.isotonic();
    }
}
