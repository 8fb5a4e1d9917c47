package org.millwright.gate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.millwright.policy.Expressions;
import org.millwright.policy.Outcome;
import org.millwright.policy.Vocabulary;

/**
 * The language of a pipeline's gates: {@link Expressions} over what the steps before found out.
 *
 * <p>{@code metrics} of the candidate on held-out rows (rows, skill and bounds such as skill_low; of numbers rmse, mae, r2,
 * bias; of classes accuracy, f1, roc_auc and others), {@code baseline} (mean, rmse; or class, share and its metrics),
 * {@code champion} (null, or metrics on the same rows; {@code difference} is by how much the candidate's loss is larger, with
 * difference_low, difference_high, difference_p, difference_rows, difference_groups, difference_of, difference_by),
 * {@code handoff} (agrees, rows, largest, tolerance, edges.blocking),
 * {@code slices} (lists of metrics with their value, by column), {@code data} (rows by dataset), {@code parameters} (texts
 * by name). A number that is not finite is left out, so that no comparison with it can pass.
 */
final class Rules {
    static final List<String> INPUTS =
            List.of("metrics", "baseline", "champion", "handoff", "slices", "data", "parameters");

    private static final Expressions LANGUAGE = new Expressions(Vocabulary.free(INPUTS));

    private Rules() {}

    /** Throws IllegalArgumentException with the reason when the text is no expression of a truth value. */
    static Expressions.Expression compile(String check) {
        return LANGUAGE.compile(check);
    }

    /** Decides one rule; anything unexpected is an ERROR. */
    static Verdict judge(Rule rule, JsonNode inputs) {
        try {
            Outcome outcome = compile(rule.check()).judge(LANGUAGE.facts(inputs));
            return new Verdict(
                    rule,
                    switch (outcome.kind()) {
                        case PASS -> Verdict.Outcome.PASS;
                        case FAIL -> Verdict.Outcome.FAIL;
                        case UNKNOWN -> Verdict.Outcome.ERROR;
                    },
                    outcome.detail());
        } catch (IllegalArgumentException e) {
            return new Verdict(rule, Verdict.Outcome.ERROR, String.valueOf(e.getMessage()));
        }
    }
}
