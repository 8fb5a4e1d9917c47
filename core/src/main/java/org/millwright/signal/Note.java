package org.millwright.signal;

import com.fasterxml.jackson.databind.JsonNode;
import org.millwright.alert.Window;

/**
 * Something that was seen and that nobody is notified of.
 *
 * @param kind such as {@code concept-drift}
 * @param subject what saw it, such as {@code adwin}
 * @param at event time of what was seen, milliseconds since the epoch
 * @param text in one sentence
 * @param details the evidence
 * @param notedAt by the clock
 */
public record Note(
        String deployment,
        String kind,
        String subject,
        String version,
        Window window,
        long at,
        String text,
        JsonNode details,
        long notedAt) {
    /** A detector saw the errors of a version rise. */
    public static final String CONCEPT_DRIFT = "concept-drift";
}
