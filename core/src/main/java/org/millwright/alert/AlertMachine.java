package org.millwright.alert;

import java.util.List;
import java.util.Optional;
import org.millwright.project.Agreement;

/** When a deployment's clause becomes an alert and when the alert is over. Pure. */
final class AlertMachine {
    private static final int KEPT_TO_RESOLVE = 2;

    private AlertMachine() {}

    /** An alert needs {@code broken} of the last {@code of} judged windows, the newest among them. */
    record Rule(int of, int broken) {
        static Rule of(Agreement agreement) {
            return agreement
                    .retrain()
                    .map(retrain -> new Rule(retrain.windows(), retrain.broken()))
                    .orElse(new Rule(1, 1));
        }

        /** Kept windows in a row that end an alert: at least two, so that one lucky window does not. */
        int keptToResolve() {
            return Math.max(KEPT_TO_RESOLVE, of);
        }
    }

    /** What to do. */
    enum Step {
        NOTHING,
        RAISE,
        RESOLVE
    }

    /**
     * Decides after a new verdict.
     *
     * @param open the clause's open alert
     * @param newest verdicts of leading versions that say something, newest window first
     */
    static Step step(Optional<Alert> open, List<Judgement> newest, Rule rule) {
        if (newest.isEmpty()) {
            return Step.NOTHING;
        }
        if (open.isEmpty()) {
            long broken = newest.stream()
                    .limit(rule.of())
                    .filter(judgement -> judgement.verdict() == Verdict.BROKEN)
                    .count();
            boolean raise = newest.getFirst().verdict() == Verdict.BROKEN && broken >= rule.broken();
            return raise ? Step.RAISE : Step.NOTHING;
        }
        long since = open.get().window().start();
        long kept = newest.stream()
                .takeWhile(judgement -> judgement.verdict() != Verdict.BROKEN
                        && judgement.window().start() > since)
                .count();
        return kept >= rule.keptToResolve() ? Step.RESOLVE : Step.NOTHING;
    }
}
