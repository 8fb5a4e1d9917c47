package org.millwright.scoring.performance;

import java.util.function.BiFunction;

/** A metric of two classes that can be estimated from probabilities. */
enum BinaryMetric {
    ROC_AUC("roc_auc", (expected, scores) -> expected.rocAuc(scores)),
    AVERAGE_PRECISION("average_precision", (expected, scores) -> expected.averagePrecision(scores)),
    F1("f1", (expected, scores) -> expected.f1()),
    PRECISION("precision", (expected, scores) -> expected.precision()),
    RECALL("recall", (expected, scores) -> expected.recall()),
    SPECIFICITY("specificity", (expected, scores) -> expected.specificity()),
    ACCURACY("accuracy", (expected, scores) -> expected.accuracy());

    private final String text;
    private final BiFunction<ExpectedMetrics, double[], Double> estimate;

    BinaryMetric(String text, BiFunction<ExpectedMetrics, double[], Double> estimate) {
        this.text = text;
        this.estimate = estimate;
    }

    String text() {
        return text;
    }

    double of(ExpectedMetrics expected, double[] scores) {
        return estimate.apply(expected, scores);
    }
}
