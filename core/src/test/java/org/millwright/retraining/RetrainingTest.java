package org.millwright.retraining;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.millwright.alert.Clause;
import org.millwright.alert.Judgement;
import org.millwright.alert.Verdict;
import org.millwright.alert.WindowKind;
import org.millwright.kernel.Json;
import org.millwright.monitor.Line;
import org.millwright.project.Agreement;
import org.millwright.project.Hours;
import org.millwright.project.Trigger;
import org.millwright.retraining.Retraining.Arrived;
import org.millwright.retraining.Retraining.Broken;
import org.millwright.retraining.Retraining.Facts;
import org.millwright.retraining.Retraining.Past;

class RetrainingTest {
    static final Agreement.Retrain RULE = rule(new Trigger.Any(List.of(new Trigger.Broken("performance"))));
    private static final long JULY = Line.time("2013-07");
    private static final Instant NOW = Instant.parse("2026-01-07T12:00:00Z");
    private static final Instant AGREED = Instant.parse("2026-01-01T00:00:00Z");

    static Agreement.Retrain rule(Trigger when) {
        return rule(when, Optional.empty(), List.of());
    }

    static Agreement.Retrain rule(Trigger when, Optional<Agreement.Budget> budget, List<Hours> hours) {
        return new Agreement.Retrain(
                "train", when, 2, 1, Duration.ofDays(28), 1000, budget, hours, Optional.empty(), 3);
    }

    /** Verdicts of the months that end with October, newest first. */
    private static List<Judgement> windows(String version, Verdict... newestFirst) {
        var months = List.of("2013-10", "2013-09", "2013-08");
        return Arrays.stream(newestFirst)
                .map(verdict -> judgement(
                        version, verdict, months.get(Arrays.asList(newestFirst).indexOf(verdict))))
                .toList();
    }

