package org.millwright.web.ui;

import java.util.ArrayList;
import java.util.List;

/** The range of a plot's vertical axis, widened to round numbers. */
record Scale(double low, double high, double step) {
    private static final int TICKS = 4;

    static Scale nice(double min, double max) {
        double range = max - min;
        if (range <= 0) {
            range = Math.max(Math.abs(max), 1) * 0.2;
        }
        double rough = range / TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double ratio = rough / power;
        double step = power * (ratio <= 1 ? 1 : ratio <= 2 ? 2 : ratio <= 5 ? 5 : 10);
        double low = Math.floor(min / step) * step;
        double high = Math.ceil(max / step) * step;
        return new Scale(low, high > low ? high : low + step, step);
    }

    List<Double> ticks() {
        var ticks = new ArrayList<Double>();
        for (int i = 0; low + i * step <= high + step / 1e6; i++) {
            ticks.add(Math.round((low + i * step) / step) * step);
        }
        return ticks;
    }
}
