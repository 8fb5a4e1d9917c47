package org.millwright.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.millwright.kernel.Problem;
import org.millwright.project.Agreement.Limit;
import org.millwright.project.Agreement.Side;

class AgreementTest {
    static final String HEAD = """
            apiVersion: millwright/v1
            kind: Agreement
            model: delays
            """;
    private static final String FULL = HEAD + """
            window: week
            performance:
              - {metric: rmse, at-most: 42, min-labels: 200}
              - {metric: skill, at-least: 0.02}
              - {metric: rmse, at-most: 50, segment: {origin: JFK, carrier: "U:A"}}
            drift: {method: ks, warn: 0.05, alert: 0.2, columns-share: 0.5}
            quality: {unseen-at-most: 0.02, stuck-after: 5}
            staleness: {model-at-most: 90d, data-at-most: 120d, outside-training-at-most: 0.05}
            service: {p99-at-most: 50ms, errors-at-most: 0.01, saturation-at-most: 0.8, cost-at-most: 0.05}
            feeds: {predictions-within: 2d, labels-within: 35d}
            estimate: true
            retrain:
              pipeline: train
              when:
                any:
                  - performance
                  - {broken: "performance:rmse:carrier=U%3AA,origin=JFK"}
                  - {cron: "0 3 * * 1", zone: Europe/Berlin, catch-up: none}
                  - all: [drift, estimated-performance, {new-labels: 5000}]
                  - {every: 90d}
                  - {new-data: flights}
                  - push
              windows: {of: 3, broken: 2}
              cool-down: 28d
              min-new-labels: 1000
              budget: {per: 90d, runs: 4, minutes: 600}
              hours: {days: [sat, sunday], from: "22:00", to: "06:00", zone: Europe/Berlin}
              data: {window: 180d, replay: 0.20}
              attempts: 2
            investigate: {who: mia, within: 2d}
            stop: {metric: skill, below: -0.1, min-labels: 300}
            """;

    @Test
    void readsEverySection() {
        Agreement agreement = Agreement.parse(FULL, "regression");

        assertThat(agreement.performance())
                .containsExactly(
                        new Agreement.Performance("performance", "rmse", new Limit(Side.AT_MOST, 42), 200, Map.of()),
                        new Agreement.Performance(
                                "performance:skill", "skill", new Limit(Side.AT_LEAST, 0.02), 500, Map.of()),
                        new Agreement.Performance(
                                "performance:rmse:carrier=U%3AA,origin=JFK",
                                "rmse", new Limit(Side.AT_MOST, 50), 500, Map.of("origin", "JFK", "carrier", "U:A")));
        assertThat(agreement.drift()).contains(new Agreement.Drift("ks", 0.05, 0.2, 0.5));
        assertThat(agreement.quality()).contains(new Agreement.Quality(0.05, 0.02, 0.001, 0.01, 5));
        assertThat(agreement.staleness())
                .contains(new Agreement.Staleness(
                        Optional.of(Duration.ofDays(90)), Optional.of(Duration.ofDays(120)), OptionalDouble.of(0.05)));
        assertThat(agreement.service())
                .contains(new Agreement.Service(
                        Optional.of(Duration.ofMillis(50)),
                        OptionalDouble.of(0.01),
                        OptionalDouble.of(0.8),
                        OptionalDouble.of(0.05)));
        assertThat(agreement.feeds())
                .contains(new Agreement.Feeds(Optional.of(Duration.ofDays(2)), Optional.of(Duration.ofDays(35))));
        assertThat(agreement.investigate())
                .isEqualTo(new Agreement.Investigate("mia", Optional.of(Duration.ofDays(2))));
        assertThat(agreement.stop())
                .containsExactly(new Agreement.Stop("stop:skill", "skill", new Limit(Side.AT_LEAST, -0.1), 300));
        assertThat(agreement.clauses())
                .containsExactly(
                        "performance",
                        "performance:skill",
                        "performance:rmse:carrier=U%3AA,origin=JFK",
                        "drift",
                        "estimate:rmse",
                        "estimate:skill",
                        "quality:missing",
                        "quality:unseen",
                        "quality:type-errors",
                        "quality:out-of-range",
                        "quality:stuck",
                        "staleness:model",
                        "staleness:data",
                        "staleness:outside-training",
                        "service:p99",
                        "service:errors",
                        "service:saturation",
                        "service:cost",
                        "feeds:predictions",
                        "feeds:labels",
                        "stop:skill");
    }

