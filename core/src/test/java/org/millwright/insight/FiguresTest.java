package org.millwright.insight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

/** The arithmetic of insights. */
class FiguresTest {
    @Test
    void saysNoMedianOfTwoAndNoPercentileOfNine() {
        assertThat(Spread.of(List.of(1L, 2L)).median()).isEmpty();
        assertThat(Spread.of(List.of(5L, 1L, 3L)).median()).hasValue(3);
        Spread nine = Spread.of(LongStream.rangeClosed(1, 9).boxed().toList());
        assertThat(nine.median()).hasValue(5);
        assertThat(nine.p90()).isEmpty();
        assertThat(Spread.of(LongStream.rangeClosed(1, 10).boxed().toList()).p90())
                .hasValue(9);
        assertThat(Spread.of(LongStream.rangeClosed(1, 20).boxed().toList()).p90())
                .hasValue(18);
    }

    @Property(tries = 200)
    void whatTheStagesTookAddsUpToTheWhole(@ForAll @Size(8) List<@LongRange(min = 0, max = 1_000_000) Long> moments) {
        var events = new ArrayList<Event>();
        for (int i = 0; i < moments.size(); i++) {
            events.add(event(moments.get(i), action(Milestone.values()[i])));
        }
        events.sort((a, b) -> Long.compare(a.at(), b.at()));
        Journey journey = Journey.of(events, 2_000_000);

        long sum = journey.steps().stream()
                .mapToLong(step -> step.took().orElse(0L))
                .sum();
        assertThat(journey.total()).contains(sum);
    }

    private static String action(Milestone milestone) {
        for (String action : Chronicle.ACTIONS) {
            if (Milestone.of(action).filter(milestone::equals).isPresent()) {
                return action;
            }
        }
        throw new AssertionError(milestone);
    }

    private static Event event(long at, String action, String... subjects) {
        return new Event(
                at, "u", action, subjects.length == 0 ? List.of("project:p") : List.of(subjects), Json.object());
    }

    @Test
    void alertsThatOverlapAreOneIncidentUntilTheLastIsOver() {
        List<Incident> incidents = Incident.of(List.of(
                event(1, "alert.raised", "alert:a", "deployment:d"),
                event(2, "alert.raised", "alert:b", "deployment:d"),
                event(3, "alert.resolved", "alert:a", "deployment:d"),
                event(7, "alert.resolved", "alert:b", "deployment:d"),
                new Event(
                        8,
                        "u",
                        "alert.raised",
                        List.of("alert:c", "deployment:d"),
                        Json.object().put("clause", "decision:r1")),
                event(9, "deployment.stopped", "deployment:d", "model:m/1")));

        assertThat(incidents)
                .containsExactly(
                        new Incident("d", "alert:a", 1, Optional.of(7L)),
                        new Incident("d", "deployment:d", 9, Optional.empty()));
    }

    @Test
    void moneyIsSecondsByRatesAndOnlyDeclaredValueHasAReturn() {
        var rates = new Rates("EUR", 3.6, 36, 2, true);
        Money one = Money.of(rates, 1000, 100, 1_000_000, 400, Optional.of(new Declared.Value(0.5, "outcome")));
        assertThat(one.cost()).as("1 + 1 + 2").isCloseTo(4, within(1e-9));
        assertThat(one.value()).hasValue(200);
        assertThat(one.roi().orElseThrow()).isCloseTo((200 - 4) / 4.0, within(1e-9));

        Money all = Money.sum(List.of(one, Money.of(rates, 1000, 0, 0, 50, Optional.empty())));
        assertThat(all.cost()).isCloseTo(5, within(1e-9));
        assertThat(all.declared()).isEqualTo(1);
        assertThat(all.roi().orElseThrow())
                .as("of the one that declares a value")
                .isCloseTo(49, within(1e-9));
        assertThat(Money.sum(List.of()).roi()).isEmpty();
    }

