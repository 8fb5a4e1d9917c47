package org.millwright.scoring.metrics;

import java.util.function.IntToDoubleFunction;

/** A confusion matrix as one row of counts, by true class and then by predicted class, and scikit-learn's numbers of it. */
final class Confusion {
    private final int classes;

    Confusion(int classes) {
        this.classes = classes;
    }

    double[] counts(int[] truth, int[] predicted) {
        double[] counts = new double[classes * classes];
        for (int i = 0; i < truth.length; i++) {
            counts[truth[i] * classes + predicted[i]]++;
        }
        return counts;
    }

    private double truly(double[] counts, int c) {
        double sum = 0;
        for (int i = 0; i < classes; i++) {
            sum += counts[c * classes + i];
        }
        return sum;
    }

    private double predicted(double[] counts, int c) {
        double sum = 0;
        for (int i = 0; i < classes; i++) {
            sum += counts[i * classes + c];
        }
        return sum;
    }

    private double hit(double[] counts, int c) {
        return counts[c * classes + c];
    }

    private static double total(double[] counts) {
        double sum = 0;
        for (double count : counts) {
            sum += count;
        }
        return sum;
    }

    double accuracy(double[] counts) {
        double hits = 0;
        for (int c = 0; c < classes; c++) {
            hits += hit(counts, c);
        }
        return hits / total(counts);
    }

    /** Mean recall of the classes that occur. */
    double balancedAccuracy(double[] counts) {
        double sum = 0;
        int occurring = 0;
        for (int c = 0; c < classes; c++) {
            double rows = truly(counts, c);
            if (rows > 0) {
                sum += hit(counts, c) / rows;
                occurring++;
            }
        }
        return sum / occurring;
    }

    /** Matthews' correlation coefficient; 0 when one side has a single class. */
    double mcc(double[] counts) {
        double n = total(counts);
        double both = 0;
        double squaresTrue = 0;
        double squaresPredicted = 0;
        for (int c = 0; c < classes; c++) {
            double t = truly(counts, c);
            double p = predicted(counts, c);
            both += t * p;
            squaresTrue += t * t;
            squaresPredicted += p * p;
        }
        double spread = Math.sqrt(n * n - squaresTrue) * Math.sqrt(n * n - squaresPredicted);
        return spread == 0 ? 0 : (accuracy(counts) * n * n - both) / spread;
    }

    /** Cohen's kappa: agreement beyond chance. */
    double kappa(double[] counts) {
        double n = total(counts);
        double chance = 0;
        for (int c = 0; c < classes; c++) {
            chance += truly(counts, c) * predicted(counts, c) / n / n;
        }
        return (accuracy(counts) - chance) / (1 - chance);
    }

    /** Mean precision of the classes that occur or are predicted. */
    double precisionMacro(double[] counts) {
        return macro(counts, c -> ratio(hit(counts, c), predicted(counts, c)));
    }

    double recallMacro(double[] counts) {
        return macro(counts, c -> ratio(hit(counts, c), truly(counts, c)));
    }

    double f1Macro(double[] counts) {
        return macro(counts, c -> f1(counts, c));
    }

    double f1Weighted(double[] counts) {
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            sum += f1(counts, c) * truly(counts, c);
        }
        return sum / total(counts);
    }

    private double f1(double[] counts, int c) {
        return ratio(2 * hit(counts, c), truly(counts, c) + predicted(counts, c));
    }

    private static double ratio(double part, double whole) {
        return whole == 0 ? 0 : part / whole;
    }

    private double macro(double[] counts, IntToDoubleFunction ofClass) {
        double sum = 0;
        int occurring = 0;
        for (int c = 0; c < classes; c++) {
            if (truly(counts, c) + predicted(counts, c) > 0) {
                sum += ofClass.applyAsDouble(c);
                occurring++;
            }
        }
        return sum / occurring;
    }
}
