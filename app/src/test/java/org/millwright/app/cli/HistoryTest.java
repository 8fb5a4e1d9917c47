package org.millwright.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.app.ReadyModel;
import org.millwright.app.cli.Terminal.Result;

/** A model version's story names the person who decided about it, and why. */
class HistoryTest {
    @TempDir
    Path folder;

    private Terminal terminal;

    @BeforeEach
    void start() {
        ReadyModel.in(folder.resolve("server"), 2);
        terminal = new Terminal(folder);
        terminal.mw("user", "token", "ana");
        terminal.mw("user", "token", "mia");
    }

    @AfterEach
    void stop() {
        terminal.close();
    }

    @Test
    void tellsWhoApprovedARelease() {
        decide("delays/1", "--reason", "As good at every airport");

        String story = terminal.mw("history", "model:delays/1").out();

        assertThat(story.lines())
                .anySatisfy(line -> assertThat(line).contains("  ana  requested release  release:"))
                .anySatisfy(line -> assertThat(line).contains("  mia  approved  release:"))
                .anySatisfy(line -> assertThat(line).contains("  mia  approved release  release:"));
        assertThat(story).contains("reason: As good at every airport").doesNotContain("millwright  approved");
        assertThat(terminal.mw("history", "model:delays").out()).contains("  mia  approved  release:");
    }

    @Test
    void tellsWhoRefusedOneAndNothingIsDeployed() {
        String release = decide("delays/2", "--refuse", "--reason", "Worse at night");

        assertThat(terminal.mw("history", "model:delays/2").out())
                .contains("  mia  refused  release:")
                .contains("  mia  refused release  release:")
                .contains("reason: Worse at night");
        JsonNode listed = terminal.mw("release", "list", "-o", "json").json().path(0);
        assertThat(listed.path("state").asText()).isEqualTo("refused");
        assertThat(listed.path("ref").asText()).isEqualTo(release);
        assertThat(terminal.mw("deployment", "list", "-o", "json").json()).isEmpty();
        Result again = terminal.mw("approve", release, "--as", "mia");
        assertThat(again.exit()).as(again.err()).isEqualTo(Exit.NOT_FOUND);
    }

    @Test
    void nobodyDecidesOnTheirOwnWork() {
        Result asked = terminal.mw("release", "delays/1", "--as", "ana", "-o", "json");
        terminal.mw("user", "grant", "ana", "approver");

        Result own = terminal.mw("approve", asked.json().path("ref").asText(), "--as", "ana");

        assertThat(own.exit()).as(own.err()).isEqualTo(Exit.FORBIDDEN);
        assertThat(own.err()).contains("ana made release:").contains("Ask another person");
    }

    private String decide(String version, String... how) {
        Result asked = terminal.mw("release", version, "--as", "ana", "-o", "json");
        assertThat(asked.exit()).as(asked.err()).isZero();
        String release = asked.json().path("ref").asText();
        var command = new ArrayList<>(List.of("approve", release, "--as", "mia"));
        command.addAll(List.of(how));
        Result decided = terminal.mw(command.toArray(String[]::new));
        assertThat(decided.exit()).as(decided.err()).isZero();
        return release;
    }
}
