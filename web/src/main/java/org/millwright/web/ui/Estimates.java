package org.millwright.web.ui;

import java.util.Arrays;
import java.util.List;

/** A metric as it was estimated before outcomes came, by window, to be seen beside what was measured. */
record Estimates(String metric, List<SignalWatch.Row> rows) {
    static final Estimates NONE = new Estimates("", List.of());

    static Estimates of(SignalWatch signals) {
        return new Estimates(signals.metric(), signals.estimates());
    }

    /** Draws them where the plot shows the same metric; windows without an estimate stay open. */
    void addTo(Plot plot, String shown, List<String> labels) {
        if (rows.isEmpty() || !metric.equalsIgnoreCase(shown)) {
            return;
        }
        double[] values = gaps(labels.size());
        double[] low = gaps(labels.size());
        double[] high = gaps(labels.size());
        for (SignalWatch.Row row : rows) {
            int at = labels.indexOf(row.window());
            if (at >= 0) {
                values[at] = row.estimated().value();
                low[at] = row.estimated().low();
                high[at] = row.estimated().high();
            }
        }
        plot.series("estimated " + shown, values, low, high);
    }

    private static double[] gaps(int length) {
        double[] gaps = new double[length];
        Arrays.fill(gaps, Double.NaN);
        return gaps;
    }
}
