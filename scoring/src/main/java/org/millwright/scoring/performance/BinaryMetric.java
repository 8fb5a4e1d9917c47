package org.millwright.scoring.performance;

import java.util.function.BiFunction;

/** A metric of two classes that can be estimated from probabilities. */
enum BinaryMetric {
    ROC_AUC("roc_auc", (expected, scores) -> expected.rocAuc(scores)),
    AVERAGE_PRECISION("average_precision", (expected, scores) -> expected.averagePrecision(scores)),
    F1("f1", (expected, scores) -> expected.counts().f1()),
    PRECISION("precision", (expected, scores) -> expected.counts().precision()),
    RECALL("recall", (expected, scores) -> expected.counts().recall()),
    SPECIFICITY("specificity", (expected, scores) -> expected.counts().specificity()),
    ACCURACY("accuracy", (expected, scores) -> expected.counts().accuracy());

    private final String text;
    private final BiFunction<ExpectedMetrics, double[], Double> estimate;

    BinaryMetric(String text, BiFunction<ExpectedMetrics, double[], Double> estimate) {
        this.text = text;
        this.estimate = estimate;
    }

    String text() {
        return text;
    }

    /** The metric of that name. */
    static BinaryMetric of(String text) {
        for (BinaryMetric metric : values()) {
            if (metric.text.equals(text)) {
                return metric;
            }
        }
        throw new IllegalArgumentException("not an estimator: unknown metric '" + text + "'");
    }

    double of(ExpectedMetrics expected, double[] scores) {
        return estimate.apply(expected, scores);
    }
}
