package org.millwright.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.app.cli.Terminal.Result;
import org.millwright.scoring.Oracles;

/** The commands that need no server, on the flights that other libraries measured. */
class ToolsTest {
    private static final List<String> COLUMNS =
            List.of("y_prob", "y_pred", "y_true", "r_pred", "r_true", "origin", "carrier", "hour", "distance");

    @TempDir
    static Path folder;

    @BeforeAll
    static void write() throws IOException {
        write("reference");
        write("analysis");
    }

    private static void write(String period) throws IOException {
        List<String> lines = new ArrayList<>(List.of(String.join(",", COLUMNS)));
        for (Map<String, String> row : Oracles.rows("perf_rows.csv.gz")) {
            if (row.get("period").equals(period)) {
                lines.add(String.join(",", COLUMNS.stream().map(row::get).toList()));
            }
        }
        Files.write(folder.resolve(period + ".csv"), lines);
    }

    private static Result mw(String... arguments) {
        return Terminal.mw(Map.of(), folder, arguments);
    }

    private static JsonNode json(String... arguments) {
        Result result = mw(arguments);
        assertThat(result.exit()).as(result.err()).isZero();
        return result.json();
    }

    @Test
    void driftOfEveryColumnWithItsReport() throws IOException {
        JsonNode report =
                json("drift", "reference.csv", "analysis.csv", "-o", "json", "--html", "drift.html", "--multivariate");

        assertThat(report.path("referenceRows").asInt()).isEqualTo(5_903);
        assertThat(report.path("columns")).hasSize(9);
        JsonNode distance = column(report, "distance");
        assertThat(distance.path("metric").asText()).isEqualTo("psi");
        assertThat(distance.path("threshold").asDouble()).isEqualTo(0.25);
        assertThat(distance.path("n").asInt()).isEqualTo(7_074);
        assertThat(distance.path("metrics").findValuesAsText("metric"))
                .contains("psi", "jensen-shannon", "wasserstein", "hellinger", "kolmogorov-smirnov", "l-infinity");
        JsonNode origin = column(report, "origin");
        assertThat(origin.path("metric").asText()).isEqualTo("jensen-shannon");
        assertThat(origin.path("metrics").findValuesAsText("metric")).contains("chi-square", "cramers-v");
        JsonNode all = report.path("multivariate");
        assertThat(all.path("metric").asText()).isEqualTo("domain-classifier-auc");
        assertThat(all.path("value").asDouble()).isBetween(0.45, 0.95);
        assertThat(all.path("columns")).hasSize(9);
        String html = Files.readString(folder.resolve("drift.html"));
        assertThat(html)
                .startsWith("<!doctype html>")
                .contains(
                        "domain classifier",
                        "<svg",
                        "prefers-color-scheme: dark",
                        "distance",
                        "class=\"before\"",
                        "class=\"now\"")
                .doesNotContain("<script", "http://", "https://", "NaN");
    }

    static JsonNode column(JsonNode report, String name) {
        for (JsonNode column : report.path("columns")) {
            if (column.path("column").asText().equals(name)) {
                return column;
            }
        }
        throw new AssertionError("no column " + name);
    }

    @Test
    void driftCanBeCheckedAndSetUp() throws IOException {
        Files.writeString(folder.resolve("a.csv"), "x,y\n" + "1,a\n".repeat(300) + "2,b\n".repeat(300));
        Files.writeString(folder.resolve("b.csv"), "x,y\n" + "9,NA\n".repeat(300) + "8,c\n".repeat(300));

        Result drifted = mw("drift", "a.csv", "b.csv", "--check");
        assertThat(drifted.exit()).isEqualTo(Exit.REFUSED);
        assertThat(drifted.out()).contains("COLUMN", "VERDICT", "PSI").contains("ks-test", "chi-square");
        assertThat(drifted.err()).contains("2 of 2 columns drifted");
        assertThat(mw("drift", "a.csv", "a.csv", "--check").exit()).isZero();
        JsonNode set =
                json("drift", "a.csv", "b.csv", "--columns", "x", "--method", "js", "--threshold", "0.2", "-o", "json");
        assertThat(set.path("columns")).hasSize(1);
        assertThat(set.path("columns").path(0).path("value").asDouble()).isEqualTo(1);
        assertThat(set.path("columns").path(0).path("threshold").asDouble()).isEqualTo(0.2);
    }

    @Test
    void metricsWithIntervalsBySlice() {
        JsonNode rows = json("evaluate", "reference.csv", "--by", "origin", "-o", "json");

        JsonNode perf = Oracles.json("perf.json");
        JsonNode want = perf.path("classification").path("reference");
        assertThat(value(rows, "all", "roc_auc")).isCloseTo(want.path("roc_auc").asDouble(), within(1e-9));
        assertThat(value(rows, "origin=JFK", "f1"))
                .isCloseTo(
                        perf.path("by_origin")
                                .path("JFK")
                                .path("classification")
                                .path("f1")
                                .asDouble(),
                        within(1e-9));
        assertThat(rows.path(0).path("low").asDouble())
                .isLessThan(rows.path(0).path("value").asDouble());
        assertThat(rows.toString()).doesNotContain("shown");

        JsonNode quantities =
                json("evaluate", "reference.csv", "--truth", "r_true", "--prediction", "r_pred", "-o", "json");
        assertThat(value(quantities, "all", "mae"))
                .isCloseTo(perf.path("regression").path("reference").path("mae").asDouble(), within(1e-9));
        assertThat(mw("evaluate", "reference.csv").out()).contains("SLICE", "METRIC", "VALUE", "LOW", "HIGH");
    }

