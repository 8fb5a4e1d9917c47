package org.millwright.insight;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A model as governance sees it: a version where it serves, or the newest one of a model that serves nowhere. Times are
 * milliseconds since the epoch; a state that nothing was recorded about is {@code unknown}, never good.
 *
 * @param ref of the version, or of the external model
 * @param deployment where it serves; "" nowhere, or elsewhere
 * @param stage {@code production}, {@code trial}, {@code staged}, {@code registered} or {@code elsewhere}
 * @param made when the version was registered
 * @param since when it went into production
 * @param agreement {@code kept}, {@code at-risk}, {@code broken}, {@code insufficient} or {@code nothing agreed}
 * @param certificate {@code valid}, {@code expired}, {@code revoked} or {@code none}
 * @param reproduced the newest verdict; {@code never} when it was not tried
 * @param reviewed when a person last decided about the project's file or reviewed it
 * @param health {@code breaching}, {@code stale}, {@code at risk}, {@code healthy} or {@code unknown}
 * @param attention what needs somebody, the most urgent first
 */
public record Inventoried(
        String ref,
        String model,
        String version,
        String project,
        String owner,
        String tier,
        String purpose,
        String deployment,
        String stage,
        Optional<Long> made,
        Optional<Long> since,
        String agreement,
        String drift,
        String bias,
        String certificate,
        Optional<Long> validUntil,
        String reproduced,
        Optional<Long> reproducedAt,
        Optional<Long> reviewed,
        Optional<Long> reviewDue,
        String vulnerabilities,
        String health,
        List<Attention> attention) {
    static final String UNKNOWN = "unknown";

    /** What needs attention first; what needs none by name. */
    static final Comparator<Inventoried> FIRST = Comparator.comparingInt(Inventoried::weight)
            .reversed()
            .thenComparing(Inventoried::ref)
            .thenComparing(Inventoried::deployment);

    public Inventoried {
        attention = attention.stream()
                .sorted(Comparator.comparingInt(Attention::weight).reversed())
                .toList();
    }

    public int weight() {
        return attention.isEmpty() ? 0 : attention.getFirst().weight();
    }

    public boolean isServed() {
        return stage.equals("production") || stage.equals("trial") || stage.equals("elsewhere");
    }
}
