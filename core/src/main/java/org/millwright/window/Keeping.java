package org.millwright.window;

import org.millwright.alert.WindowKind;
import org.millwright.outcome.Segments;

/**
 * What is kept of a project's predictions.
 *
 * @param kind how long windows are
 * @param classes whether classes are predicted, so that further outputs are their probabilities
 * @param segments how rows are split: these columns' values are kept with single predictions
 */
public record Keeping(WindowKind kind, boolean classes, Segments segments) {}
