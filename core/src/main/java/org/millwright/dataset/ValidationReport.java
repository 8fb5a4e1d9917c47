package org.millwright.dataset;

import java.util.List;

/**
 * How a table kept its contract.
 *
 * @param contract id and version of the contract
 * @param rows number of rows checked
 */
public record ValidationReport(String contract, String table, long rows, List<RuleResult> results) {
    /** What follows from the results. */
    public enum Verdict {
        /** Every rule was run and kept. */
        KEPT,
        /** Only rules that warn were broken, or some were not run. */
        WARNED,
        /** A rule of severity error was broken: the data stays out. */
        BROKEN
    }

    public ValidationReport {
        results = List.copyOf(results);
    }

    @com.fasterxml.jackson.annotation.JsonIgnore
    public Verdict verdict() {
        if (broken().stream().anyMatch(result -> result.severity() == Severity.ERROR)) {
            return Verdict.BROKEN;
        }
        boolean kept = results.stream()
                .allMatch(result -> result.outcome() == RuleResult.Outcome.PASSED
                        || (result.severity() == Severity.INFO && result.outcome() == RuleResult.Outcome.FAILED));
        return kept ? Verdict.KEPT : Verdict.WARNED;
    }

    /** The rules that were broken, of any severity. */
    @com.fasterxml.jackson.annotation.JsonIgnore
    public List<RuleResult> broken() {
        return results.stream()
                .filter(result -> result.outcome() == RuleResult.Outcome.FAILED)
                .toList();
    }
}
