package org.millwright.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.kernel.Json;

/** A team moves here from a real MLflow server: the same client sees the same on both. Two runs had not ended. */
class ImportTest {
    @TempDir
    Path folder;

    @Test
    void whatAClientSeesIsTheSameAfterwards() throws Exception {
        try (var old = new OldMlflow(folder.resolve("old"));
                var here = new Terminal(folder)) {
            old.run("move.py", "fill=" + old.url());
            check(copy(old, here), 2, 6, 3, 3, 6, 9, 0);
            long entries = entries(here);
            check(copy(old, here), 2, 2, 0, 3, 0, 1, 7);
            assertThat(entries(here)).isEqualTo(entries);
            compare(old, here, "forget=" + here.url(), "more=" + old.url());

            check(copy(old, here), 2, 4, 1, 3, 1, 6, 6);
            compare(old, here);
            assertThat(text("here")).contains("\"best\": \"6\"");

            try (var other = new Terminal(folder.resolve("other"))) {
                check(copy(old, other, "--experiment", "Default"), 1, 1, 0, 1, 0, 1, 0);
                assertThat(other.mw("import", old.url(), "--experiment", "flihgts")
                                .err())
                        .contains("has no experiment flihgts (expected: one of 2, such as [");
            }
        }
    }

    private static void check(
            JsonNode copied, int experiments, int runs, int logged, int models, int versions, int files, int skipped) {
        assertThat(copied)
                .isEqualTo(Json.object()
                        .put("experiments", experiments)
                        .put("runs", runs)
                        .put("loggedModels", logged)
                        .put("models", models)
                        .put("versions", versions)
                        .put("files", files)
                        .put("skipped", skipped));
    }

    private static JsonNode copy(OldMlflow old, Terminal here, String... options) {
        var command = new ArrayList<>(List.of("import", old.url(), "--output", "json"));
        command.addAll(List.of(options));
        Terminal.Result result = here.mw(command.toArray(String[]::new));
        assertThat(result.exit()).as(result.err()).isZero();
        return result.json();
    }

    /** Compares what the client sees on both servers, then does what else it is told. */
    private void compare(OldMlflow old, Terminal here, String... tasks) throws IOException {
        var all = new ArrayList<>(List.of(seen(old.url(), "there"), seen(here.url(), "here")));
        all.addAll(List.of(tasks));
        old.run("move.py", all.toArray(String[]::new));
        assertThat(text("here")).isEqualTo(text("there"));
    }

    private static long entries(Terminal here) {
        return here.mw("ledger", "verify", "--output", "json")
                .json()
                .path("entries")
                .asLong();
    }

    private String seen(String url, String name) {
        return "seen=" + url + "=" + folder.resolve(name);
    }

    private String text(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }
}