    static Judgement judgement(String version, Verdict verdict, String month) {
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
                NOW.toEpochMilli());
    }

    private static Broken broken(Clause clause, int trained, Verdict... newestFirst) {
        return new Broken(clause, "a1", windows("1", newestFirst), trained);
    }

    private static Facts facts(List<Broken> broken, String champion, long last, long labels, Past... past) {
        return new Facts(
                NOW,
                AGREED,
                AGREED,
                broken,
                champion,
                last,
                labels,
                Line.time("2013-11"),
                List.of(),
                Optional.empty(),
                Map.of(),
                List.of(past));
    }

    private static Past run(String start, String end, boolean automatic, boolean failed) {
        return new Past(
                Instant.parse(start),
                Optional.of(end).filter(text -> !text.isEmpty()).map(Instant::parse),
                automatic,
                failed);
    }

    private static String code(Retraining.Decision decision) {
        return switch (decision) {
            case Retraining.Decision.Train train -> "train " + train.event();
            case Retraining.Decision.Wait wait -> wait.code();
            case Retraining.Decision.Idle idle -> "idle";
        };
    }

    private static String asked(Agreement.Retrain rule, Broken broken, long last, long labels, Past... past) {
        return code(Retraining.decide(
                Optional.of(rule), facts(List.of(broken), "1", last, labels, past), Optional.of(broken)));
    }

    private static String unasked(Trigger when, Facts facts) {
        return code(Retraining.decide(Optional.of(rule(when)), facts, Optional.empty()));
    }

    private static final Broken OCTOBER = broken(Clause.PERFORMANCE, 0, Verdict.BROKEN, Verdict.KEPT);

    @Test
    void trainsOnceTheAgreedNumberOfWindowsIsBroken() {
        assertThat(Retraining.decide(
                        Optional.of(RULE), facts(List.of(OCTOBER), "1", JULY, 11_807), Optional.of(OCTOBER)))
                .isEqualTo(new Retraining.Decision.Train(
                        "train",
                        "alert:a1",
                        Line.time("2013-11"),
                        "1 of the last 2 windows broke performance; 11807 new labels, data up to 2013-10-31"));
    }

    @Test
    void waitsForTheDataOfTheWindowThatBroke() {
        var july = new Arrived("flights", "dataset:flights@2013-07/1", NOW, Line.time("2013-08"));
        var october = new Arrived("flights", "dataset:flights@2013-10/1", NOW, Line.time("2013-11"));
        var whole = new Arrived("planes", "dataset:planes/1", NOW, 0);
        assertThat(Retraining.decide(Optional.of(RULE), arrived(july, whole), Optional.of(OCTOBER)))
                .isEqualTo(new Retraining.Decision.Wait(
                        "alert:a1", "no-data", "Waits for data up to 2013-10-31; what came in ends with 2013-07-31"));
        for (Facts facts : List.of(arrived(july, october), arrived(whole))) {
            assertThat(code(Retraining.decide(Optional.of(RULE), facts, Optional.of(OCTOBER))))
                    .isEqualTo("train alert:a1");
        }
    }

    private static Facts arrived(Arrived... data) {
        Facts facts = facts(List.of(OCTOBER), "1", JULY, 5000);
        return new Facts(
                facts.now(),
                facts.agreed(),
                facts.watching(),
                facts.broken(),
                facts.champion(),
                facts.lastDataEnd(),
                facts.newLabels(),
                facts.known(),
                List.of(data),
                facts.push(),
                facts.fired(),
                facts.past());
    }

    @Test
    void saysWhyItWaits() {
        Past running = run("2026-01-07T11:00:00Z", "", true, false);
        assertThat(asked(RULE, broken(Clause.DRIFT, 0, Verdict.BROKEN), JULY, 5000))
                .isEqualTo("not-agreed");
        assertThat(asked(RULE, OCTOBER, JULY, 5000, running)).isEqualTo("running");
        assertThat(asked(RULE, broken(Clause.PERFORMANCE, 0, Verdict.KEPT, Verdict.BROKEN), JULY, 5000))
                .isEqualTo("kept");
        assertThat(asked(RULE, new Broken(Clause.PERFORMANCE, "a1", List.of(), 0), JULY, 5000))
                .isEqualTo("kept");
        assertThat(code(Retraining.decide(
                        Optional.of(RULE), facts(List.of(OCTOBER), "2", JULY, 5000), Optional.of(OCTOBER))))
                .isEqualTo("replaced");
        assertThat(asked(RULE, OCTOBER, Line.time("2013-10") + 5 * 86_400_000L, 5000))
                .isEqualTo("cool-down");
        assertThat(asked(RULE, OCTOBER, JULY, 999)).isEqualTo("few-labels");
        Past since = run("2026-01-07T12:00:01Z", "2026-01-07T12:10:00Z", false, false);
        assertThat(asked(RULE, OCTOBER, JULY, 5000, since)).isEqualTo("trained");
        assertThat(code(Retraining.decide(
                        Optional.empty(), facts(List.of(OCTOBER), "1", JULY, 5000), Optional.of(OCTOBER))))
                .isEqualTo("not-agreed");
        assertThat(asked(RULE, OCTOBER, 0, 5000)).isEqualTo("train alert:a1");
    }

    @Test
    void givesUpAfterRetrainingsThatDidNotHelp() {
        assertThat(asked(RULE, broken(Clause.PERFORMANCE, 2, Verdict.BROKEN), JULY, 5000))
                .isEqualTo("train alert:a1");
        assertThat(asked(RULE, broken(Clause.PERFORMANCE, 3, Verdict.BROKEN), JULY, 5000))
                .isEqualTo("gave-up");
        Past failed = run("2025-11-01T00:00:00Z", "2025-11-01T01:00:00Z", true, true);
        Past fine = run("2025-11-01T00:00:00Z", "2025-11-01T01:00:00Z", false, false);
        assertThat(asked(RULE, OCTOBER, JULY, 5000, failed, failed, failed)).isEqualTo("gave-up");
        assertThat(asked(RULE, OCTOBER, JULY, 5000, failed, fine, failed, failed))
                .isEqualTo("train alert:a1");
    }

    @Test
    void timeDataLabelsAndFilesStartOnceSinceTheLastTraining() {
        Facts facts = facts(List.of(), "1", 0, 4_999);
        var monday = new Trigger.Cron("0 3 * * 1", ZoneId.of("Europe/Berlin"), Trigger.CatchUp.LAST);
        assertThat(unasked(monday, facts)).isEqualTo("train cron:0 3 * * 1@2026-01-05T02:00:00Z");
        assertThat(unasked(new Trigger.Every(Duration.ofDays(6)), facts)).startsWith("train every@2026-01-07");
        assertThat(unasked(new Trigger.Every(Duration.ofDays(7)), facts)).isEqualTo("idle");
        assertThat(unasked(new Trigger.NewLabels(4_999), facts)).startsWith("train labels@");
        assertThat(unasked(new Trigger.NewLabels(5_000), facts)).isEqualTo("idle");
        assertThat(unasked(new Trigger.Push(), facts)).isEqualTo("idle");
        Past since = run("2026-01-06T00:00:00Z", "2026-01-06T01:00:00Z", false, false);
        assertThat(unasked(monday, facts(List.of(), "1", 0, 4_999, since))).isEqualTo("idle");
        Past before = run("2026-01-05T01:00:00Z", "2026-01-05T01:30:00Z", false, false);
        assertThat(unasked(monday, facts(List.of(), "1", 0, 4_999, before))).isEqualTo("cool-down");

        var data = new Arrived("flights", "dataset:flights@2013-12/1", NOW.minusSeconds(5), Line.time("2014-01"));
        var old = new Arrived("weather", "dataset:weather@2013-12/1", AGREED.minusSeconds(5), Line.time("2014-01"));
        Facts arrived = new Facts(
                NOW,
                AGREED,
                AGREED,
                List.of(),
                "1",
                0,
                0,
                0,
                List.of(old, data),
                Optional.of(data),
                Map.of(),
                List.of());
        assertThat(Retraining.decide(Optional.of(rule(new Trigger.NewData("flights"))), arrived, Optional.empty()))
                .isEqualTo(new Retraining.Decision.Train(
                        "train",
                        "dataset:flights@2013-12/1",
                        Line.time("2014-01"),
                        "new data dataset:flights@2013-12/1; 0 new labels, data up to 2013-12-31"));
        assertThat(unasked(new Trigger.NewData("weather"), arrived)).isEqualTo("idle");
        assertThat(unasked(new Trigger.NewData(""), arrived)).startsWith("train");
        assertThat(unasked(new Trigger.Push(), arrived)).startsWith("train");
    }

    @Test
    void whatTheServerSleptThroughIsCaughtUpAsAgreed() {
        Instant woke = Instant.parse("2026-01-06T12:00:00Z");
        Facts slept =
                new Facts(NOW, AGREED, woke, List.of(), "1", 0, 0, 0, List.of(), Optional.empty(), Map.of(), List.of());
        assertThat(unasked(cron("0 3 * * 1", Trigger.CatchUp.NONE), slept)).isEqualTo("idle");
        assertThat(unasked(cron("0 3 * * *", Trigger.CatchUp.NONE), slept))
                .isEqualTo("train cron:0 3 * * *@2026-01-07T03:00:00Z");
        assertThat(unasked(cron("0 3 * * *", Trigger.CatchUp.LAST), slept))
                .isEqualTo("train cron:0 3 * * *@2026-01-07T03:00:00Z");
        assertThat(unasked(cron("0 3 * * *", Trigger.CatchUp.ALL), slept))
                .isEqualTo("train cron:0 3 * * *@2026-01-01T03:00:00Z");
        Facts next = new Facts(
                NOW,
                AGREED,
                woke,
                List.of(),
                "1",
                0,
                0,
                0,
                List.of(),
                Optional.empty(),
                Map.of("cron:0 3 * * *", Instant.parse("2026-01-01T03:00:00Z")),
                List.of());
        assertThat(unasked(cron("0 3 * * *", Trigger.CatchUp.ALL), next))
                .isEqualTo("train cron:0 3 * * *@2026-01-02T03:00:00Z");
    }

    static Trigger cron(String expression, Trigger.CatchUp catchUp) {
        return new Trigger.Cron(expression, ZoneId.of("UTC"), catchUp);
    }

    @Test
    void allWaitsForEachOfThem() {
        Trigger both = new Trigger.All(List.of(new Trigger.Broken("performance"), new Trigger.NewLabels(6000)));
        assertThat(asked(rule(both), OCTOBER, JULY, 5000)).isEqualTo("incomplete");
        assertThat(asked(rule(both), OCTOBER, JULY, 6000)).isEqualTo("train alert:a1");
        assertThat(unasked(both, facts(List.of(OCTOBER), "1", JULY, 6000))).isEqualTo("idle");
        Trigger either = new Trigger.Any(List.of(new Trigger.Broken("performance"), new Trigger.NewLabels(6000)));
        assertThat(unasked(either, facts(List.of(OCTOBER), "1", JULY, 6000))).startsWith("train labels@");
    }

    @Test
    void hoursAndBudgetHoldBack() {
        Trigger when = new Trigger.Broken("performance");
        var weekend = new Hours(
                java.util.Set.of(java.time.DayOfWeek.SATURDAY),
                java.time.LocalTime.MIDNIGHT,
                java.time.LocalTime.NOON,
                ZoneId.of("UTC"));
        assertThat(asked(rule(when, Optional.empty(), List.of(weekend)), OCTOBER, JULY, 5000))
                .isEqualTo("hours");
        var twice = Optional.of(new Agreement.Budget(Duration.ofDays(30), Optional.of(2), Optional.empty()));
        Past recent = run("2025-12-20T00:00:00Z", "2025-12-20T01:00:00Z", true, false);
        Past byHand = run("2025-12-20T00:00:00Z", "2025-12-20T01:00:00Z", false, false);
        Past longAgo = run("2025-12-01T00:00:00Z", "2025-12-01T01:00:00Z", true, false);
        assertThat(asked(rule(when, twice, List.of()), OCTOBER, JULY, 5000, recent, byHand, longAgo))
                .isEqualTo("train alert:a1");
        assertThat(asked(rule(when, twice, List.of()), OCTOBER, JULY, 5000, recent, recent))
                .isEqualTo("budget");
        var hour = Optional.of(new Agreement.Budget(Duration.ofDays(30), Optional.empty(), Optional.of(60)));
        assertThat(asked(rule(when, hour, List.of()), OCTOBER, JULY, 5000, recent))
                .isEqualTo("budget");
        assertThat(asked(rule(when, hour, List.of()), OCTOBER, JULY, 5000, longAgo))
                .isEqualTo("train alert:a1");
    }
}
