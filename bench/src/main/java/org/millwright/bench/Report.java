package org.millwright.bench;

import java.io.PrintStream;
import java.util.Locale;

/** Prints what came out, one line a figure. */
record Report(PrintStream out, String bench) {
    /**
     * A figure that has a goal.
     *
     * @param format of a value, such as {@code %.2f s}
     * @param goal what it should stay below
     */
    void below(String what, Samples values, String format, double goal) {
        line(
                what,
                Samples.text(format, values.median()),
                values.spread(format) + "  goal: below " + Samples.text(format, goal)
                        + (values.median() < goal ? ", met" : ", MISSED"));
    }

    /** The same for a figure that should be at least the goal. */
    void atLeast(String what, Samples values, String format, double goal) {
        line(
                what,
                Samples.text(format, values.median()),
                values.spread(format) + "  goal: at least " + Samples.text(format, goal)
                        + (values.median() >= goal ? ", met" : ", MISSED"));
    }

    void figure(String what, Samples values, String format) {
        line(what, Samples.text(format, values.median()), values.spread(format));
    }

    /** A figure of several servers. */
    void text(String what, String values) {
        out.println(String.format(Locale.ROOT, "%-8s %-45s %s", bench, what, values));
        out.flush();
    }

    void note(String text) {
        out.println("  " + text);
    }

    private void line(String what, String value, String rest) {
        out.println(String.format(Locale.ROOT, "%-8s %-52s %12s  %s", bench, what, value, rest));
        out.flush();
    }
}
