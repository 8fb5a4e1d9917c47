package org.millwright.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.app.cli.Terminal.Result;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

class DemoFolderTest {
    @TempDir
    Path home;

    private final Template template = Template.load(DemoSetUp.TEMPLATE);

    private Path demo() {
        return home.resolve("demo");
    }

    private DemoFolder folder() {
        return new DemoFolder(demo(), template);
    }

    private Path project() {
        return demo().resolve(DemoSetUp.PROJECT);
    }

    /** What a demo of this version leaves. */
    private void begun() throws IOException {
        folder().open();
        Files.createDirectories(folder().server());
        template.write(project(), Map.of("name", DemoSetUp.PROJECT));
    }

    private Map<String, String> content() throws IOException {
        var content = new TreeMap<String, String>();
        try (Stream<Path> files = Files.walk(demo())) {
            for (Path file : files.toList()) {
                content.put(file.toString(), Files.isDirectory(file) ? "" : Files.readString(file));
            }
        }
        return content;
    }

    @Test
    void refusesWhatAnOlderVersionLeftBeforeAnythingIsTouched() throws IOException {
        begun();
        Files.delete(demo().resolve(DemoFolder.NOTE));
        Files.delete(project().resolve("agreement.yaml"));
        Map<String, String> before = content();

        Result result = Terminal.mw(Map.of(), home, "demo", "--once", "--data", demo().toString());

        assertThat(result.exit()).isEqualTo(Exit.CONFLICT);
        assertThat(result.err())
                .contains("The demo cannot go on in " + demo())
                .contains("an older version of Millwright made it")
                .contains("Nothing in it was touched")
                .contains("mw demo --data DIR")
                .contains("MW_DEMO=DIR mw demo")
                .contains("rm -r " + demo());
        assertThat(content()).isEqualTo(before);
    }

    @Test
    void goesOnInItsOwnFolderAlsoWhenFilesWereEdited() throws IOException {
        begun();
        Files.writeString(project().resolve("train.py"), "edited");
        folder().open();
        // Whoever removes the server, or the project, to begin that part anew may.
        Files.delete(folder().server());
        folder().open();
    }

    @Test
    void refusesAFolderOfAnotherTemplateOrFormat() throws IOException {
        begun();
        Path note = demo().resolve(DemoFolder.NOTE);
        var other = Json.object().put("format", DemoFolder.FORMAT).put("template", "0".repeat(64));
        Files.writeString(note, other.toString());
        assertThatThrownBy(() -> folder().open())
                .isInstanceOf(Problem.Conflict.class)
                .hasMessageContaining("another version of Millwright made it");

        other.put("format", DemoFolder.FORMAT + 1).put("template", template.digest());
        Files.writeString(note, other.toString());
        assertThatThrownBy(() -> folder().open()).hasMessageContaining("another version of Millwright made it");

        Files.writeString(note, "{");
        assertThatThrownBy(() -> folder().open())
                .isInstanceOf(Problem.Conflict.class)
                .hasMessageContaining("its demo.json cannot be read");
    }

    @Test
    void namesFilesThatAreGone() throws IOException {
        begun();
        Files.delete(project().resolve("agreement.yaml"));
        assertThatThrownBy(() -> folder().open())
                .isInstanceOf(Problem.Conflict.class)
                .hasMessageContaining(project() + " lacks agreement.yaml");
    }

    @Test
    void beginsAnewWhereNothingOfADemoIs() throws IOException {
        folder().open();
        assertThat(Json.parse(Files.readString(demo().resolve(DemoFolder.NOTE)))
                        .path("template")
                        .asText())
                .isEqualTo(template.digest());
        // Stopped before anything was made: a newer version begins as well.
        Files.writeString(demo().resolve(DemoFolder.NOTE), "{\"format\":0}");
        folder().open();
        begun();
    }
}
