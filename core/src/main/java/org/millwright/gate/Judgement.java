package org.millwright.gate;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a gate decided about a subject.
 *
 * @param subject reference of what was judged: a step of a run
 * @param inputs SHA-256 of the JSON document that the rules saw, kept as an artifact
 * @param judgedAt milliseconds since the epoch
 */
public record Judgement(
        String id,
        String project,
        String subject,
        boolean passed,
        String inputs,
        List<Verdict> verdicts,
        long judgedAt) {

    public Judgement {
        verdicts = List.copyOf(verdicts);
    }

    /** Every rule that did not pass, with its fix. */
    public String failures() {
        return verdicts.stream()
                .filter(verdict -> !verdict.passed())
                .map(verdict -> verdict.rule().name()
                        + (verdict.outcome() == Verdict.Outcome.ERROR
                                ? " could not be decided (" + verdict.detail() + ")"
                                : " does not hold (" + verdict.rule().check() + ")")
                        + (verdict.rule().fix().isEmpty()
                                ? ""
                                : ": " + verdict.rule().fix()))
                .collect(Collectors.joining("; "));
    }
}
