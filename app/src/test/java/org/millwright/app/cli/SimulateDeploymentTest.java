package org.millwright.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.app.ReadyModel;
import org.millwright.app.cli.Terminal.Result;
import org.millwright.scoring.Frame;
import org.millwright.serving.TestBundles;

/** A file of rows replayed through a deployment of a server that is there. */
class SimulateDeploymentTest {
    private static final int ROWS = 150;

    @TempDir
    Path folder;

    private Terminal terminal;

    @BeforeEach
    void start() throws IOException {
        ReadyModel.in(folder.resolve("server"), 1);
        terminal = new Terminal(folder);
        terminal.mw("user", "token", "ana");
        terminal.mw("user", "token", "mia");
        Result asked = terminal.mw("release", "delays/1", "--as", "ana", "-o", "json");
        Result decided = terminal.mw("approve", asked.json().path("ref").asText(), "--as", "mia");
        assertThat(decided.exit()).as(decided.err()).isZero();
        ServerProcess.await(
                "the version to be staged",
                () -> terminal.mw("deployment", "list", "-o", "json")
                                .json()
                                .at("/0/canary/version")
                                .isMissingNode()
                        ? null
                        : true);
        Files.write(folder.resolve("rows.csv"), csv());
    }

    @AfterEach
    void stop() {
        terminal.close();
    }

    @Test
    void answersAreComparedAndRefusalsNotedAndProductionIsNotDisturbedUnasked() {
        Result result = simulate("--fault=broken:wind:missing-column:2013-09", "--trust=server/keys/bundles.pem.pub");

        assertThat(result.exit()).as(result.err()).isEqualTo(Exit.REFUSED);
        JsonNode json = result.json();
        assertThat(json.path("rows").asInt()).as(json.toPrettyString()).isEqualTo(100);
        assertThat(json.path("refused").asInt()).isEqualTo(50);
        assertThat(json.path("outcomes").asInt()).isEqualTo(100);
        assertThat(json.path("compared").asBoolean()).isTrue();
        assertThat(json.at("/loss/production").asDouble()).isCloseTo(2, within(1e-3));
        assertThat(json.at("/loss/held").asDouble())
                .isCloseTo(json.at("/loss/production").asDouble(), within(1e-6));
        assertThat(json.at("/faults/0/note/what").asText())
                .startsWith("requests refused: ")
                .contains("wind");
        JsonNode monitor =
                terminal.mw("monitor", "show", "delays", "-o", "json").json();
        assertThat(monitor.path("windows")).hasSize(2);
        assertThat(monitor.at("/windows/0/labels").asInt()).isEqualTo(50);

        Result again = simulate();
        assertThat(again.exit()).as(again.err()).isEqualTo(Exit.CONFLICT);
        assertThat(again.err()).contains("has answered requests").contains("--yes");

        Result anyhow = simulate("--yes");
        assertThat(anyhow.exit()).as(anyhow.err()).isZero();
        assertThat(anyhow.json().path("compared").asBoolean()).isFalse();
        monitor = terminal.mw("monitor", "show", "delays", "-o", "json").json();
        assertThat(monitor.path("windows")).hasSize(3);
        assertThat(monitor.at("/windows/0/rows").asInt())
                .as("rows that were sent before are dropped by their ids")
                .isEqualTo(50);
    }

    @Test
    void faultsThatTheModelHasNoPlaceForStopBeforeAnyRequest() {
        Result result = simulate("--fault=unit:winds:*2:2013-08", "--fault=drift:carrier:+1:2013-08");

        assertThat(result.exit()).isEqualTo(Exit.USAGE);
        assertThat(result.err()).contains("did you mean 'wind'?").contains("'carrier' holds texts");
        assertThat(terminal.mw("monitor", "show", "delays").exit()).isEqualTo(Exit.NOT_FOUND);
    }

    private Result simulate(String... more) {
        var words = new ArrayList<>(List.of(
                "simulate",
                "delays",
                "--data=rows.csv",
                "--label=y",
                "--from=2013-07",
                "--to=2013-09",
                "--label-delay=2d",
                "-o=json"));
        words.addAll(Arrays.asList(more));
        return terminal.mw(words.toArray(String[]::new));
    }

    /** Fifty rows a month; every outcome is two away from what the model predicts. */
    private static List<String> csv() {
        Frame rows = TestBundles.rows();
        double[] expected = TestBundles.expected();
        var lines = new ArrayList<String>();
        lines.add("id,time,distance,wind,hour,carrier,y");
        for (int i = 0; i < ROWS; i++) {
            int row = i % rows.rows();
            LocalDateTime at = LocalDateTime.of(2013, 7 + i / 50, 1 + row / 2, row % 2, 0, 1);
            lines.add("row-" + i + "," + at + "," + rows.value(0, row) + "," + rows.value(1, row) + ","
                    + rows.value(2, row) + "," + rows.value(3, row) + "," + (expected[row] + (i % 2 == 0 ? 2 : -2)));
        }
        return lines;
    }
}
