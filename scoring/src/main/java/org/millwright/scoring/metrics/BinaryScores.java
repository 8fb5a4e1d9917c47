package org.millwright.scoring.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.metrics.RegressionMetrics.Estimate;

/**
 * Every number of a classifier with two classes, by scikit-learn's names, each with its 95 % interval: shares by Wilson,
 * other numbers of the confusion matrix by the delta method, the ROC curve by DeLong, the rest by a bootstrap with a fixed
 * seed. A ratio without a denominator is 0, as scikit-learn has it; what needs both classes is NaN without them.
 */
public final class BinaryScores {
    private static final double WORK = 1e8;

    private BinaryScores() {}

    /**
     * Measures rows that have both a true and a predicted class.
     *
     * @param truth whether each row is of the positive class
     * @param predicted whether it was predicted so
     * @param scores probability of the positive class, 0 to 1; null when there are none
     */
    public static Map<String, Estimate> of(boolean[] truth, boolean[] predicted, double @Nullable [] scores) {
        return of(truth, predicted, scores, WORK);
    }

    /**
     * The same, faster for many rows.
     *
     * @param work rows that the draws of the bootstrap have together; it makes 50 to 200
     */
    public static Map<String, Estimate> of(
            boolean[] truth, boolean[] predicted, double @Nullable [] scores, double work) {
        if (truth.length != predicted.length || scores != null && scores.length != truth.length) {
            throw new IllegalArgumentException(truth.length + " true classes, " + predicted.length + " predictions"
                    + (scores == null ? "" : ", " + scores.length + " scores") + ": expected as many of each");
        }
        long[] cells = new long[4];
        for (int i = 0; i < truth.length; i++) {
            cells[(truth[i] ? 2 : 0) + (predicted[i] ? 1 : 0)]++;
        }
        Map<String, Estimate> all = new LinkedHashMap<>();
        decisions(all, cells);
        if (scores != null) {
            ranking(all, truth, scores, work);
        }
        return all;
    }

    private static void decisions(Map<String, Estimate> all, long[] cells) {
        long tn = cells[0];
        long fp = cells[1];
        long fn = cells[2];
        long tp = cells[3];
        double[] counts = {tn, fp, fn, tp};
        var confusion = new Confusion(2);
        all.put("accuracy", Wilson.of(tp + tn, tp + tn + fp + fn));
        all.put("balanced_accuracy", Multinomial.of(counts, confusion::balancedAccuracy, 0, 1));
        all.put("precision", orZero(Wilson.of(tp, tp + fp)));
        all.put("recall", orZero(Wilson.of(tp, tp + fn)));
        all.put("specificity", orZero(Wilson.of(tn, tn + fp)));
        all.put("f1", f1(tp, fp, fn));
        all.put("mcc", Multinomial.of(counts, confusion::mcc, -1, 1));
        all.put("cohen_kappa", Multinomial.of(counts, confusion::kappa, -1, 1));
    }

    private static Estimate orZero(Estimate share) {
        return Double.isNaN(share.value()) ? new Estimate(0, 0, 1) : share;
    }

    /** F1 rises with the share of hits among hits and mistakes, so that share's interval gives its own. */
    private static Estimate f1(long tp, long fp, long fn) {
        Estimate share = orZero(Wilson.of(tp, tp + fp + fn));
        return new Estimate(f1(share.value()), f1(share.low()), f1(share.high()));
    }

    private static double f1(double share) {
        return 2 * share / (1 + share);
    }

    private static void ranking(Map<String, Estimate> all, boolean[] truth, double[] scores, double work) {
        Estimate auc = new Ranking(scores, truth).rocAucEstimate();
        Estimate[] ranked = new RankedRows(scores, truth).estimates(work);
        all.put("roc_auc", auc);
        all.put("gini", new Estimate(2 * auc.value() - 1, 2 * auc.low() - 1, 2 * auc.high() - 1));
        all.put("average_precision", ranked[RankedRows.AVERAGE_PRECISION]);
        all.put("pr_auc", ranked[RankedRows.PR_AUC]);
        all.put("ks", ranked[RankedRows.KS]);
        double[] loss = new double[truth.length];
        double[] squares = new double[truth.length];
        for (int i = 0; i < truth.length; i++) {
            double right = truth[i] ? scores[i] : 1 - scores[i];
            loss[i] = -Math.log(Math.min(1, Math.max(Math.ulp(1.0), right)));
            squares[i] = (1 - right) * (1 - right);
        }
        all.put("log_loss", Means.estimate(loss).notBelowZero());
        all.put("brier", Means.estimate(squares).notBelowZero());
        all.put("ece", ranked[RankedRows.ECE]);
        all.put("ece_equal_frequency", ranked[RankedRows.ECE_FREQUENCY]);
        all.put("lift_top_10_percent", ranked[RankedRows.LIFT]);
    }
}
