package org.millwright.scoring.profile;

/**
 * How far a column moved from its reference. A measure that does not apply, or has no rows to go by, is NaN.
 *
 * @param psi population stability index: over the reference's decile bins, or over categories
 * @param jensenShannon Jensen-Shannon distance, base 2: over single values when the reference has at most 20 of them
 * @param totalVariation total variation distance over the same bins as {@code psi}
 * @param lInfinity largest change of one bin's share
 * @param hellinger Hellinger distance over the same bins as {@code psi}
 * @param kl Kullback-Leibler divergence of current from reference in nats, over the same bins as {@code psi}
 * @param ks Kolmogorov-Smirnov distance (numeric; from sketches it is off by at most 0.009)
 * @param wasserstein Wasserstein distance in reference standard deviations (numeric)
 * @param p p-value of the Kolmogorov-Smirnov test (of profiles exact up to 200 rows, of raw values up to 10,000, else
 *     asymptotic) or, for categories, of the chi-square test
 * @param chiSquare the chi-square test on the contingency table, rare categories merged (categories); else of no
 *     degrees of freedom and p NaN
 * @param cramersV Cramér's V of the whole contingency table, 0 to 1 (categories)
 * @param newShare share of current rows whose category the reference does not have (categories)
 * @param bins how many bins or categories {@code psi} is over
 * @param referenceMissing share of reference rows without a value
 * @param currentMissing share of current rows without a value
 * @param referenceRows reference rows with a value
 * @param currentRows current rows with a value
 * @param referenceAll reference rows with and without a value
 * @param currentAll current rows with and without a value
 */
public record ColumnDrift(
        String column,
        boolean numeric,
        double psi,
        double jensenShannon,
        double totalVariation,
        double lInfinity,
        double hellinger,
        double kl,
        double ks,
        double wasserstein,
        double p,
        ChiSquare chiSquare,
        double cramersV,
        double newShare,
        int bins,
        double referenceMissing,
        double currentMissing,
        long referenceRows,
        long currentRows,
        long referenceAll,
        long currentAll) {}
