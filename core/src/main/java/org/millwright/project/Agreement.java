package org.millwright.project;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the people of a project agreed to watch about its model in production, and what happens when it fails.
 *
 * @param window how labelled predictions are grouped: day, week or month
 * @param investigate user who is told
 */
public record Agreement(
        String window,
        Optional<Performance> performance,
        Optional<Drift> drift,
        Optional<Retrain> retrain,
        String investigate) {

    /** The least that a metric may be in a window with enough labels. */
    public record Performance(String metric, double atLeast, int minLabels) {}

    /** When a column counts as moved, and which share of the columns may move; limits in units of the method. */
    public record Drift(String method, double warn, double alert, double columnsShare) {}

    /**
     * When alerts start a pipeline: on which kinds, if at least {@code broken} of the last {@code windows} windows broke
     * the agreement, not within {@code coolDown} of the last time, and only with enough labels that are new.
     */
    public record Retrain(
            String pipeline, List<String> on, int windows, int broken, Duration coolDown, long minNewLabels) {
        public Retrain {
            on = List.copyOf(on);
        }
    }
}
