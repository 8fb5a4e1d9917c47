package org.millwright.bench;

import java.util.Arrays;
import java.util.Locale;

/** The values that several runs gave, in order of size. */
record Samples(double[] sorted) {
    Samples {
        sorted = sorted.clone();
        Arrays.sort(sorted);
    }

    static Samples of(double... values) {
        return new Samples(values);
    }

    double median() {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** Least and greatest value, and of how many. */
    String spread(String format) {
        return "[" + text(format, sorted[0]) + " to " + text(format, sorted[sorted.length - 1]) + ", " + sorted.length
                + (sorted.length == 1 ? " run]" : " runs]");
    }

    static String text(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
