package org.millwright.scoring.performance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.scoring.metrics.Ranks;

/**
 * Confidence-based performance estimation of a classifier with more classes: each class against the rest, calibrated,
 * brought to the sum 1 and averaged, as NannyML does; accuracy is the mean probability of the predicted class.
 */
public final class CbpeMulticlass {
    private static final List<BinaryMetric> AVERAGED = List.of(
            BinaryMetric.ROC_AUC,
            BinaryMetric.F1,
            BinaryMetric.PRECISION,
            BinaryMetric.RECALL,
            BinaryMetric.SPECIFICITY);

    private final List<Calibration> calibrations;
    private final Map<String, Double> errors = new LinkedHashMap<>();
    private final Map<String, Limits> limits = new LinkedHashMap<>();

    private CbpeMulticlass(List<Calibration> calibrations) {
        this.calibrations = calibrations;
    }

    /**
     * Learns from labelled rows that the model was not trained on.
     *
     * @param truth number of each row's class, from 0
     * @param predicted likewise
     * @param probabilities by class, then by row
     * @param chunks of the reference, whose metrics tell the limits
     */
    public static CbpeMulticlass fit(int[] truth, int[] predicted, double[][] probabilities, List<Chunk> chunks) {
        List<Calibration> calibrations = new ArrayList<>();
        for (int c = 0; c < probabilities.length; c++) {
            calibrations.add(Calibration.fit(probabilities[c], is(truth, c)));
        }
        var cbpe = new CbpeMulticlass(calibrations);
        List<Map<String, Double>> realised = chunks.stream()
                .map(chunk -> realised(
                        Arrays.copyOfRange(truth, chunk.from(), chunk.to()),
                        Arrays.copyOfRange(predicted, chunk.from(), chunk.to()),
                        part(probabilities, chunk)))
                .toList();
        for (BinaryMetric metric : AVERAGED) {
            double sum = 0;
            for (int c = 0; c < probabilities.length; c++) {
                SamplingError one = SamplingError.ofClass(metric, is(truth, c), is(predicted, c), probabilities[c]);
                sum += Math.pow(one.of(1), 2);
            }
            cbpe.errors.put(metric.text(), Math.sqrt(sum) / probabilities.length);
        }
        double hits = 0;
        for (int i = 0; i < truth.length; i++) {
            hits += truth[i] == predicted[i] ? 1.0 / truth.length : 0;
        }
        cbpe.errors.put(BinaryMetric.ACCURACY.text(), Math.sqrt(hits * (1 - hits)));
        cbpe.errors
                .keySet()
                .forEach(name -> cbpe.limits.put(
                        name,
                        Limits.of(
                                realised.stream()
                                        .mapToDouble(chunk -> chunk.getOrDefault(name, Double.NaN))
                                        .toArray(),
                                0,
                                1)));
        return cbpe;
    }

    /** The metrics of labelled rows; of ROC AUC, rows of equal scores have no order, as an estimate gives them one. */
    private static Map<String, Double> realised(int[] truth, int[] predicted, double[][] scores) {
        double[][] known = new double[scores.length][];
        Arrays.setAll(known, c -> numbers(is(truth, c)));
        Map<String, Double> realised = values(known, predicted, scores);
        double auc = 0;
        for (int c = 0; c < scores.length; c++) {
            auc += Ranks.rocAuc(scores[c], is(truth, c)) / scores.length;
        }
        realised.put(BinaryMetric.ROC_AUC.text(), auc);
        return realised;
    }

    private static boolean[] is(int[] classes, int c) {
        boolean[] is = new boolean[classes.length];
        for (int i = 0; i < is.length; i++) {
            is[i] = classes[i] == c;
        }
        return is;
    }

    private static double[] numbers(boolean[] flags) {
        double[] numbers = new double[flags.length];
        Arrays.setAll(numbers, i -> flags[i] ? 1 : 0);
        return numbers;
    }

    private static double[][] part(double[][] columns, Chunk chunk) {
        double[][] part = new double[columns.length][];
        Arrays.setAll(part, c -> Arrays.copyOfRange(columns[c], chunk.from(), chunk.to()));
        return part;
    }

    /** The metrics when the probabilities are true, ranked by the model's own scores. */
    private static Map<String, Double> values(double[][] probabilities, int[] predicted, double[][] scores) {
        Map<String, Double> sums = new LinkedHashMap<>();
        double hits = 0;
        for (int c = 0; c < scores.length; c++) {
            var expected = new ExpectedMetrics(probabilities[c], is(predicted, c));
            for (BinaryMetric metric : AVERAGED) {
                sums.merge(metric.text(), metric.of(expected, scores[c]) / scores.length, Double::sum);
            }
            for (int i = 0; i < predicted.length; i++) {
                hits += predicted[i] == c ? probabilities[c][i] : 0;
            }
        }
        sums.put(BinaryMetric.ACCURACY.text(), hits / predicted.length);
        return sums;
    }

    /** Every metric by name, estimated for rows without labels; ROC AUC, F1 and the like as means over the classes. */
    public Map<String, Estimated> estimate(int[] predicted, double[][] probabilities) {
        Map<String, Estimated> all = new LinkedHashMap<>();
        Map<String, Double> values = values(calibrated(probabilities), predicted, probabilities);
        errors.forEach((name, error) -> all.put(
                name,
                Estimated.of(
                        values.getOrDefault(name, Double.NaN),
                        error / Math.sqrt(predicted.length),
                        limits.getOrDefault(name, new Limits(0, 1)),
                        0,
                        1)));
        return all;
    }

    /** What the reference said of a metric, that of two classes being the mean over all. */
    Learned learned(BinaryMetric metric) {
        String name = metric.text();
        return new Learned(
                Double.NaN, errors.getOrDefault(name, Double.NaN), 1, limits.getOrDefault(name, new Limits(0, 1)));
    }

    /** By class the function that makes probabilities of scores; empty when the scores were as good. */
    List<Optional<Isotonic>> isotonic() {
        return calibrations.stream().map(Calibration::isotonic).toList();
    }

    private double[][] calibrated(double[][] probabilities) {
        double[][] calibrated = new double[probabilities.length][];
        Arrays.setAll(calibrated, c -> probabilities[c].clone());
        calibrate(calibrated, isotonic());
        return calibrated;
    }

    /** Calibrates each class's probabilities and brings those of a row to the sum 1, in their place. */
    static void calibrate(double[][] calibrated, List<Optional<Isotonic>> functions) {
        for (int c = 0; c < calibrated.length; c++) {
            double[] scores = calibrated[c];
            calibrated[c] =
                    functions.get(c).map(function -> function.at(scores)).orElse(scores);
        }
        int rows = calibrated.length == 0 ? 0 : calibrated[0].length;
        for (int i = 0; i < rows; i++) {
            double sum = 0;
            for (double[] column : calibrated) {
                sum += column[i];
            }
            for (double[] column : calibrated) {
                column[i] = sum == 0 ? 1.0 / calibrated.length : column[i] / sum;
            }
        }
    }
}
