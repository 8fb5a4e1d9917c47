package org.millwright.scoring.metrics;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.metrics.RegressionMetrics.Estimate;

/**
 * Every number of a classifier with more classes, by scikit-learn's names, each with its 95 % interval where the classes are
 * at most 64 (NaN beyond: the numbers are the same, their uncertainty would take too long).
 */
public final class MulticlassScores {
    private static final int MOST = 64;

    private MulticlassScores() {}

    /**
     * Measures rows that have both a true and a predicted class.
     *
     * @param truth number of each row's class, from 0
     * @param predicted likewise
     * @param probabilities by class, then by row; null when there are none
     */
    public static Map<String, Estimate> of(
            int[] truth, int[] predicted, double @Nullable [][] probabilities, int classes) {
        var confusion = new Confusion(classes);
        double[] counts = confusion.counts(truth, predicted);
        long hits = 0;
        for (int i = 0; i < truth.length; i++) {
            hits += truth[i] == predicted[i] ? 1 : 0;
        }
        Map<String, Estimate> all = new LinkedHashMap<>();
        Estimate accuracy = Wilson.of(hits, truth.length);
        all.put("accuracy", accuracy);
        all.put("balanced_accuracy", of(counts, classes, confusion::balancedAccuracy));
        all.put("precision_macro", of(counts, classes, confusion::precisionMacro));
        all.put("recall_macro", of(counts, classes, confusion::recallMacro));
        all.put("f1_macro", of(counts, classes, confusion::f1Macro));
        all.put("f1_micro", accuracy);
        all.put("f1_weighted", of(counts, classes, confusion::f1Weighted));
        all.put("mcc", of(counts, classes, confusion::mcc));
        all.put("cohen_kappa", of(counts, classes, confusion::kappa));
        if (probabilities != null) {
            probable(all, truth, probabilities);
        }
        return all;
    }

    private static Estimate of(double[] counts, int classes, ToDoubleFunction<double[]> function) {
        double value = function.applyAsDouble(counts);
        return classes > MOST ? new Estimate(value, Double.NaN, Double.NaN) : Multinomial.of(counts, function, -1, 1);
    }

    /** The mean area under the ROC curves of each class against the rest; its interval is the mean of theirs, a little too wide. */
    private static void probable(Map<String, Estimate> all, int[] truth, double[][] probabilities) {
        double[] loss = new double[truth.length];
        double[] squares = new double[truth.length];
        double auc = 0;
        double spread = 0;
        for (int c = 0; c < probabilities.length; c++) {
            boolean[] member = new boolean[truth.length];
            for (int i = 0; i < truth.length; i++) {
                member[i] = truth[i] == c;
                double gap = (member[i] ? 1 : 0) - probabilities[c][i];
                squares[i] += gap * gap;
            }
            Estimate one = new Ranking(probabilities[c], member).rocAucEstimate();
            auc += one.value() / probabilities.length;
            spread += (one.high() - one.value()) / probabilities.length;
        }
        Arrays.setAll(loss, i -> -Math.log(Math.min(1, Math.max(Math.ulp(1.0), probabilities[truth[i]][i]))));
        all.put("roc_auc_ovr", new Estimate(auc, Math.max(0, auc - spread), Math.min(1, auc + spread)));
        all.put("log_loss", Means.estimate(loss).notBelowZero());
        all.put("brier", Means.estimate(squares).notBelowZero());
    }
}
