package org.millwright.monitor;

import java.util.List;

/**
 * What is kept of a project's predictions.
 *
 * @param kind how long windows are
 * @param classes whether classes are predicted, so that further outputs are their probabilities
 * @param segments columns whose values are kept with single predictions
 */
record Keeping(WindowKind kind, boolean classes, List<String> segments) {
    Keeping {
        segments = List.copyOf(segments);
    }
}
