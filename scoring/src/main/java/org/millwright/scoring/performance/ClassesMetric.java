package org.millwright.scoring.performance;

/** A metric of more than two classes that can be estimated from probabilities, by the name that measured ones have. */
enum ClassesMetric {
    ROC_AUC("roc_auc_ovr", BinaryMetric.ROC_AUC),
    F1("f1_macro", BinaryMetric.F1),
    PRECISION("precision_macro", BinaryMetric.PRECISION),
    RECALL("recall_macro", BinaryMetric.RECALL),
    ACCURACY("accuracy", BinaryMetric.ACCURACY);

    private final String text;
    private final BinaryMetric binary;

    ClassesMetric(String text, BinaryMetric binary) {
        this.text = text;
        this.binary = binary;
    }

    String text() {
        return text;
    }

    /** What it is the mean of, over the classes. */
    BinaryMetric binary() {
        return binary;
    }

    static ClassesMetric of(String text) {
        for (ClassesMetric metric : values()) {
            if (metric.text.equals(text)) {
                return metric;
            }
        }
        throw new IllegalArgumentException("not an estimator: unknown metric '" + text + "'");
    }
}
