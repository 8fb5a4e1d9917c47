package org.millwright.scoring.profile;

/** The normal distribution. */
public final class Normal {
    private Normal() {}

    /** The probability of a value above z. */
    public static double above(double z) {
        double both = Gamma.upper(0.5, z * z / 2);
        return z > 0 ? both / 2 : 1 - both / 2;
    }
}
