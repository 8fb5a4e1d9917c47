package org.millwright.monitor;

import java.time.Duration;

/**
 * Bounds of monitoring.
 *
 * @param waitingRows answered rows that may wait to be profiled, per deployment; more are dropped and counted
 * @param every how long rows wait at most before they are in the database
 * @param keptPredictions single predictions kept per deployment so that outcomes find them; the oldest go first
 */
public record MonitorSettings(int waitingRows, Duration every, long keptPredictions) {
    public static final MonitorSettings DEFAULT = new MonitorSettings(100_000, Duration.ofSeconds(1), 2_000_000);

    public MonitorSettings {
        if (waitingRows < 1 || every.isNegative() || every.isZero() || keptPredictions < 1) {
            throw new IllegalArgumentException("monitoring bounds must be above 0");
        }
    }
}
