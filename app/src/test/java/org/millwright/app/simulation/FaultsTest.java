package org.millwright.app.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.millwright.kernel.Problem;

/** Faults as they are written, and what they make of rows. */
class FaultsTest {
    private static final long AUGUST = Stretch.begin("2013-08");
    private static final long DAY = 86_400_000L;

    @Test
    void everyMistakeOfEveryFaultIsSaidAtOnce() {
        assertThatThrownBy(() -> FaultReader.read(List.of(
                        "unti:distance:*2:2013-08",
                        "unit:distance:twice:2013-08",
                        "drift:distance:+0:2013-08",
                        "unit:distance:*2",
                        "broken:distance:zero:2013-08",
                        "broken:distance:constant=:2013-08",
                        "bias:EV:label+10:2013-08",
                        "bias:carrier=EV:+10:2013-08",
                        "concept:label+2sd:2013-08",
                        "duplicate:200%:2013-08",
                        "late:soon:2013-08",
                        "labels-stop:2013-13",
                        "labels-stop:2013-09..2013-08")))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("unknown kind 'unti'; did you mean 'unit'?")
                .hasMessageContaining("'twice' is no change (expected: such as +5, -2sd, *1.609 or *1.8+32)")
                .hasMessageContaining("'+0' changes nothing")
                .hasMessageContaining("3 parts (expected: unit:COLUMN:*1.609:FROM[..TO]")
                .hasMessageContaining("'zero' (expected: null, constant=VALUE or missing-column)")
                .hasMessageContaining("fault broken:distance:constant=:2013-08")
                .hasMessageContaining("'EV' is no segment (expected: COLUMN=VALUE)")
                .hasMessageContaining("'+10' (expected: such as label+10 or label*1.2)")
                .hasMessageContaining("without sd")
                .hasMessageContaining("'200%' is no share")
                .hasMessageContaining("'soon' is no length of time")
                .hasMessageContaining("'2013-13' is no month or day")
                .hasMessageContaining("labels-stop:2013-09..2013-08: ends before it begins");
    }

    @Test
    void whatTheModelHasNoPlaceForIsRefusedTogether() {
        var faults = FaultReader.read(List.of(
                "unit:distanc:*2:2013-08",
                "drift:carrier:+1:2013-08",
                "broken:distance:constant=far:2013-08",
                "bias:carier=EV:label+1:2013-08"));

        assertThatThrownBy(() -> FaultReader.check(
                        faults, Map.of("distance", true, "carrier", false), Set.of("distance", "carrier"), true))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("no input 'distanc'; did you mean 'distance'?")
                .hasMessageContaining("'carrier' holds texts")
                .hasMessageContaining("'far' is no number")
                .hasMessageContaining("no column 'carier'; did you mean 'carrier'?");
        assertThatThrownBy(() -> FaultReader.check(
                        FaultReader.read(List.of("concept:label+1:2013-08")), Map.of(), Set.of(), false))
                .hasMessageContaining("outcomes are no numbers");
    }

    @Test
    void aFaultHoldsFromItsBeginToItsEndOnly() {
        Injector injector = injector("unit:distance:*2:2013-08..2013-08-02");

        assertThat(injector.apply(row("a", AUGUST - 1)).value("distance")).isEqualTo(100.0);
        assertThat(injector.apply(row("b", AUGUST)).value("distance")).isEqualTo(200.0);
        assertThat(injector.apply(row("c", AUGUST + 2 * DAY - 1)).value("distance"))
                .isEqualTo(200.0);
        assertThat(injector.apply(row("d", AUGUST + 2 * DAY)).value("distance")).isEqualTo(100.0);
    }

    @Test
    void numbersShiftByUnitsValuesAndStandardDeviations() {
        Row row = row("a", AUGUST);

        assertThat(injector("unit:distance:*1.8+32:2013-08").apply(row).value("distance"))
                .isEqualTo(212.0);
        assertThat(injector("drift:distance:-5:2013-08").apply(row).value("distance"))
                .isEqualTo(95.0);
        assertThat(injector("drift:distance:+2sd:2013-08").apply(row).value("distance"))
                .isEqualTo(120.0);
        assertThat(injector("drift:empty:+2sd:2013-08").apply(row).value("empty"))
                .isNull();
    }

    @Test
    void aBrokenUpstreamGivesNothingAConstantOrNoColumn() {
        Row row = row("a", AUGUST);

        Row none = injector("broken:distance:null:2013-08").apply(row);
        assertThat(none.value("distance")).isNull();
        assertThat(none.values()).containsKey("distance");
        assertThat(injector("broken:distance:constant=0:2013-08").apply(row).value("distance"))
                .isEqualTo(0.0);
        assertThat(injector("broken:carrier:constant=0:2013-08").apply(row).value("carrier"))
                .isEqualTo("0");
        assertThat(injector("broken:distance:missing-column:2013-08").apply(row).values())
                .doesNotContainKey("distance");
    }

    @Test
    void outcomesMoveForASegmentOrForAllAlsoWhenItsColumnIsBroken() {
        Injector bias = injector("broken:carrier:null:2013-08", "bias:carrier=EV:label+10:2013-08");

        assertThat(bias.apply(row("a", AUGUST)).label()).isEqualTo(15.0);
        assertThat(bias.apply(new Row("b", AUGUST, Map.of("carrier", "UA"), 5.0))
                        .label())
                .isEqualTo(5.0);
        assertThat(injector("concept:label*3:2013-08").apply(row("a", AUGUST)).label())
                .isEqualTo(15.0);
    }

    @Test
    void requestsComeTwiceOrLateAndOutcomesStop() {
        Injector twice = injector("duplicate:20%:2013-08");
        long sent = IntStream.range(0, 10_000)
                .filter(i -> twice.isTwice(row("id" + i, AUGUST)))
                .count();

        assertThat(sent / 10_000.0).isCloseTo(0.2, within(0.02));
        assertThat(twice.isTwice(row("id1", AUGUST - 1))).isFalse();
        assertThat(injector("late:2d:2013-08").arrival(row("a", AUGUST))).isEqualTo(AUGUST + 2 * DAY);
        assertThat(injector("late:2d:2013-08").arrival(row("a", AUGUST - 1))).isEqualTo(AUGUST - 1);
        Injector stopped = injector("labels-stop:2013-08..2013-08");
        assertThat(stopped.isLabelled(AUGUST - 1)).isTrue();
        assertThat(stopped.isLabelled(AUGUST)).isFalse();
        assertThat(stopped.isLabelled(Stretch.end("2013-08"))).isTrue();
    }

    @Test
    void deviationsAreThoseOfThePresentNumbers() {
        Row two = new Row("b", AUGUST, values(120.0), 1.0);
        Row none = new Row("c", AUGUST, values(null), 1.0);

        assertThat(Injector.deviations(List.of(row("a", AUGUST), two, none)).get("distance"))
                .isCloseTo(14.1421, within(1e-4));
    }

    private static Injector injector(String... faults) {
        return new Injector(FaultReader.read(List.of(faults)), Map.of("distance", 10.0), 7);
    }

    private static Row row(String id, long at) {
        return new Row(id, at, values(100.0), 5.0);
    }

    private static Map<String, @Nullable Object> values(@Nullable Double distance) {
        var values = new HashMap<String, @Nullable Object>();
        values.put("distance", distance);
        values.put("carrier", "EV");
        values.put("empty", null);
        return values;
    }
}
