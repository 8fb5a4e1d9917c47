package org.millwright.gate;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.millwright.approval.Approvals;
import org.millwright.approval.Condition;
import org.millwright.approval.Measures;
import org.millwright.approval.Release;
import org.millwright.approval.Releases;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.policy.Outcome;
import org.millwright.policy.Policy;

/** Judges conditions of approvals by their measures, on what policies see of a version. */
public final class Measured implements Measures {
    private static final int LONGEST = 160;

    private final PolicyFacts facts;
    private final Approvals approvals;
    private final Releases releases;

    public Measured(PolicyFacts facts, Approvals approvals, Releases releases) {
        this.facts = facts;
        this.approvals = approvals;
        this.releases = releases;
    }

    @Override
    public Outcome judge(Condition condition, String version) {
        return judge(condition, facts.recorded(version));
    }

    @Override
    public String version(Condition condition) {
        try {
            return condition.subject().startsWith("release:")
                    ? releases.get(condition.subject().substring(Release.ref("").length()))
                            .modelRef()
                    : "model:" + condition.model() + "/"
                            + approvals
                                    .newest("approval:" + condition.approval())
                                    .digests()
                                    .getOrDefault("version", "");
        } catch (Problem.NotFound e) {
            return "";
        }
    }

    static Outcome judge(Condition condition, JsonNode document) {
        try {
            return Policy.measures()
                    .compile(condition.measure())
                    .judge(Policy.measures().facts(document));
        } catch (IllegalArgumentException e) {
            return new Outcome(Outcome.Kind.UNKNOWN, String.valueOf(e.getMessage()));
        }
    }

    /** Conditions as a policy, so that what they decide is kept, told and judged again like everything else. */
    static Optional<Policy> policy(List<Condition> conditions) {
        if (conditions.isEmpty()) {
            return Optional.empty();
        }
        var text = new StringBuilder("""
                apiVersion: millwright/v1
                kind: Policy
                name: conditions
                description: What approvals of this model were given under, and is due.
                mode: enforce
                applies-to: {actions: [deploy, traffic, promote, auto-promote]}
                requirements:
                """);
        conditions.forEach(condition -> text.append("  - ")
                .append(Json.write(Json.object()
                        .put("name", "condition-" + condition.id())
                        .put("check", check(condition))
                        .put("remedy", remedy(condition))))
                .append('\n'));
        return Optional.of(Policy.parse(text.toString()));
    }

    /** What was written in another language than that of today is never kept by itself. */
    private static String check(Condition condition) {
        try {
            Policy.measures().compile(condition.measure());
            return condition.measure();
        } catch (IllegalArgumentException e) {
            return "false";
        }
    }

    private static String remedy(Condition condition) {
        String text = condition.text().lines().findFirst().orElse("");
        return "It was approved under the condition “"
                + (text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text) + "”, due on "
                + Instant.ofEpochMilli(condition.dueAt() - 1)
                        .atOffset(ZoneOffset.UTC)
                        .toLocalDate()
                + ": make it so, or have an approver say that it is met: mw approve meet " + condition.id()
                + " --note …";
    }
}
