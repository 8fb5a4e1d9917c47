package org.millwright.alert;

import java.util.List;
import java.util.Optional;

/**
 * How a deployment stands with one clause of its agreement.
 *
 * @param verdict of the newest judged window; INSUFFICIENT when none says anything yet
 * @param since the first of the windows in a row with this verdict
 * @param newest the verdict of the newest judged window
 */
public record Standing(Clause clause, Verdict verdict, Optional<Window> since, Optional<Judgement> newest) {

    /** @param judgements verdicts of leading versions on the clause, oldest window first */
    public static Standing of(Clause clause, List<Judgement> judgements) {
        List<Judgement> telling = judgements.stream()
                .filter(judgement -> judgement.leading() && judgement.verdict() != Verdict.INSUFFICIENT)
                .toList();
        if (telling.isEmpty()) {
            return new Standing(clause, Verdict.INSUFFICIENT, Optional.empty(), Optional.empty());
        }
        Judgement newest = telling.getLast();
        Window since = newest.window();
        for (Judgement judgement : telling.reversed()) {
            if (judgement.verdict() != newest.verdict()) {
                break;
            }
            since = judgement.window();
        }
        return new Standing(clause, newest.verdict(), Optional.of(since), Optional.of(newest));
    }
}
