package org.millwright.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.millwright.kernel.Json;
import org.millwright.project.Agreement;
import org.millwright.project.Trigger;

class RetrainingTest {
    private static final Agreement.Retrain RULE = new Agreement.Retrain(
            "train",
            new Trigger.Any(List.of(new Trigger.Broken("performance"))),
            2,
            1,
            Duration.ofDays(28),
            1000,
            Optional.empty(),
            List.of(),
            Agreement.Retrain.ATTEMPTS);
    private static final long JULY = Line.time("2013-07");

    /** Verdicts of the months that end with October, newest first. */
    private static List<Judgement> windows(String version, Verdict... newestFirst) {
        var months = List.of("2013-10", "2013-09", "2013-08");
        return Arrays.stream(newestFirst)
                .map(verdict -> judgement(
                        version, verdict, months.get(Arrays.asList(newestFirst).indexOf(verdict))))
                .toList();
    }

    private static Judgement judgement(String version, Verdict verdict, String month) {
        return new Judgement(
                "d",
                version,
                WindowKind.MONTH.at(Line.time(month)),
                Clause.PERFORMANCE,
                verdict,
                true,
                "skill",
                0,
                0,
                0,
                "",
                Json.object(),
                0);
    }

    private static String code(Retraining.Decision decision) {
        return switch (decision) {
            case Retraining.Decision.Train train -> "train " + train.pipeline();
            case Retraining.Decision.Wait wait -> wait.code();
        };
    }

    private static String decide(
            Clause clause, List<Judgement> windows, String champion, long last, long labels, boolean running) {
        return code(Retraining.decide(
                Optional.of(RULE), new Retraining.Facts(clause, windows, champion, last, labels, running)));
    }

    @Test
    void trainsOnceTheAgreedNumberOfWindowsIsBroken() {
        List<Judgement> october = windows("1", Verdict.BROKEN, Verdict.KEPT);
        assertThat(decide(Clause.PERFORMANCE, october, "1", JULY, 1000, false)).isEqualTo("train train");
        var decision = Retraining.decide(
                Optional.of(RULE), new Retraining.Facts(Clause.PERFORMANCE, october, "1", JULY, 11_807, false));
        assertThat(decision)
                .isEqualTo(new Retraining.Decision.Train(
                        "train",
                        Line.time("2013-11"),
                        "1 of the last 2 windows broke performance; 11807 new labels, data up to 2013-10-31"));
    }

    @Test
    void saysWhyItWaits() {
        List<Judgement> october = windows("1", Verdict.BROKEN, Verdict.KEPT);
        assertThat(decide(Clause.DRIFT, october, "1", JULY, 5000, false)).isEqualTo("not-agreed");
        assertThat(decide(Clause.PERFORMANCE, october, "1", JULY, 5000, true)).isEqualTo("running");
        assertThat(decide(Clause.PERFORMANCE, windows("1", Verdict.KEPT, Verdict.BROKEN), "1", JULY, 5000, false))
                .isEqualTo("kept");
        assertThat(decide(Clause.PERFORMANCE, List.of(), "1", JULY, 5000, false))
                .isEqualTo("kept");
        assertThat(decide(Clause.PERFORMANCE, october, "2", JULY, 5000, false)).isEqualTo("replaced");
        assertThat(decide(Clause.PERFORMANCE, october, "1", Line.time("2013-10") + 5 * 86_400_000L, 5000, false))
                .isEqualTo("cool-down");
        assertThat(decide(Clause.PERFORMANCE, october, "1", JULY, 999, false)).isEqualTo("few-labels");
        assertThat(code(Retraining.decide(
                        Optional.empty(), new Retraining.Facts(Clause.PERFORMANCE, october, "1", JULY, 5000, false))))
                .isEqualTo("not-agreed");
    }

    @Test
    void anUnknownEndOfTrainingIsNoCoolDown() {
        assertThat(decide(Clause.PERFORMANCE, windows("1", Verdict.BROKEN), "1", 0, 5000, false))
                .isEqualTo("train train");
    }
}
