package org.millwright.monitor;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.millwright.project.Agreement;

/** Whether a broken clause is a reason to train again, by the agreement's own rule. Pure. */
public final class Retraining {
    private Retraining() {}

    /**
     * What is known when the question comes up.
     *
     * @param clause that the open alert is about
     * @param newest verdicts on that clause that say something, of leading versions, newest window first
     * @param champion version that answers most requests now
     * @param lastDataEnd end of the data of the last retraining, or of the champion's training; 0 when unknown
     * @param newLabels outcomes of predictions that are for a time after that
     * @param running whether a retraining runs now
     */
    public record Facts(
            Clause clause, List<Judgement> newest, String champion, long lastDataEnd, long newLabels, boolean running) {
        public Facts {
            newest = List.copyOf(newest);
        }

        Facts whileRunning() {
            return new Facts(clause, newest, champion, lastDataEnd, newLabels, true);
        }
    }

    /** To train or not, and why. */
    public sealed interface Decision {
        String reason();

        /** @param dataEnd event time up to which there is data to train on */
        record Train(String pipeline, long dataEnd, String reason) implements Decision {}

        /** @param code {@code not-agreed}, {@code kept}, {@code replaced}, {@code running}, {@code cool-down} or {@code few-labels} */
        record Wait(String code, String reason) implements Decision {}
    }

    public static Decision decide(Optional<Agreement.Retrain> agreed, Facts facts) {
        if (agreed.isEmpty() || !agreed.get().when().watches(facts.clause().text())) {
            return new Decision.Wait(
                    "not-agreed",
                    "The agreement does not retrain on " + facts.clause().text() + ": investigate");
        }
        Agreement.Retrain rule = agreed.get();
        if (facts.running()) {
            return new Decision.Wait("running", "A retraining is already running");
        }
        if (facts.newest().isEmpty() || facts.newest().getFirst().verdict() != Verdict.BROKEN) {
            return new Decision.Wait("kept", "The newest judged window keeps the clause");
        }
        Judgement newest = facts.newest().getFirst();
        if (!newest.version().equals(facts.champion())) {
            return new Decision.Wait(
                    "replaced",
                    "Version " + newest.version() + " broke the clause; version " + facts.champion()
                            + " has replaced it");
        }
        long broken = facts.newest().stream()
                .limit(rule.windows())
                .filter(judgement -> judgement.verdict() == Verdict.BROKEN)
                .count();
        if (broken < rule.broken()) {
            return new Decision.Wait(
                    "kept",
                    "Only " + broken + " of the last " + rule.windows() + " windows broke the clause (agreed: "
                            + rule.broken() + ")");
        }
        return enough(rule, facts, newest, broken);
    }

    private static Decision enough(Agreement.Retrain rule, Facts facts, Judgement newest, long broken) {
        long dataEnd = newest.window().end();
        Duration since = Duration.ofMillis(dataEnd - facts.lastDataEnd());
        if (facts.lastDataEnd() > 0 && since.compareTo(rule.coolDown()) < 0) {
            return new Decision.Wait(
                    "cool-down",
                    "Data up to " + day(dataEnd) + " is only " + since.toDays() + " days newer than that of the last"
                            + " training (agreed: " + rule.coolDown().toDays() + " days)");
        }
        if (facts.newLabels() < rule.minNewLabels()) {
            return new Decision.Wait(
                    "few-labels",
                    "Only " + facts.newLabels() + " new labels since the last training (agreed: " + rule.minNewLabels()
                            + ")");
        }
        return new Decision.Train(
                rule.pipeline(),
                dataEnd,
                broken + " of the last " + rule.windows() + " windows broke "
                        + facts.clause().text() + "; " + facts.newLabels() + " new labels, data up to " + day(dataEnd));
    }

    private static String day(long millis) {
        return Instant.ofEpochMilli(millis - 1).toString().substring(0, 10);
    }
}
