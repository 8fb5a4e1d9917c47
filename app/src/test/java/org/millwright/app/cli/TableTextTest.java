package org.millwright.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.millwright.kernel.Json;

/** Tables as wide as whoever reads them has room for. */
class TableTextTest {
    private static final List<String> HEADERS = List.of("NAME", "FAULT", "ROWS", "MESSAGE");
    private static final List<List<String>> ROWS = List.of(
            List.of("flights", "", "27,004", "skill 0.01 where at least 0.02 is agreed"),
            List.of("planes", "", "3", "kept"));

    @Test
    void tellsMapsSuchAsAliasesInWordsToPeopleOnly() {
        var model = Json.object().put("name", "delays");
        model.putObject("aliases").put("champion", "3").put("previous", "2");
        var models =
                Json.array().add(model).add(Json.object().put("name", "new").set("aliases", Json.object()));
        assertThat(listed(Output.Form.TABLE, models).lines())
                .containsExactly("NAME    ALIASES", "delays  champion=3 previous=2", "new");
        assertThat(listed(Output.Form.CSV, models)).contains("delays,\"{\"\"champion\"\":\"\"3\"\"");
        var shown = new StringWriter();
        new Output(new PrintWriter(shown), Output.Form.TABLE, 0).show(model, "name", "aliases");
        assertThat(shown.toString().lines()).containsExactly("NAME     delays", "ALIASES  champion=3 previous=2");
    }

    private static String listed(Output.Form form, ArrayNode models) {
        var out = new StringWriter();
        new Output(new PrintWriter(out), form, 0).list(models, "name", "aliases");
        return out.toString();
    }

    @Test
    void keepsEachRowOnALineWhereNobodyReadsIt() {
        assertThat(TableText.lines(HEADERS, ROWS, 0))
                .containsExactly(
                        "NAME     FAULT    ROWS  MESSAGE",
                        "flights         27,004  skill 0.01 where at least 0.02 is agreed",
                        "planes               3  kept");
    }

    @Test
    void leavesEmptyColumnsOutAndFoldsLongTexts() {
        assertThat(TableText.lines(HEADERS, ROWS, 40))
                .containsExactly(
                        "NAME       ROWS  MESSAGE",
                        "flights  27,004  skill 0.01 where at",
                        "                 least 0.02 is agreed",
                        "planes        3  kept");
    }

    @Test
    void listsValuesWhereATableHasNoRoom() {
        assertThat(TableText.lines(HEADERS, ROWS, 30))
                .containsExactly(
                        "NAME     flights",
                        "ROWS     27,004",
                        "MESSAGE  skill 0.01 where at",
                        "         least 0.02 is agreed",
                        "",
                        "NAME     planes",
                        "ROWS     3",
                        "MESSAGE  kept");
    }

    @Test
    void saysNothingOfNoRows() {
        assertThat(TableText.lines(HEADERS, List.of(), 80)).isEmpty();
    }
}
