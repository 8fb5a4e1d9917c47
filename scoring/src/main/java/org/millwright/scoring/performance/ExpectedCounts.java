package org.millwright.scoring.performance;

/** A confusion matrix that is to be expected when each row's probability of the positive class is true. */
record ExpectedCounts(double tp, double fp, double fn, double tn) {
    double accuracy() {
        return (tp + tn) / (tp + fp + fn + tn);
    }

    double precision() {
        return zero(tp / (tp + fp));
    }

    double recall() {
        return zero(tp / (tp + fn));
    }

    double specificity() {
        return zero(tn / (tn + fp));
    }

    double f1() {
        return zero(tp / (tp + (fp + fn) / 2));
    }

    private static double zero(double ratio) {
        return Double.isNaN(ratio) ? 0 : ratio;
    }
}
