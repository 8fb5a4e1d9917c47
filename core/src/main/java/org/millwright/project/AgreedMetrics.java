package org.millwright.project;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.millwright.project.Agreement.Side;

/** The metrics that can be agreed on, by the names that evaluations give them, and which side of a limit is the good one. */
final class AgreedMetrics {
    private static final Map<String, Side> REGRESSION = Map.ofEntries(
            Map.entry("skill", Side.AT_LEAST),
            Map.entry("r2", Side.AT_LEAST),
            Map.entry("explained_variance", Side.AT_LEAST),
            Map.entry("rmse", Side.AT_MOST),
            Map.entry("mse", Side.AT_MOST),
            Map.entry("mae", Side.AT_MOST),
            Map.entry("median_ae", Side.AT_MOST),
            Map.entry("max_error", Side.AT_MOST),
            Map.entry("mape", Side.AT_MOST),
            Map.entry("smape", Side.AT_MOST),
            Map.entry("bias", Side.AT_MOST));

    private static final Map<String, Side> CLASSIFICATION = Map.ofEntries(
            Map.entry("skill", Side.AT_LEAST),
            Map.entry("accuracy", Side.AT_LEAST),
            Map.entry("balanced_accuracy", Side.AT_LEAST),
            Map.entry("precision", Side.AT_LEAST),
            Map.entry("recall", Side.AT_LEAST),
            Map.entry("specificity", Side.AT_LEAST),
            Map.entry("f1", Side.AT_LEAST),
            Map.entry("precision_macro", Side.AT_LEAST),
            Map.entry("recall_macro", Side.AT_LEAST),
            Map.entry("f1_macro", Side.AT_LEAST),
            Map.entry("f1_micro", Side.AT_LEAST),
            Map.entry("f1_weighted", Side.AT_LEAST),
            Map.entry("mcc", Side.AT_LEAST),
            Map.entry("cohen_kappa", Side.AT_LEAST),
            Map.entry("roc_auc", Side.AT_LEAST),
            Map.entry("roc_auc_ovr", Side.AT_LEAST),
            Map.entry("gini", Side.AT_LEAST),
            Map.entry("average_precision", Side.AT_LEAST),
            Map.entry("pr_auc", Side.AT_LEAST),
            Map.entry("ks", Side.AT_LEAST),
            Map.entry("log_loss", Side.AT_MOST),
            Map.entry("brier", Side.AT_MOST),
            Map.entry("ece", Side.AT_MOST));

    /** Of fairness; the ratios want to be large, the gaps small. */
    private static final Map<String, Side> ERRORS = Map.of(
            "mae_ratio", Side.AT_LEAST,
            "mae_difference", Side.AT_MOST,
            "mean_error_difference", Side.AT_MOST);

    private static final Map<String, Side> DECISIONS = Map.of(
            "disparate_impact", Side.AT_LEAST,
            "demographic_parity_difference", Side.AT_MOST,
            "equalized_odds_difference", Side.AT_MOST,
            "equal_opportunity_difference", Side.AT_MOST,
            "accuracy_difference", Side.AT_MOST);

    private AgreedMetrics() {}

    /** @param task {@code regression}, {@code classification}, or "" for either */
    static Set<String> names(String task) {
        var names = new TreeSet<String>();
        if (!task.equals("classification")) {
            names.addAll(REGRESSION.keySet());
        }
        if (!task.equals("regression")) {
            names.addAll(CLASSIFICATION.keySet());
        }
        return names;
    }

    /** Of fairness: of a classifier's decisions, and of the errors of a quantity. */
    static Set<String> measures(String task) {
        var names = new TreeSet<String>();
        if (!task.equals("classification")) {
            names.addAll(ERRORS.keySet());
        }
        if (!task.equals("regression")) {
            names.addAll(DECISIONS.keySet());
        }
        return names;
    }

    /** Whether a gap is in the label's unit, so that no limit is the usual one. */
    static boolean isInUnits(String measure) {
        return ERRORS.get(measure) == Side.AT_MOST;
    }

    /** The side of a limit that is the good one. */
    static Side good(String name) {
        return Stream.of(REGRESSION, CLASSIFICATION, DECISIONS, ERRORS)
                .filter(known -> known.containsKey(name))
                .map(known -> known.get(name))
                .findFirst()
                .orElse(Side.AT_LEAST);
    }
}
