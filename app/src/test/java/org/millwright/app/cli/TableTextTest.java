package org.millwright.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Tables as wide as whoever reads them has room for. */
class TableTextTest {
    private static final List<String> HEADERS = List.of("NAME", "FAULT", "ROWS", "MESSAGE");
    private static final List<List<String>> ROWS = List.of(
            List.of("flights", "", "27,004", "skill 0.01 where at least 0.02 is agreed"),
            List.of("planes", "", "3", "kept"));

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