    private static double value(JsonNode rows, String slice, String metric) {
        for (JsonNode row : rows) {
            if (row.path("slice").asText().equals(slice)
                    && row.path("metric").asText().equals(metric)) {
                return row.path("value").asDouble();
            }
        }
        throw new AssertionError("no " + metric + " of " + slice);
    }

    @Test
    void performanceEstimatedFromAReference() {
        JsonNode cbpe = json("evaluate", "analysis.csv", "--reference", "reference.csv", "--chunks", "5", "-o", "json");
        JsonNode first = cbpe.path(0);
        JsonNode want =
                Oracles.json("perf.json").path("cbpe").path("chunks").path(6).path("roc_auc");
        assertThat(first.path("metric").asText()).isEqualTo("roc_auc");
        assertThat(first.path("rows").asText()).isEqualTo("1-1414");
        assertThat(first.path("value").asDouble()).isCloseTo(want.path("value").asDouble(), within(1e-6));
        assertThat(first.path("realised").asDouble()).isBetween(0.8, 1.0);
        assertThat(first.path("verdict").asText()).isEqualTo("ok");

        JsonNode dle = json(
                "evaluate",
                "analysis.csv",
                "--reference",
                "reference.csv",
                "--truth",
                "r_true",
                "--prediction",
                "r_pred",
                "--features",
                "hour,distance,origin,carrier",
                "--chunks",
                "5",
                "-o",
                "json");
        assertThat(dle).hasSize(15);
        assertThat(dle.path(0).path("metric").asText()).isEqualTo("mae");
        assertThat(dle.path(0).path("value").asDouble()).isCloseTo(15.8, within(15.8 * 0.15));
    }

    @Test
    void chunksByNumberSizeAndPeriod() throws IOException {
        var rows = new StringBuilder("y_true,y_pred,y_prob,at\n");
        for (int i = 0; i < 1_200; i++) {
            int day = 59 - i / 20;
            rows.append(i % 3 == 0 ? "1,1,0.8," : i % 7 == 0 ? "1,0,0.3," : "0,0,0.2,")
                    .append(LocalDate.of(2024, 3, 1).plusDays(day))
                    .append(i % 2 == 0 ? "T08:00:00\n" : "T20:30:00\n");
        }
        Files.writeString(folder.resolve("timed.csv"), rows);

        assertThat(parts("--chunk-size", "500")).containsExactly("1-500", "501-1200");
        assertThat(parts("--chunks", "3")).containsExactly("1-400", "401-800", "801-1200");
        assertThat(parts("--chunk-period", "month", "--timestamp", "at")).containsExactly("2024-03", "2024-04");
        assertThat(parts("--chunk-period", "week", "--timestamp", "at"))
                .startsWith("2024-02-26", "2024-03-04")
                .hasSize(10);
        assertThat(parts("--chunk-period", "quarter", "--timestamp", "at")).containsExactly("2024-Q1", "2024-Q2");
        assertThat(parts("--chunk-period", "hour", "--timestamp", "at"))
                .startsWith("2024-03-01 08h", "2024-03-01 20h")
                .hasSize(120);
        assertThat(estimated("--chunk-period", "day").err()).contains("--chunk-period needs a time", "--timestamp");
        assertThat(estimated("--chunks", "2", "--chunk-size", "5").err()).contains("(expected: one)");
        assertThat(estimated("--chunks", "0").err()).contains("--chunks: 0 (expected: 1 to 10000)");
        assertThat(estimated("--chunk-period", "day", "--timestamp", "y_prob").err())
                .contains("Column 'y_prob', row 1: '0.8' is no time");
    }

    private static Result estimated(String... more) {
        List<String> arguments = new ArrayList<>(List.of("evaluate", "timed.csv", "--reference", "timed.csv"));
        arguments.addAll(List.of(more));
        return mw(arguments.toArray(String[]::new));
    }

    private static List<String> parts(String... more) {
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.addAll(List.of("-o", "json"));
        Result result = estimated(arguments.toArray(String[]::new));
        assertThat(result.exit()).as(result.err()).isZero();
        return result.json().findValuesAsText("rows").stream().distinct().toList();
    }