    @Test
    void readsWhatAFileDeclaresAndNothingElse() {
        assertThat(Declared.value("name: x\nexpected-value: 0.25\n", "EUR"))
                .contains(new Declared.Value(0.25, "outcome"));
        String whole = "expected-value: {amount: 0.2, currency: EUR, per: prediction, because: fewer missed}\n";
        assertThat(Declared.value(whole, "EUR")).contains(new Declared.Value(0.2, "prediction"));
        assertThat(Declared.value(whole, "CHF"))
                .as("in another currency than costs")
                .isEmpty();
        assertThat(Declared.value("expected-value: {amount: 2, per: decade}\n", "EUR"))
                .isEmpty();
        assertThat(Declared.value("expected-value: much\n", "EUR")).isEmpty();
        assertThat(Declared.value("expected-value: -1\n", "EUR")).isEmpty();
        assertThat(Declared.value("name: x\n", "EUR")).isEmpty();
        assertThat(Declared.value(": [", "EUR")).isEmpty();
        double month = 30 * 86_400;
        assertThat(new Declared.Value(2, "prediction").of(month, 5, 3)).isEqualTo(10);
        assertThat(new Declared.Value(2, "outcome").of(month, 5, 3)).isEqualTo(6);
        assertThat(new Declared.Value(2, "month").of(month, 5, 3)).isEqualTo(2);
        assertThat(new Declared.Value(365, "year").of(month, 5, 3)).isCloseTo(30, within(1e-9));
        assertThat(Declared.template("template: tabular\n")).contains("tabular");
    }

    @Test
    void aPriceTableNamesItsMistakes() {
        Rates rates = Rates.parse("apiVersion: millwright/v1\nkind: Insight\ncurrency: CHF\nrates: {step-hour: 0.5}\n");
        assertThat(rates.currency()).isEqualTo("CHF");
        assertThat(rates.stepHour()).isEqualTo(0.5);
        assertThat(rates.servingHour()).isEqualTo(Rates.ASSUMED.servingHour());
        assertThat(rates.declared()).isTrue();
        assertThatThrownBy(() -> Rates.parse(
                        "apiVersion: millwright/v1\nkind: Insight\ncurrency: money\nrates: {step-hour: -1, gpu: 3}\n"))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("currency")
                .hasMessageContaining("step-hour")
                .hasMessageContaining("gpu");
    }

    @Test
    void monthsAreCutToThePeriod() {
        long from = java.time.Instant.parse("2026-01-20T00:00:00Z").toEpochMilli();
        long to = java.time.Instant.parse("2026-03-02T00:00:00Z").toEpochMilli();
        List<Period.Month> months = new Period(from, to).months(12);
        assertThat(months).extracting(Period.Month::label).containsExactly("2026-01", "2026-02", "2026-03");
        assertThat(months.getFirst().period().from()).isEqualTo(from);
        assertThat(months.getLast().period().to()).isEqualTo(to);
        assertThat(new Period(from, to).months(2))
                .extracting(Period.Month::label)
                .containsExactly("2026-02", "2026-03");
    }

    @Test
    void filesAlikeInTwoProjectsAreUsedAgain() {
        var empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        Reuse reuse = Reuse.of(List.of(
                new Reuse.Uses(
                        "a",
                        java.util.Set.of("t"),
                        java.util.Set.of("d"),
                        java.util.Map.of("f.sql", "1", "s.py", "2", "__init__.py", empty)),
                new Reuse.Uses(
                        "b",
                        java.util.Set.of("t"),
                        java.util.Set.of("e"),
                        java.util.Map.of("g.sql", "1", "x.md", "2", "__init__.py", empty)),
                new Reuse.Uses("c", java.util.Set.of(), java.util.Set.of(), java.util.Map.of("h.sql", "1"))));
        assertThat(reuse.shared())
                .containsExactly(
                        new Reuse.Shared("features", "f.sql", List.of("a", "b", "c")),
                        new Reuse.Shared("template", "t", List.of("a", "b")));
        assertThat(reuse.avoided()).isEqualTo(3);
    }

    @Test
    void orderOfProjectsDoesNotMatter() {
        var values = new ArrayList<>(LongStream.range(0, 50).boxed().toList());
        Spread sorted = Spread.of(values);
        Collections.shuffle(values, new Random(1));
        assertThat(Spread.of(values)).isEqualTo(sorted);
    }
}
