package org.millwright.scoring.performance;

import org.millwright.scoring.profile.NumericProfile;
import org.millwright.scoring.profile.Sample;

/** Rows of two profiles of probabilities, ranked together by them. */
final class RankedSamples {
    private RankedSamples() {}

    /** The area under the ROC curve that is to be expected when the probabilities are true. */
    static double rocAuc(NumericProfile one, NumericProfile other) {
        Sample a = one.sample();
        Sample b = other.sample();
        int i = a.values().length - 1;
        int j = b.values().length - 1;
        double area = 0;
        double hits = 0;
        double misses = 0;
        while (i >= 0 || j >= 0) {
            boolean first = j < 0 || i >= 0 && a.values()[i] >= b.values()[j];
            Sample from = first ? a : b;
            int at = first ? i-- : j--;
            double weight = from.upTo()[at] - (at == 0 ? 0 : from.upTo()[at - 1]);
            double found = weight * from.values()[at];
            area += (weight - found) * (2 * hits + found) / 2;
            hits += found;
            misses += weight - found;
        }
        return area / hits / misses;
    }
}
