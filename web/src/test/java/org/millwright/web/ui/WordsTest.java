package org.millwright.web.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.millwright.insight.Period;
import org.millwright.project.Agreement;

/** Words, figures and links of pages, where they were once wrong. */
class WordsTest {
    @Test
    void aDatasetWithoutAPeriodLeadsToAllItsVersions() {
        assertThat(Links.of("dataset:flights")).isEqualTo("/data?dataset=flights");
        assertThat(Links.of("dataset:flights@2013-05/1")).isEqualTo("/data/flights%402013-05%2F1");
    }

    @Test
    void oneIsNoPlural() {
        assertThat(List.of(Text.count(0, "row"), Text.count(1, "row"), Text.count(2000, "row")))
                .containsExactly("0 rows", "1 row", "2,000 rows");
    }

    @Test
    void clausesNameColumnsWithLimitsOfTheirOwn() {
        Agreement agreement = Agreement.parse("""
                apiVersion: millwright/v1
                kind: Agreement
                model: delays
                drift: {columns: {carrier: {method: l-infinity, alert: 0.05}}, ignore: month}
                """);
        assertThat(Clauses.of(agreement))
                .contains(
                        "Column carrier has drifted when its l-infinity is at least 0.05 (noted from 0.05).",
                        "The drift of month is not looked at.");
    }

    @Test
    void minutesSayNothingAboutMonths() {
        var minutes = new Period(0, Duration.ofMinutes(6).toMillis());
        var months = new Period(0, Duration.ofDays(60).toMillis());
        assertThat(Insight.monthly(1, 7718, minutes)).isEqualTo("1");
        assertThat(Insight.monthly(3, 1.5, months)).isEqualTo("3 (1.5 in 30 days)");
        assertThat(Insight.ofField(Duration.ofMinutes(3).toMillis())).isEqualTo("less than 0.1 %");
    }

    @Test
    void whatIsCountedBeginsAtZero() {
        var plot = new Plot("Versions", List.of("2026-11")).series("versions", 1);
        assertThat(plot.fromZero().svg()).contains(">0</text>");
        assertThat(new Plot("Lead time", List.of("2026-11"))
                        .series("days", Double.NaN)
                        .whenEmpty("No value yet.")
                        .svg())
                .isEqualTo("<p class=\"muted small\">No value yet.</p>");
    }

    @Test
    void namesOfAGraphStayInTheirBoxes() {
        var graph = new Graph("What came from what");
        graph.add(new Graph.Node("artifact:" + "a1".repeat(32), "artifact", "ok", "/", List.of()));
        assertThat(graph.svg()).contains(">a1a1a1a1a1…</text>");
    }
}
