package org.millwright.gate;

import java.util.List;
import java.util.Locale;
import org.millwright.identity.GovernedAction;

/**
 * What policies made of one governed action.
 *
 * @param target where to, or ""
 * @param project the one that governs the subject, or ""
 * @param stage of that project, or ""
 * @param actor id of who asked
 * @param inputs SHA-256 of the JSON document that the requirements saw, kept as an artifact
 * @param decidedAt milliseconds since the epoch
 */
public record Decision(
        String id,
        GovernedAction.Kind action,
        String subject,
        String target,
        String project,
        String stage,
        String actor,
        Outcome outcome,
        List<Judged> policies,
        String inputs,
        List<Finding> findings,
        long decidedAt) {

    public Decision {
        policies = List.copyOf(policies);
        findings = List.copyOf(findings);
    }

    /** WARNED: something is not met that is only warned of. */
    public enum Outcome {
        PASSED,
        WARNED,
        REFUSED;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The version of a policy that judged, whose text is kept as an artifact. */
    public record Judged(String name, String digest, String mode) {}

    /**
     * What became of a requirement.
     *
     * @param remedy what to do, with the subject's own names
     * @param outcome pass, fail or unknown
     * @param detail why it could not be decided, or ""
     */
    public record Finding(
            String policy, String requirement, String check, String remedy, String outcome, String detail) {
        public boolean met() {
            return outcome.equals("pass");
        }

        /** In one line: what is asked, why it is not met, what to do. */
        public String told() {
            return requirement + " (" + policy + "): " + check
                    + (outcome.equals("unknown") ? " could not be decided (" + detail + ")" : " does not hold") + ". "
                    + remedy;
        }
    }

    public String ref() {
        return "gate:" + id;
    }

    public List<Finding> missing() {
        return findings.stream().filter(finding -> !finding.met()).toList();
    }
}
