package org.millwright.scoring.profile;

/**
 * The distribution of the two-sided Kolmogorov-Smirnov statistic for n observations.
 *
 * <p>As Simard and L'Ecuyer (2011) combine it: exact forms at the ends, twice the one-sided tail where it is exact
 * to double precision, the Marsaglia-Tsang-Wang matrix for small n, and the Pelz-Good series for large n.
 */
final class Kolmogorov {
    /** With n·d² as large the probability is below what a double can hold. */
    static final double BEYOND = 370;

    private static final int SMALL = 140;
    /** Terms of {@link #oneSided} that are enough where they are smooth. */
    private static final int TERMS = 120;
    /** Of fewer observations all are taken. */
    private static final int LEAST = 400;
    /** Up to this distance they are: none at the ends of the sum counts. */
    private static final double SMOOTH = 0.3;
    /** What a term of a series is to its first when it and all after it add nothing. */
    private static final double NOTHING = 1e-40;

    private Kolmogorov() {}

    /** P(D ≥ d) for n observations. */
    static double survival(int n, double d) {
        if (n <= 0 || Double.isNaN(d)) {
            return Double.NaN;
        }
        double t = n * d;
        if (d >= 1 || n * d * d >= BEYOND) {
            return 0;
        }
        if (t <= 0.5) {
            return 1;
        }
        if (t <= 1) {
            return clip(1 - Math.exp(Gamma.log(n + 1.0) - n * Math.log(n) + n * Math.log(2 * t - 1)));
        }
        if (t >= n - 1) {
            return clip(2 * Math.pow(1 - d, n));
        }
        double squared = t * d;
        if (d >= 0.5 || squared >= (n <= SMALL ? 4 : 2.2)) {
            return clip(2 * oneSided(n, d));
        }
        boolean matrix = n <= SMALL || (n <= 100_000 && n * Math.pow(d, 1.5) <= 1.4);
        return clip(1 - (matrix ? matrix(n, d) : pelzGood(n, d)));
    }

    private static double clip(double p) {
        return Math.min(1, Math.max(0, p));
    }

    /**
     * P(D⁺ ≥ d), Smirnov's sum. Its terms make a smooth bell that is nothing at both ends, so that every so many of them
     * stand for all: off by less than 10⁻¹², relatively.
     */
    private static double oneSided(int n, double d) {
        return oneSided(n, d, n >= LEAST && d <= SMOOTH ? n / TERMS : 1);
    }

    static double oneSided(int n, double d, int step) {
        double sum = 0;
        double logFactorial = Gamma.logFactorial(n);
        int last = (int) Math.floor(n * (1 - d));
        for (int j = 0; j <= last; j += step) {
            double left = d + (double) j / n;
            double right = 1 - left;
            if (right <= 0) {
                continue;
            }
            double log = logFactorial
                    - Gamma.logFactorial(j)
                    - Gamma.logFactorial(n - j)
                    + (j - 1) * Math.log(left)
                    + (n - j) * Math.log(right);
            sum += Math.exp(log);
        }
        return sum * step * d;
    }

    /** P(D < d) by the matrix of Marsaglia, Tsang and Wang. */
    static double matrix(int n, double d) {
        int k = (int) Math.ceil(n * d);
        int m = 2 * k - 1;
        double h = k - n * d;
        double[][] power = Powers.of(hessenberg(m, h), n);
        double result = power[k - 1][k - 1];
        double exponent = power[m][0];
        for (int i = 1; i <= n; i++) {
            result = result * i / n;
            if (result < 1e-140) {
                result *= 1e140;
                exponent -= 140;
            }
        }
        return result * Math.pow(10, exponent);
    }

    private static double[][] hessenberg(int m, double h) {
        double[][] matrix = new double[m][m];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < m; j++) {
                matrix[i][j] = i - j + 1 < 0 ? 0 : 1;
            }
        }
        for (int i = 0; i < m; i++) {
            matrix[i][0] -= Math.pow(h, i + 1);
            matrix[m - 1][i] -= Math.pow(h, m - i);
        }
        matrix[m - 1][0] += 2 * h - 1 > 0 ? Math.pow(2 * h - 1, m) : 0;
        for (int i = 0; i < m; i++) {
            for (int j = 0; j <= i; j++) {
                for (int g = 1; g <= i - j + 1; g++) {
                    matrix[i][j] /= g;
                }
            }
        }
        return matrix;
    }

    /** P(D < d) by the series of Pelz and Good in powers of 1/√n. */
    static double pelzGood(int n, double d) {
        double z = Math.sqrt(n) * d;
        double z2 = z * z;
        double z4 = z2 * z2;
        double z6 = z4 * z2;
        double k0 = 0;
        double k1 = 0;
        double k2 = 0;
        double k3 = 0;
        double least = 0;
        for (int k = 0; k < 60; k++) {
            double q = Math.PI * Math.PI * (k + 0.5) * (k + 0.5);
            double e = 2 * Math.exp(-q / (2 * z2));
            if (e <= least) {
                break;
            }
            least = Math.max(least, e * NOTHING);
            k0 += e;
            k1 += (q - z2) * e;
            k2 += (6 * z6 + 2 * z4 + q * (2 * z4 - 5 * z2) + q * q * (1 - 2 * z2)) * e;
            k3 += (q * q * q * (5 - 30 * z2)
                            + q * q * (-60 * z2 + 212 * z4)
                            + q * (135 * z4 - 96 * z6)
                            - 30 * z6
                            - 90 * z4 * z4)
                    * e;
        }
        double k2b = 0;
        double k3b = 0;
        least = 0;
        for (int k = 1; k < 60; k++) {
            double q = Math.PI * Math.PI * k * k;
            double e = 2 * Math.exp(-q / (2 * z2));
            if (e <= least) {
                break;
            }
            least = Math.max(least, e * NOTHING);
            k2b += q * e;
            k3b += (3 * q * z2 - q * q) * e;
        }
        double half = Math.sqrt(Math.PI / 2);
        double first = half / z * k0;
        double second = half / (6 * z4) * k1;
        double third = half / (72 * z6 * z) * k2 - half / (36 * z2 * z) * k2b;
        double fourth = half / (6480 * z6 * z4) * k3 + half / (216 * z6) * k3b;
        double root = Math.sqrt(n);
        return first + second / root + third / n + fourth / (n * root);
    }
}
