package org.millwright.scoring.drift;

import java.util.Arrays;
import java.util.Comparator;

/** The eigenvectors of a symmetric matrix, by Jacobi's rotations: the same to the last bit whenever they are computed. */
final class PrincipalComponents {
    private static final int MOST_SWEEPS = 60;
    private static final double NOTHING = 1e-30;

    private final double[] variances;
    private final double[][] vectors;

    private PrincipalComponents(double[] variances, double[][] vectors) {
        this.variances = variances;
        this.vectors = vectors;
    }

    /** Those of a covariance matrix, the one with most variance first. */
    static PrincipalComponents of(double[][] covariance) {
        int n = covariance.length;
        double[][] a = Arrays.stream(covariance).map(double[]::clone).toArray(double[][]::new);
        double[][] v = new double[n][n];
        for (int i = 0; i < n; i++) {
            v[i][i] = 1;
        }
        double trace = 0;
        for (int i = 0; i < n; i++) {
            trace += a[i][i];
        }
        for (int sweep = 0; sweep < MOST_SWEEPS && beside(a) > NOTHING * trace * trace; sweep++) {
            for (int p = 0; p < n; p++) {
                for (int q = p + 1; q < n; q++) {
                    rotate(a, v, p, q);
                }
            }
        }
        Integer[] order = new Integer[n];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> -a[i][i]));
        double[] variances = new double[n];
        double[][] vectors = new double[n][];
        for (int i = 0; i < n; i++) {
            variances[i] = Math.max(0, a[order[i]][order[i]]);
            vectors[i] = v[order[i]];
        }
        return new PrincipalComponents(variances, vectors);
    }

    /** The sum of squares above the diagonal. */
    private static double beside(double[][] a) {
        double sum = 0;
        for (int p = 0; p < a.length; p++) {
            for (int q = p + 1; q < a.length; q++) {
                sum += a[p][q] * a[p][q];
            }
        }
        return sum;
    }

    /** Turns the axes p and q so that their covariance is 0; the rows of {@code v} are the axes. */
    private static void rotate(double[][] a, double[][] v, int p, int q) {
        if (a[p][q] == 0) {
            return;
        }
        double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
        double t = Math.copySign(1, theta) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        double c = 1 / Math.sqrt(t * t + 1);
        double s = t * c;
        for (int i = 0; i < a.length; i++) {
            double first = a[i][p];
            double second = a[i][q];
            a[i][p] = c * first - s * second;
            a[i][q] = s * first + c * second;
        }
        turn(a[p], a[q], c, s);
        turn(v[p], v[q], c, s);
    }

    private static void turn(double[] p, double[] q, double c, double s) {
        for (int i = 0; i < p.length; i++) {
            double first = p[i];
            double second = q[i];
            p[i] = c * first - s * second;
            q[i] = s * first + c * second;
        }
    }

    /** How many of the first ones have more than that share of all variance, as scikit-learn counts them. */
    int having(double share) {
        double all = Arrays.stream(variances).sum();
        double sum = 0;
        for (int k = 0; k < variances.length; k++) {
            sum += variances[k] / all;
            if (sum > share) {
                return k + 1;
            }
        }
        return variances.length;
    }

    /** Unit vectors {@code from} to before {@code to}. */
    double[][] vectors(int from, int to) {
        return Arrays.copyOfRange(vectors, from, to);
    }
}
