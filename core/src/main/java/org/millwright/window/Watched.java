package org.millwright.window;

import org.millwright.alert.Alerts;

/**
 * A deployment as monitoring knows it. Times are milliseconds since the epoch.
 *
 * @param watermark event time before which all predictions are known to be made; 0 at first
 * @param labelWatermark event time before which all outcomes are known to be sent; 0 at first
 * @param dropped rows that were answered but not profiled because too many waited
 * @param duplicates rows left out because the same version had answered their id before
 * @param skewed rows whose event time lies more than a day after they were answered; profiled, but they close no window
 */
public record Watched(
        String deployment,
        String project,
        String model,
        long watermark,
        long labelWatermark,
        long dropped,
        long duplicates,
        long skewed) {

    public String ref() {
        return "deployment:" + deployment;
    }

    /** What an alert about a version of it is about. */
    public Alerts.Target of(String version) {
        return new Alerts.Target(deployment, project, model, version);
    }
}
