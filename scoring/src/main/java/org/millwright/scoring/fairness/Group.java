package org.millwright.scoring.fairness;

import org.millwright.scoring.metrics.RegressionMetrics.Estimate;
import org.millwright.scoring.metrics.Wilson;

/**
 * What a classifier did to the rows of one group. Rates carry Wilson's 95 % intervals and are NaN without rows to go by.
 *
 * @param n rows with a prediction
 * @param selected of these, predicted as positive
 * @param tp positive rows that were predicted so
 * @param fp negative rows that were predicted as positive
 * @param tn negative rows that were predicted so
 * @param fn positive rows that were predicted as negative
 */
public record Group(String name, long n, long selected, long tp, long fp, long tn, long fn) {
    /** Share predicted as positive. */
    public Estimate selectionRate() {
        return Wilson.of(selected, n);
    }

    /** True positive rate, recall. */
    public Estimate tpr() {
        return Wilson.of(tp, tp + fn);
    }

    /** False positive rate. */
    public Estimate fpr() {
        return Wilson.of(fp, fp + tn);
    }

    /** True negative rate, specificity. */
    public Estimate tnr() {
        return Wilson.of(tn, fp + tn);
    }

    /** False negative rate. */
    public Estimate fnr() {
        return Wilson.of(fn, tp + fn);
    }

    public Estimate accuracy() {
        return Wilson.of(tp + tn, labelled());
    }

    public Estimate precision() {
        return Wilson.of(tp, tp + fp);
    }

    /** Rows with a prediction and a true class. */
    public long labelled() {
        return tp + fp + tn + fn;
    }
}
