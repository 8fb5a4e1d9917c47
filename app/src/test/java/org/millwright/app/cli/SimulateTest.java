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

/** A month of the flights with a change of unit, and the same month without it. */
class SimulateTest {
    @TempDir
    Path folder;

    @Test
    void catchesAChangeOfUnitAndIsQuietWithoutIt() throws IOException {
        assertThat(mw("new", "flight-delays").exit()).isZero();
        replace("pipeline.yaml", "[train.py,", "[train.py, --trees, \"50\", --learning-rate, \"0.1\",");
        replace("millwright.yaml", "rows: 20000", "rows: 1000");

        Result result = mw(
                "simulate",
                "flight-delays",
                "--history=2013-05",
                "--from=2013-07",
                "--to=2013-07",
                "--label-delay=3d",
                "--rows=2500",
                "--fault=unit:departure_minute:*0.01667:2013-07-02",
                "--unit=minutes",
                "--report=report.html",
                "-o=json");

        assertThat(result.exit()).as(result.err()).isZero();
        JsonNode json = result.json();
        JsonNode fault = json.path("faults").path(0);
        assertThat(fault.path("caught").asBoolean()).as(json.toPrettyString()).isTrue();
        assertThat(fault.path("withoutControl").asBoolean()).isFalse();
        assertThat(fault.at("/note/what").asText()).startsWith("departure_minute moved: psi ");
        assertThat(fault.at("/alert/what").asText()).startsWith("performance: skill ");
        assertThat(fault.at("/alert/window").asText()).isEqualTo("2013-07");
        assertThat(fault.at("/alert/known").asText()).isEqualTo("2013-08-05");
        assertThat(json.path("falseAlarms").asInt()).isZero();
        assertThat(json.at("/control/alerts")).isEmpty();
        assertThat(json.at("/retrainings/0/decision").asText()).isEqualTo("train");
        assertThat(json.path("rows").asInt()).isEqualTo(2500);
        assertThat(json.path("failed").asInt() + json.path("refused").asInt()).isZero();
        assertThat(json.at("/windows/0/production").asDouble())
                .isGreaterThan(1.03 * json.at("/control/windows/0/production").asDouble());
        assertThat(json.at("/windows/0/saved").asDouble()).isZero();
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
                .contains("from: 'July' is no month (expected: such as 2013-07)")
                .contains("to is missing")
                .contains("rows: '0' (expected: 1 to 1000000)")
                .contains("fault unit:distance:2013-08: 3 parts");
        assertThat(nowhere.exit()).isEqualTo(Exit.NOT_FOUND);
        assertThat(nowhere.err()).contains("no rows for a deployment elsewhere");
    }

    /** Less to do for the same. */
    private void replace(String file, String before, String after) throws IOException {
        Path path = folder.resolve("flight-delays").resolve(file);
        String text = Files.readString(path);
        assertThat(text).contains(before);
        Files.writeString(path, text.replace(before, after));
    }

    private Result mw(String... arguments) {
        return Terminal.mw(
                Map.of("MW_CONFIG", folder.resolve("config").toString()),
                folder,
                List.of(arguments).toArray(String[]::new));
    }
}
