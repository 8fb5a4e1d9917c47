package org.millwright.app.simulation;

import java.util.Locale;

/** Figures as people read them. */
final class Figures {
    private Figures() {}

    /** Four significant digits at most, without an exponent where it can be. */
    static String short4(double value) {
        if (!Double.isFinite(value)) {
            return "—";
        }
        double size = Math.abs(value);
        int digits = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 0.001 || size == 0 ? 3 : 6;
        return String.format(Locale.ROOT, "%,." + digits + "f", value);
    }

    static String signed(double value) {
        return (value > 0 ? "+" : "") + short4(value);
    }

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
