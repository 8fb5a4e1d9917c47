package org.millwright.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.app.cli.Terminal.Result;

/** Two months of the flights with a change of unit, and the same months without it. */
class SimulateTest {
    @TempDir
    Path folder;

    @Test
    void catchesAChangeOfUnitAndIsQuietWithoutIt() throws IOException {
        assertThat(mw("new", "flight-delays").exit()).isZero();

        Result result = mw(
                "simulate",
                "flight-delays",
                "--history=2013-05",
                "--from=2013-07",
                "--to=2013-08",
                "--label-delay=3d",
                "--rows=2500",
                "--fault=unit:departure_minute:*0.01667:2013-08",
                "--unit=minutes",
                "--report=report.html",
                "-o=json");

        assertThat(result.exit()).as(result.err()).isZero();
        JsonNode json = result.json();
        JsonNode fault = json.path("faults").path(0);
        assertThat(fault.path("caught").asBoolean()).as(json.toPrettyString()).isTrue();
        assertThat(fault.path("withoutControl").asBoolean()).isFalse();
        assertThat(fault.path("columnNamed").asBoolean()).isTrue();
        assertThat(fault.at("/note/what").asText()).startsWith("departure_minute moved: psi ");
        assertThat(fault.at("/alert/what").asText()).startsWith("performance: skill ");
        assertThat(fault.at("/alert/window").asText()).isEqualTo("2013-08");
        assertThat(fault.at("/alert/known").asText()).isBetween("2013-09-03", "2013-09-11");
        assertThat(json.path("falseAlarms").asInt()).isZero();
        assertThat(json.at("/control/alerts")).isEmpty();
        assertThat(json.at("/retrainings/0/decision").asText()).isEqualTo("train");
        assertThat(json.path("rows").asInt()).isEqualTo(5000);
        assertThat(json.path("failed").asInt() + json.path("refused").asInt()).isZero();
        assertThat(json.at("/windows/1/production").asDouble())
                .isGreaterThan(json.at("/control/windows/1/production").asDouble());
        assertThat(json.at("/control/windows/0/production").asDouble())
                .as("the control and the faults are the same before the fault")
                .isEqualTo(json.at("/windows/0/production").asDouble());
        assertThat(Files.readString(folder.resolve("report.html")))
                .contains("Without faults: the control", "✓ yes", "</svg>");
    }

    @Test
    void whatIsWrongIsSaidAtOnceBeforeAnythingStarts() {
        assertThat(mw("new", "flight-delays").exit()).isZero();

        Result wrong = mw("simulate", "flight-delays", "--from=July", "--rows=0", "--fault=unit:distance:2013-08");
        Result nowhere = mw("simulate", "elsewhere", "--from=2013-07", "--to=2013-08");

        assertThat(wrong.exit()).isEqualTo(Exit.USAGE);
        assertThat(wrong.err())
                .contains("--from: 'July' is no month (expected: such as 2013-07)")
                .contains("--to is missing")
                .contains("--rows: 0")
                .contains("fault unit:distance:2013-08: 3 parts");
        assertThat(nowhere.exit()).isEqualTo(Exit.NOT_FOUND);
        assertThat(nowhere.err()).contains("no rows for a deployment elsewhere");
    }

    private Result mw(String... arguments) {
        return Terminal.mw(
                Map.of("MW_CONFIG", folder.resolve("config").toString()),
                folder,
                List.of(arguments).toArray(String[]::new));
    }
}
