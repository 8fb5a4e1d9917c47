package org.millwright.pipeline.steps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.millwright.scoring.Frame;

/** Predictions for held-out rows beside what became true, measured by what the project's task asks for. */
sealed interface Measured permits MeasuredNumbers, MeasuredClasses {
    /** The metrics of all rows. */
    ObjectNode overall();

    /** The metrics of some rows. */
    ObjectNode of(List<Integer> rows);

    /** What a model without skill would always predict, and how good that is on the same rows. */
    ObjectNode baseline();

    /**
     * The metrics of another model on the same rows, and by how much the first is worse; a row that it refuses has no
     * prediction.
     *
     * @param groups by row, such as days, within which errors may go together; empty when there are none
     * @param tolerance predictions that are no further apart, relative to those above 1, count as the same: one model predicts
     *     in Python, the other in Java
     */
    ObjectNode other(Frame predictions, long[] groups, double tolerance);

    /** Whether two predictions count as the same. */
    static boolean same(double one, double other, double tolerance) {
        return Math.abs(one - other) <= tolerance * Math.max(1, Math.abs(one));
    }

    /** What a reader of the document needs to know beside the metrics. */
    void describe(ObjectNode evaluation);

    /** The metrics for people, beside the champion's. */
    String sentence(ObjectNode metrics, JsonNode champion);
}
