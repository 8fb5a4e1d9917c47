package org.millwright.scoring.profile;

/** Student's t distribution. */
public final class StudentT {
    private static final double TINY = 1e-300;
    private static final int MOST_TERMS = 10_000;

    private StudentT() {}

    /** The probability of a value at least that far from 0 on either side. */
    public static double twoSided(double t, double freedom) {
        return Double.isInfinite(t) ? 0 : beta(freedom / (freedom + t * t), freedom / 2, 0.5);
    }

    /** The value that is exceeded on either side with that probability, 0 to 1. */
    static double quantile(double twoSided, double freedom) {
        double low = 0;
        double high = 1;
        while (twoSided(high, freedom) > twoSided) {
            high *= 2;
        }
        for (int i = 0; i < 200 && high - low > Math.ulp(high); i++) {
            double middle = (low + high) / 2;
            if (twoSided(middle, freedom) > twoSided) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return (low + high) / 2;
    }

    /** The regularised incomplete beta function. */
    private static double beta(double x, double a, double b) {
        if (x <= 0 || x >= 1) {
            return x <= 0 ? 0 : 1;
        }
        double front = Math.exp(Gamma.log(a + b) - Gamma.log(a) - Gamma.log(b) + a * Math.log(x) + b * Math.log1p(-x));
        return x < (a + 1) / (a + b + 2) ? front * fraction(x, a, b) / a : 1 - front * fraction(1 - x, b, a) / b;
    }

    /** Lentz's continued fraction. */
    private static double fraction(double x, double a, double b) {
        double c = 1;
        double d = 1 / notZero(1 - (a + b) * x / (a + 1));
        double h = d;
        for (int m = 1; m < MOST_TERMS; m++) {
            double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / notZero(1 + even * d);
            c = notZero(1 + even / c);
            h *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / notZero(1 + odd * d);
            c = notZero(1 + odd / c);
            double step = d * c;
            h *= step;
            if (Math.abs(step - 1) < 1e-15) {
                break;
            }
        }
        return h;
    }

    private static double notZero(double value) {
        return Math.abs(value) < TINY ? TINY : value;
    }
}
