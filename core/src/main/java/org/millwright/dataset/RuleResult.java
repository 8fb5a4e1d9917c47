package org.millwright.dataset;

import java.util.List;
import java.util.Map;

/**
 * How the data kept one rule.
 *
 * @param measured what was counted or measured, in per cent when the threshold is
 * @param required what it must be, in words
 * @param failing number of rows that break the rule
 * @param samples the first of them
 * @param note why a rule was not run or could not be
 */
public record RuleResult(
        String rule,
        String description,
        Severity severity,
        Outcome outcome,
        double measured,
        String required,
        long failing,
        List<Sample> samples,
        String note) {
    /** Not run is never passed. */
    public enum Outcome {
        PASSED,
        FAILED,
        NOT_RUN
    }

    /**
     * A row that breaks the rule.
     *
     * @param row number in the source, from 1
     * @param values column → text as it came in; a missing value is left out
     */
    public record Sample(long row, Map<String, String> values) {
        public Sample {
            values = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(values));
        }
    }

    public RuleResult {
        samples = List.copyOf(samples);
    }

    /** Such as {@code distance.range: 27 rows (must be 0)}. */
    public String line() {
        return switch (outcome) {
            case PASSED -> rule + ": kept";
            case NOT_RUN -> rule + ": not run, " + note;
            case FAILED ->
                rule + ": " + Threshold.number(measured) + " (" + required + ")" + (note.isEmpty() ? "" : ", " + note);
        };
    }
}
