package org.millwright.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.app.cli.Terminal.Result;

/** The commands that need no server, on tables that are wide, odd or none. */
class OddTablesTest {
    @TempDir
    Path folder;

    private Result mw(String... arguments) {
        return Terminal.mw(Map.of(), folder, arguments);
    }

    private JsonNode json(String... arguments) {
        Result result = mw(arguments);
        assertThat(result.exit()).as(result.err()).isZero();
        return result.json();
    }

    /** Wide tables are counted in parts, and a report draws no more than a browser shows. */
    @Test
    void ofManyColumnsThoseThatMovedMostAreDrawn() throws IOException {
        Files.writeString(folder.resolve("wide-then.csv"), wide(0));
        Files.writeString(folder.resolve("wide-now.csv"), wide(1));

        JsonNode report = json("drift", "wide-then.csv", "wide-now.csv", "-o", "json", "--html", "wide.html");

        assertThat(report.path("columns")).hasSize(150);
        assertThat(report.path("driftedColumns").asInt()).isEqualTo(1);
        assertThat(ToolsTest.column(report, "c149").path("verdict").asText()).isEqualTo("drift");
        assertThat(Files.readString(folder.resolve("wide.html")))
                .contains("<section id=\"c0\"><h2>c149 ", "50 columns more, which moved less, are not drawn")
                .doesNotContain("id=\"c100\"", "are left out here");
    }

    /** 120 rows, of which the last column moves by the shift and no other. */
    private static String wide(int shift) {
        var text = new StringBuilder();
        for (int row = -1; row < 120; row++) {
            for (int column = 0; column < 150; column++) {
                text.append(column == 0 ? "" : ",")
                        .append(row < 0 ? "c" + column : (row * 37 + column) % 120 + (column == 149 ? 90 * shift : 0));
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** Each file is compared with 400 rows of numbers and texts. */
    @Test
    void filesThatAreNoTablesAreOneClearError() throws IOException {
        String rows = "1.5,a\n2.5,b\n".repeat(200);
        Files.writeString(folder.resolve("good.csv"), "x,y\n" + rows);
        Files.writeString(folder.resolve("empty.csv"), "");
        Files.writeString(folder.resolve("twice.csv"), "x,x\n" + rows);
        Files.writeString(folder.resolve("ragged.csv"), "x,y\n" + rows + "\"3\n\",b\n4,a,b,c\n" + rows);
        Files.writeString(folder.resolve("open.csv"), "x,y\n" + rows + "3,\"a\n" + rows);
        Files.writeString(
                folder.resolve("latin.csv"), "x,y\n" + rows.replace("a", "\u00e9"), StandardCharsets.ISO_8859_1);
        Files.writeString(folder.resolve("cut.parquet"), "PAR1 and then nothing");
        for (String[] wrong : new String[][] {
            {"empty.csv", "has no header"},
            {"twice.csv", "column 'x' twice"},
            {"ragged.csv", "line 404: 4 fields (expected: 2"},
            {"open.csv", "row from line 402 on is never closed"},
            {"latin.csv", "is not UTF-8 text"},
            {"cut.parquet", "no whole Parquet file"}
        }) {
            Result result = mw("drift", "good.csv", wrong[0]);
            assertThat(result.exit()).as(wrong[0]).isEqualTo(Exit.USAGE);
            assertThat(result.err()).contains(wrong[0], wrong[1]);
        }
    }

    @Test
    void unusualColumnsAreComparedOrNot() throws IOException {
        Files.writeString(folder.resolve("then.csv"), "x,y,t\n" + "1.5,a,2024-05-01\n2.5,b,2024-05-02\n".repeat(200));
        Files.writeString(folder.resolve("now.csv"), "x,y,t\n" + "inf,7,2024-06-01\n-inf,8,2024-06-02\n".repeat(200));
        Files.writeString(folder.resolve("text.csv"), "x,y,t\n" + "1.5,a,\n2.5,b,\n".repeat(200) + "oops,a,\n");
        Files.writeString(folder.resolve("none.csv"), "x,y,t\n");

        JsonNode infinite = json("drift", "then.csv", "now.csv", "-o", "json");
        assertThat(ToolsTest.column(infinite, "x").path("metric").asText()).isEqualTo("missing-psi");
        assertThat(ToolsTest.column(infinite, "x").path("currentMissing").asDouble())
                .isEqualTo(1);
        assertThat(ToolsTest.column(infinite, "y").path("reason").asText()).isEqualTo("texts before, numbers now");
        JsonNode text = json("drift", "then.csv", "text.csv", "-o", "json");
        assertThat(ToolsTest.column(text, "x").path("reason").asText())
                .isEqualTo("numbers before, texts now: 1 of 401 is no number: 'oops'");
        assertThat(ToolsTest.column(text, "t").path("verdict").asText()).isEqualTo("insufficient");
        JsonNode none = json("drift", "then.csv", "none.csv", "-o", "json");
        assertThat(none.path("verdict").asText()).isEqualTo("insufficient");
        assertThat(mw("drift", "then.csv", "text.csv")
                        .out()
                        .lines()
                        .skip(1)
                        .findFirst()
                        .orElseThrow())
                .startsWith("x");
    }

    @Test
    void predictionsThatCannotBeMeasuredSayWhy() throws IOException {
        String binary = "0,0,0.2\n1,1,0.7\n0,1,0.6\n".repeat(60);
        Files.writeString(folder.resolve("past.csv"), "y_true,y_pred,y_prob\n" + binary);
        Files.writeString(folder.resolve("third.csv"), "y_true,y_pred,y_prob\n" + binary + "2,1,0.6\n");
        Files.writeString(folder.resolve("unlabelled.csv"), "y_true,y_pred,y_prob\n,1,0.6\n,0,0.5\n");
        Files.writeString(folder.resolve("rowless.csv"), "y_true,y_pred,y_prob\n");
        Files.writeString(folder.resolve("words.csv"), "y_true,y_pred,y_prob\n1,1,high\n0,0,low\n");
        Files.writeString(folder.resolve("sum.csv"), "y_true,y_pred,a,b\nx,x,0.5,0.4\ny,x,0.6,0.4\n");
        Files.writeString(folder.resolve("zeros.csv"), "y_true,y_pred,y_prob\n0,0,0.2\n0,0,0.1\n");

        assertThat(mw("evaluate", "third.csv").err())
                .contains("Taken as 3 classes (0, 1, 2), so that column 'y_prob' is not used");
        assertThat(mw("evaluate", "third.csv", "--task", "binary").exit()).isZero();
        assertThat(mw("evaluate", "third.csv", "--reference", "past.csv").err())
                .contains("Column 'y_true', row 181: class '2' is not among those of the reference (0, 1)");
        assertThat(mw("evaluate", "unlabelled.csv").err()).contains("No row has a true and a predicted value");
        assertThat(mw("evaluate", "rowless.csv").err()).contains("has no rows");
        assertThat(mw("evaluate", "words.csv").err())
                .contains("Column 'y_prob' holds texts (expected: numbers, as it is to hold probabilities)");
        assertThat(mw("evaluate", "sum.csv", "--task", "multiclass", "--probabilities", "x=a,y=b")
                        .err())
                .contains("Row 1: the probabilities of all classes add up to 0.900 (expected: 1)");
        assertThat(mw("evaluate", "zeros.csv").exit()).isZero();
    }
}