    @Test
    void fairnessByColumnsAndTheirIntersection() {
        JsonNode all = json("fairness", "reference.csv", "--by", "origin", "--by", "origin,carrier", "-o", "json");

        assertThat(all).hasSize(2);
        JsonNode want = Oracles.json("fairness.json").path("groups").path("reference/origin");
        JsonNode impact = all.path(0).path("criteria").path(0);
        assertThat(impact.path("metric").asText()).isEqualTo("disparate_impact");
        assertThat(impact.path("value").asDouble())
                .isCloseTo(want.path("demographic_parity_ratio").asDouble(), within(1e-9));
        assertThat(impact.path("verdict").asText()).isEqualTo("unfair");
        assertThat(all.path(1).path("groups").findValuesAsText("group")).contains("EWR × UA");
        assertThat(all.path(1).path("groups").findValuesAsText("counts")).contains("true", "false");
        Result table = mw("fairness", "reference.csv", "--by", "origin", "--check");
        assertThat(table.exit()).isEqualTo(Exit.REFUSED);
        assertThat(table.out()).contains("equalized_odds_difference", "EWR", "0.186 (0.171 to 0.203)");
    }

    @Test
    void errorsOfAQuantityByGroup() {
        String[] asked = {"fairness", "reference.csv", "--by", "carrier", "--prediction", "r_pred", "--truth", "r_true"
        };
        JsonNode all =
                json(Stream.concat(Stream.of(asked), Stream.of("-o", "json")).toArray(String[]::new));
        assertThat(all.at("/0/criteria").findValuesAsText("metric"))
                .containsExactly("mae_ratio", "mae_difference", "mean_error_difference");
        assertThat(all.at("/0/criteria/2").has("threshold")).as("none given").isFalse();
        assertThat(all.at("/0/groups/0/mean_error_interval")).hasSize(2);
        Result table = mw(Stream.concat(Stream.of(asked), Stream.of("--difference", "2", "--check"))
                .toArray(String[]::new));
        assertThat(table.exit()).isEqualTo(Exit.REFUSED);
        assertThat(table.out()).contains("MEAN_ERROR", "unfair", " to ");
    }

    @Test
    void whatIsWrongIsSaidOnce() throws IOException {
        Result none = mw("drift", "reference.csv", "nothing.csv");
        assertThat(none.exit()).isEqualTo(Exit.NOT_FOUND);
        assertThat(none.err()).contains("No file").contains("nothing.csv");
        assertThat(mw("drift", "reference.csv", "analysis.csv", "--method", "vibes")
                        .err())
                .contains("--method: 'vibes' (expected one of psi, ");
        assertThat(mw("drift", "reference.csv", "analysis.csv", "--alpha", "2").err())
                .contains("alpha: 2.0");
        assertThat(mw("drift", "reference.csv", "analysis.csv", "--columns", "nope")
                        .err())
                .contains("Neither table has a column 'nope'");
        Result truth = mw("evaluate", "reference.csv", "--truth", "y");
        assertThat(truth.exit()).isEqualTo(Exit.USAGE);
        assertThat(truth.err()).contains("No column 'y'").contains("--reference FILE");
        assertThat(mw("evaluate", "reference.csv", "--prediction", "y_prd").err())
                .contains("did you mean 'y_pred'?");
        assertThat(mw("fairness", "reference.csv", "--by", "origin", "--prediction", "r_pred", "--truth", "no")
                        .err())
                .contains("No column 'no' of true values: errors of a quantity need them");
        Files.writeString(folder.resolve("bad.csv"), "y_true,y_pred,y_prob\n1,1,2.5\n0,0,0.5\n");
        assertThat(mw("evaluate", "bad.csv").err()).contains("row 1: 2.5 is no probability");
        Files.writeString(folder.resolve("few.csv"), "y_true,y_pred,y_prob\n1,1,0.5\n0,0,0.5\n");
        assertThat(mw("evaluate", "few.csv", "--reference", "few.csv").err()).contains("2 rows have a true");
    }

    @Test
    void columnsHaveTheirOwnMethodsOrAreLeftOut() throws IOException {
        JsonNode report = json(
                "drift",
                "reference.csv",
                "analysis.csv",
                "-o",
                "json",
                "--ignore",
                "y_true,y_pred",
                "--categorical",
                "hour",
                "--column-method",
                "origin=linf:0.01,hour=total_variation");
        assertThat(report.path("columns")).hasSize(7);
        assertThat(column(report, "origin").path("metric").asText()).isEqualTo("l-infinity");
        assertThat(column(report, "origin").path("threshold").asDouble()).isEqualTo(0.01);
        assertThat(column(report, "hour").path("kind").asText()).isEqualTo("categorical");
        assertThat(column(report, "hour").path("metric").asText()).isEqualTo("total-variation");
        assertThat(column(report, "carrier").path("metric").asText()).isEqualTo("jensen-shannon");
        for (String[] wrong : new String[][] {
            {"origin=ks", "kolmogorov-smirnov says nothing of column 'origin', which holds texts"},
            {"origin=vibes", "--column-method origin: 'vibes' (expected one of psi, "},
            {"origin=js:-1", "threshold '-1' (expected: a number above 0)"},
            {"orgin=js", "no column"}
        }) {
            Result result = mw("drift", "reference.csv", "analysis.csv", "--column-method", wrong[0]);
            assertThat(result.exit()).isEqualTo(Exit.USAGE);
            assertThat(result.err().replace("Neither table has a column 'orgin'; did you mean 'origin'?", "no column"))
                    .contains(wrong[1]);
        }
    }
}
