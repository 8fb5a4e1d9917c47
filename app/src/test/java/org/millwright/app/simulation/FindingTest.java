package org.millwright.app.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which alert is whose, and which is nobody's. */
class FindingTest {
    private static final Losses.Span JULY = month("2013-07");
    private static final Losses.Span AUGUST = month("2013-08");
    private static final Losses.Span OCTOBER = month("2013-10");
    private static final Fault UNIT =
            FaultReader.read(List.of("unit:distance:*2:2013-08..2013-08")).getFirst();
    private static final Losses.Period ALL =
            new Losses.Period("all", JULY.start(), OCTOBER.end(), 1_000, 40, 42, 2, 1, 3, 500);

    @Test
    void anAlertOfTheFaultsWindowIsItsOwnWithTheDelay() {
        Observed observed = observed(
                List.of(judged(AUGUST, "at-risk"), judged(AUGUST, "broken")),
                List.of(note(AUGUST, "carrier", 1), note(AUGUST, "distance", 2)),
                List.of(raised("1", AUGUST, true)));

        Finding found = Finding.of(List.of(UNIT), observed, Optional.empty(), time -> 100)
                .getFirst();

        assertThat(found.isCaught()).isTrue();
        assertThat(found.uncertain()).isTrue();
        assertThat(found.alert().orElseThrow().days()).isEqualTo("45 d");
        assertThat(found.alert().orElseThrow().rows()).isEqualTo(300);
        assertThat(found.note().orElseThrow().what()).startsWith("distance moved: psi 0.5");
        assertThat(found.atRisk()).isPresent();
        assertThat(found.column()).contains(false);
        assertThat(simulated(observed, Optional.empty(), found).unexplained()).isEmpty();
    }

    @Test
    void whatTheControlHadToIsNotTheFaults() {
        Observed observed = observed(
                List.of(judged(AUGUST, "broken")),
                List.of(note(AUGUST, "distance", 1)),
                List.of(raised("1", AUGUST, true)));

        Finding found = Finding.of(List.of(UNIT), observed, Optional.of(observed), time -> 0)
                .getFirst();

        assertThat(found.isCaught()).isFalse();
        assertThat(found.masked()).isTrue();
        assertThat(found.note()).isEmpty();
        assertThat(found.atRisk()).isEmpty();
        Simulated simulated = simulated(observed, Optional.of(observed), found);
        assertThat(simulated.isCaught()).isFalse();
        assertThat(simulated.unexplained()).hasSize(1);
        assertThat(simulated.falseAlarms()).isZero();
        assertThat(simulated.verdict()).isEqualTo("Would our agreement have caught it? No.");
    }

    @Test
    void aBrokenWindowUnderAnOlderAlertCounts() {
        Observed observed = observed(
                List.of(judged(JULY, "broken"), judged(AUGUST, "broken")), List.of(), List.of(raised("1", JULY, true)));
        Observed control = observed(List.of(judged(JULY, "broken")), List.of(), List.of(raised("1", JULY, true)));

        Finding found = Finding.of(List.of(UNIT), observed, Optional.of(control), time -> 0)
                .getFirst();

        assertThat(found.alert().orElseThrow().what()).endsWith(", under the alert open since 2013-09-15");
    }

    @Test
    void anAlertWithoutAFaultOrALossIsFalse() {
        Observed observed = observed(
                List.of(judged(JULY, "kept"), judged(AUGUST, "kept"), judged(OCTOBER, "broken")),
                List.of(),
                List.of(raised("1", JULY, false), raised("2", OCTOBER, true)));
        Finding found =
                Finding.of(List.of(UNIT), observed, Optional.empty(), time -> 0).getFirst();

        Simulated simulated = simulated(observed, Optional.empty(), found);

        assertThat(found.isCaught()).isFalse();
        assertThat(simulated.falseAlarms()).isEqualTo(1);
        assertThat(simulated.windowsWithoutFault()).isEqualTo(2);
        assertThat(simulated.alarms())
                .isEqualTo(
                        "2 alerts where no fault was, in 2 windows: 1 false (no loss beyond chance), 1 confirmed by outcomes"
                                + " (the world itself had changed).");
    }

    @Test
    void theReportIsAPageWithPlotsAndTheirTable() {
        Observed observed = observed(
                List.of(judged(JULY, "kept"), judged(AUGUST, "broken"), judged(OCTOBER, "kept")),
                List.of(note(AUGUST, "distance", 1)),
                List.of(raised("1", AUGUST, true)));
        Finding found =
                Finding.of(List.of(UNIT), observed, Optional.empty(), time -> 0).getFirst();
        Simulated simulated = simulated(observed, Optional.empty(), found);

        String html = new SimulationPage(simulated).html();

        assertThat(html)
                .contains("Would our agreement have caught it? Yes.")
                .contains("Retraining once saved 2.000 minutes of RMSE (95 %: +1.000 to +3.000)")
                .contains("unit:distance:*2:2013-08..2013-08")
                .contains("role=\"img\"", "<td>2013-08</td>")
                .contains("skill &lt; limit")
                .doesNotContain("<script", "http://", "NaN");
        assertThat(html.split("<svg ", -1)).hasSize(3);
        assertThat(SimulationJson.of(simulated).at("/faults/0/alert/known").asText())
                .isEqualTo("2013-09-15");
    }

    private static Simulated simulated(Observed observed, Optional<Observed> control, Finding finding) {
        return new Simulated("delays", "2013-07", "2013-10", "14d", "minutes", observed, control, List.of(finding));
    }

    private static Observed observed(
            List<Observed.Judged> judged, List<Observed.Note> notes, List<Observed.Raised> alerts) {
        return new Observed(
                List.of(JULY, AUGUST, OCTOBER),
                judged,
                notes,
                alerts,
                List.of(),
                List.of(new Observed.Release("2", seen())),
                List.of(),
                new Observed.Totals(400, 390, 0, 0),
                Losses.Kind.NUMBERS,
                ALL,
                List.of(period(JULY), period(AUGUST), period(OCTOBER)),
                true,
                List.of());
    }

    private static Losses.Period period(Losses.Span span) {
        return new Losses.Period(span.window(), span.start(), span.end(), 100, 40, 42, 2, 1, 3, 200);
    }

    private static Observed.Judged judged(Losses.Span window, String verdict) {
        return new Observed.Judged(window, "performance", verdict, "1", "skill", 0.01, 0.02, 100, "", seen());
    }

    private static Observed.Note note(Losses.Span window, String column, int rank) {
        return new Observed.Note(window, column, "broken", "psi", 0.5, rank, seen());
    }

    private static Observed.Raised raised(String id, Losses.Span window, boolean confirmed) {
        return new Observed.Raised(
                id,
                window,
                "performance",
                "1",
                "skill",
                0.01,
                0.02,
                "skill < limit",
                confirmed,
                seen(),
                Long.MAX_VALUE);
    }

    /** 45 days after the fault's begin. */
    private static Observed.Seen seen() {
        return new Observed.Seen(Stretch.begin("2013-09-15"), 400);
    }

    private static Losses.Span month(String month) {
        return new Losses.Span(month, Stretch.begin(month), Stretch.end(month));
    }
}
