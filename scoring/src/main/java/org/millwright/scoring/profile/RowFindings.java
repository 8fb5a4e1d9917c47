package org.millwright.scoring.profile;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.Vector;

/** What some rows tell, each by itself: found once, and counted in the profile of all of them and of any part. */
public interface RowFindings {
    /**
     * Counts rows in their window's profile.
     *
     * @param rows which of them; null for all
     */
    void addTo(Profile window, int @Nullable [] rows);

    /** All that was found of the same rows. */
    static RowFindings of(List<RowFindings> parts) {
        return (window, rows) -> parts.forEach(part -> part.addTo(window, rows));
    }

    /** A number of each row in a derived column. */
    static RowFindings numbers(String column, double[] values) {
        return (window, rows) -> window.derived(column).update(new Vector.Doubles(picked(values, rows)));
    }

    /** A number of each row that counts. */
    static RowFindings numbers(String column, double[] values, boolean[] counts) {
        return (window, rows) -> {
            int all = rows == null ? values.length : rows.length;
            double[] some = new double[all];
            int n = 0;
            for (int i = 0; i < all; i++) {
                int row = rows == null ? i : rows[i];
                if (counts[row]) {
                    some[n++] = values[row];
                }
            }
            window.derived(column).update(new Vector.Doubles(java.util.Arrays.copyOf(some, n)));
        };
    }

    private static double[] picked(double[] values, int @Nullable [] rows) {
        if (rows == null) {
            return values;
        }
        double[] some = new double[rows.length];
        for (int i = 0; i < some.length; i++) {
            some[i] = values[rows[i]];
        }
        return some;
    }
}
