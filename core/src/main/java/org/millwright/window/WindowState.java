package org.millwright.window;

import org.millwright.alert.Window;

/**
 * What one model version did for a deployment in a window.
 *
 * @param rows predictions profiled
 * @param late of these, how many came after the window had closed
 * @param lastEvent newest event time seen, milliseconds since the epoch
 * @param labels predictions whose outcome is known
 * @param revision counts the changes of this state
 */
public record WindowState(
        String deployment,
        String version,
        Window window,
        long rows,
        long late,
        long lastEvent,
        long labels,
        long revision) {

    /** Whether a prediction of that version for that time is one of these. */
    public boolean has(String made, long time) {
        return window.contains(time) && version.equals(made);
    }

    /** Share of predictions whose outcome is known, 0 to 1. */
    public double coverage() {
        return rows == 0 ? 0 : (double) labels / rows;
    }
}
