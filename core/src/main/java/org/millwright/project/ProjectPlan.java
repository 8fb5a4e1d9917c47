package org.millwright.project;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a request says beside the machinery: for whom, worth what, at what cost, looked at by whom and how often. All of it may
 * be left out.
 *
 * @param template the template that the folder began as; "" for none
 * @param businessOwner user name of who answers for the value and the risk
 * @param value what it is expected to bring
 * @param affected whom its answers reach
 * @param intake answers to the questionnaire, by question; empty while it is not answered
 * @param reviewers roles of which one person each agrees before it is approved; empty: one person who may approve
 * @param budget what its runs may take
 * @param reviewEvery how often somebody looks whether it is still what was approved
 */
public record ProjectPlan(
        String template,
        Optional<String> businessOwner,
        Optional<Value> value,
        Optional<Affected> affected,
        Map<String, List<String>> intake,
        List<String> reviewers,
        Optional<Budget> budget,
        Optional<Duration> reviewEvery) {

    public ProjectPlan {
        intake = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(intake));
        reviewers = List.copyOf(reviewers);
    }

    /**
     * What the project is expected to bring.
     *
     * @param per {@code prediction}, {@code outcome}, {@code month} or {@code year}
     * @param currency three letters, ISO 4217
     */
    public record Value(double amount, String currency, String per, String because) {}

    /** Whom the answers reach; {@code number} is 0 where nobody knows. */
    public record Affected(String who, int number) {}

    /** What the runs of a project may take in a calendar month (UTC). */
    public record Budget(long computeSeconds) {}

    /** How often it is reviewed: as stated, or by what harm it can do. */
    public Duration reviewEvery(RiskTier tier) {
        return reviewEvery.orElse(
                switch (tier) {
                    case HIGH -> Duration.ofDays(90);
                    case MEDIUM -> Duration.ofDays(180);
                    case LOW, MINIMAL -> Duration.ofDays(365);
                });
    }
}