    @Test
    void readsWhatStartsATraining() {
        Agreement.Retrain retrain = Agreement.parse(FULL).retrain().orElseThrow();

        assertThat(retrain.when())
                .isEqualTo(new Trigger.Any(List.of(
                        new Trigger.Broken("performance"),
                        new Trigger.Broken("performance:rmse:carrier=U%3AA,origin=JFK"),
                        new Trigger.Cron("0 3 * * 1", ZoneId.of("Europe/Berlin"), Trigger.CatchUp.NONE),
                        new Trigger.All(List.of(
                                new Trigger.Broken("drift"),
                                new Trigger.Broken("estimate"),
                                new Trigger.NewLabels(5000))),
                        new Trigger.Every(Duration.ofDays(90)),
                        new Trigger.NewData("flights"),
                        new Trigger.Push())));
        assertThat(retrain.when().watches("performance:skill")).isTrue();
        assertThat(retrain.when().watches("performances")).isFalse();
        assertThat(retrain.when().watches("quality:stuck")).isFalse();
        assertThat(retrain.budget())
                .contains(new Agreement.Budget(Duration.ofDays(90), Optional.of(4), Optional.of(600)));
        assertThat(retrain.hours())
                .containsExactly(new Hours(
                        Set.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY),
                        LocalTime.of(22, 0),
                        LocalTime.of(6, 0),
                        ZoneId.of("Europe/Berlin")));
        assertThat(retrain.attempts()).isEqualTo(2);
    }

    @Test
    void saysWhichRowsATrainingLearnsFrom() {
        long end = Instant.parse("2013-11-01T00:00:00Z").toEpochMilli();
        long trained = Instant.parse("2013-05-31T23:30:00Z").toEpochMilli();
        assertThat(data(FULL).parameters(end, trained))
                .containsOnly(Map.entry("since", "2013-05-05"), Map.entry("replay", "0.2"));
        assertThat(data(FULL).parameters(0, trained)).isEmpty();
        String last = HEAD + "retrain: {pipeline: train, on: [drift], data: {since: last-training, replay: 5000}}";
        assertThat(data(last).parameters(0, trained))
                .containsOnly(Map.entry("since", "2013-05-31"), Map.entry("replay", "5000"));
        assertThat(data(last).parameters(end, 0)).isEmpty();
        assertThat(data(last.replace("5000", "all")).replay()).isEqualTo("all");
        String fixed = HEAD + "retrain: {pipeline: train, on: [drift], data: {since: 2013-02-01}}";
        assertThat(data(fixed).parameters(0, 0))
                .containsOnly(Map.entry("since", "2013-02-01"), Map.entry("replay", "0"));
        assertThat(TrainingData.text(data(fixed).parameters(0, 0))).isEqualTo("rows since 2013-02-01");
        for (String replay : List.of("1.0", "2.5", "-1", "some", "NaN")) {
            assertThatThrownBy(() -> Agreement.parse(last.replace("5000", replay)))
                    .hasMessageContaining(
                            "retrain.data.replay: expected all, a share such as 0.2, or a number of rows");
        }
        assertThatThrownBy(() -> Agreement.parse(last.replace("last-training", "June")))
                .hasMessageContaining("retrain.data.since: expected a date such as 2013-01-01, or last-training");
        assertThatThrownBy(() -> Agreement.parse(fixed.replace("since:", "window: 5m, since:")))
                .hasMessageContaining("retrain.data: expected either 'since'")
                .hasMessageContaining("retrain.data.window: expected a duration from 1d on");
        assertThatThrownBy(() -> Agreement.parse(fixed.replace("since: 2013-02-01", "replay: all")))
                .hasMessageContaining("retrain.data: expected either 'since'");
    }

    private static TrainingData data(String text) {
        return Agreement.parse(text).retrain().flatMap(Agreement.Retrain::data).orElseThrow();
    }

    @Test
    void hoursGoOverMidnight() {
        Hours hours = Agreement.parse(FULL).retrain().orElseThrow().hours().getFirst();

        assertThat(hours.contains(Instant.parse("2026-01-03T20:59:59Z"))).isFalse();
        assertThat(hours.contains(Instant.parse("2026-01-03T21:00:00Z"))).isTrue();
        assertThat(hours.contains(Instant.parse("2026-01-05T04:59:59Z"))).isTrue();
        assertThat(hours.contains(Instant.parse("2026-01-05T05:00:00Z"))).isFalse();
        assertThat(hours.contains(Instant.parse("2026-01-05T21:30:00Z"))).isFalse();
    }

    @Test
    void everythingButTheModelMayBeLeftOut() {
        Agreement agreement = Agreement.parse(HEAD);

        assertThat(agreement.clauses()).isEmpty();
        assertThat(agreement.window()).isEqualTo("month");
        assertThat(agreement.estimate()).isTrue();
        Agreement section = Agreement.parse(HEAD + "quality: {}\nperformance: {at-least: 0.1}\nestimate: false\n");
        assertThat(section.quality()).contains(Agreement.Quality.DEFAULT);
        assertThat(section.performance().getFirst().metric()).isEqualTo("skill");
        assertThat(section.clauses()).doesNotContain("estimate:skill");
    }

    @Test
    void fairnessIsOfDecisionsOrOfErrors() {
        String text = HEAD
                + "fairness:\n  - {by: [sex, age]}\n  - {by: sex, measure: equalized_odds_difference, at-most: 0.2}\n";
        assertThat(Agreement.parse(text, "classification").fairness())
                .containsExactly(
                        new Agreement.Fairness(
                                "fairness:disparate_impact:sex,age",
                                List.of("sex", "age"),
                                "disparate_impact",
                                new Limit(Side.AT_LEAST, 0.8),
                                30),
                        new Agreement.Fairness(
                                "fairness:equalized_odds_difference:sex",
                                List.of("sex"),
                                "equalized_odds_difference",
                                new Limit(Side.AT_MOST, 0.2),
                                30));
        assertThatThrownBy(() -> Agreement.parse(text, "regression"))
                .hasMessageContaining("fairness[1].measure")
                .hasMessageContaining("mae_difference, mae_ratio, mean_error_difference");
        String errors = HEAD + "fairness:\n  - {by: sex}\n  - {by: sex, measure: mean_error_difference, at-most: 5}\n";
        assertThat(Agreement.parse(errors, "regression").fairness())
                .extracting(Agreement.Fairness::clause, Agreement.Fairness::limit)
                .containsExactly(
                        tuple("fairness:mae_ratio:sex", new Limit(Side.AT_LEAST, 0.8)),
                        tuple("fairness:mean_error_difference:sex", new Limit(Side.AT_MOST, 5)));
        assertThatThrownBy(() -> Agreement.parse(errors.replace(", at-most: 5", ""), "regression"))
                .as("a gap in the label's unit has no usual limit")
                .hasMessageContaining("at-most");
    }

    @Test
    void layoutDoesNotChangeWhatItMeans() {
        assertThat(Agreement.parse("# why\n" + FULL.replace("window: week", "window:   'week'"))
                        .digest())
                .isEqualTo(Agreement.parse(FULL).digest());
        assertThat(Agreement.parse(FULL.replace("at-most: 42", "at-most: 43")).digest())
                .isNotEqualTo(Agreement.parse(FULL).digest());
    }

    @Test
    void reportsAllMistakesAtOnceWithTheirLines() {
        String bad = HEAD + """
                window: year
                performance:
                  - {metric: f1, at-least: 1}
                  - {metric: rmse, at-least: 3}
                  - {metric: skill, at-least: 0.1}
                  - {metric: skill, at-least: 0.2}
                  - {metric: mae}
                drift: {warn: 0.3, alert: 0.2}
                quality: {unseen-at-most: 2}
                service: {p99: 50ms}
                retrain:
                  pipeline: train
                  when: {any: [perf, {cron: "every day"}, {every: 1m}, {each: 1}, {cron: "0 0 30 2 *"}], all: [drift]}
                  hours: {days: [someday], from: "25:00", to: "06:00", zone: Mars}
                investigate: {within: soon}
                """;

        assertThatThrownBy(() -> Agreement.parse(bad, "regression"))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("agreement.yaml:4: window: expected one of day, month, week, got 'year'")
                .hasMessageContaining("agreement.yaml:6: performance[0].metric: expected one of bias, ")
                .hasMessageContaining("agreement.yaml:7: performance[1].at-least: rmse is better when it is small"
                        + " (expected: 'at-most')")
                .hasMessageContaining("agreement.yaml:9: performance[3]: the same clause a second time")
                .hasMessageContaining("agreement.yaml:10: performance[4]: missing key 'at-most'")
                .hasMessageContaining("agreement.yaml:11: drift: warn 0.3 is above alert 0.2")
                .hasMessageContaining(
                        "agreement.yaml:12: quality.unseen-at-most: expected a share from 0 to 1, got 2.0")
                .hasMessageContaining("agreement.yaml:13: service.p99: unknown key 'p99' (known: p99-at-most")
                .hasMessageContaining("agreement.yaml:16: retrain.when: expected one of any, all, cron,")
                .hasMessageContaining(
                        "agreement.yaml:17: retrain.hours.days[0]: expected a day such as sat, got 'someday'")
                .hasMessageContaining("agreement.yaml:17: retrain.hours.from: expected a time such as \"22:00\"")
                .hasMessageContaining("agreement.yaml:17: retrain.hours.zone: expected a time zone")
                .hasMessageContaining("agreement.yaml:18: investigate.within: expected a duration");
        assertThatThrownBy(() -> Agreement.parse(bad.replace("], all: [drift]}", "]}"), "regression"))
                .hasMessageContaining("retrain.when.any[0]: expected drift, estimated-performance, fairness,")
                .hasMessageContaining("retrain.when.any[1].cron: expected five fields of cron, such as '0 3 * * 1'")
                .hasMessageContaining(
                        "retrain.when.any[2].every: expected a duration from 1h on, such as 90d, got '1m'")
                .hasMessageContaining("retrain.when.any[3]: expected one of any, all, cron,")
                .hasMessageContaining("retrain.when.any[4].cron: expected five fields of cron");
        assertThatThrownBy(() -> Agreement.parse(HEAD + "retrain: {pipeline: train}"))
                .hasMessageContaining("agreement.yaml:4: retrain: expected either 'on'");
    }
}
