package org.millwright.scoring.drift;

import org.millwright.scoring.profile.ChiSquare;
import org.millwright.scoring.profile.ColumnDrift;
import org.millwright.scoring.profile.Shares;

/** How the share of rows without a value changed. */
final class Missing {
    private Missing() {}

    /** PSI of the shares with and without a value. */
    static double psi(ColumnDrift drift) {
        return Shares.psi(reference(drift), current(drift));
    }

    /** The chi-square test of the two shares; 1 when no row lacks a value. */
    static double p(ColumnDrift drift) {
        return ChiSquare.of(reference(drift), current(drift)).p();
    }

    private static long[] reference(ColumnDrift drift) {
        return new long[] {drift.referenceRows(), drift.referenceAll() - drift.referenceRows()};
    }

    private static long[] current(ColumnDrift drift) {
        return new long[] {drift.currentRows(), drift.currentAll() - drift.currentRows()};
    }
}
