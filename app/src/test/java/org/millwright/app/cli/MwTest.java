package org.millwright.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.app.cli.Terminal.Result;

class MwTest {
    @TempDir
    Path folder;

    private Terminal terminal;

    @BeforeEach
    void start() {
        terminal = new Terminal(folder);
    }

    @AfterEach
    void stop() {
        terminal.close();
    }

    @Test
    void keepsTheTokenOfANewUserAndActsByIt() throws Exception {
        Result added = terminal.mw("user", "add", "ana", "--role", "data-scientist", "-o", "json");

        assertThat(added.exit()).as(added.err()).isZero();
        assertThat(added.json().path("roles").toString()).isEqualTo("[\"data-scientist\"]");
        try (Stream<Path> kept = Files.walk(folder.resolve("config"))) {
            Path token = kept.filter(Files::isRegularFile).findFirst().orElseThrow();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(token)))
                    .isEqualTo("rw-------");
        }
        Result denied = terminal.mw("user", "add", "eve", "--as", "ana");
        assertThat(denied.exit()).as(denied.err()).isEqualTo(Exit.FORBIDDEN);
        assertThat(denied.err()).contains("ana may not manage users").contains("mw user grant ana");
        assertThat(denied.out()).isEmpty();
    }

    @Test
    void listsUsersInEveryForm() {
        terminal.mw("user", "add", "ana", "--role", "data-scientist");
        terminal.mw("user", "add", "robot", "--machine");

        assertThat(terminal.mw("user", "list", "-o", "name").out()).isEqualTo("ana\nrobot\n");
        assertThat(terminal.mw("user", "list").out())
                .startsWith(
                        "NAME   KIND     ROLES           PERSON       CREATED\nana    person   data-scientist               20");
        assertThat(terminal.mw("user", "list", "-o", "csv").out())
                .startsWith("NAME,KIND,ROLES,PERSON,CREATED\nana,person,data-scientist,,");
        assertThat(terminal.mw("user", "list", "-o", "yaml").out()).startsWith("- name: ana\n");
        assertThat(terminal.mw("user", "list", "-o", "json").json()).hasSize(2);
    }

    @Test
    void saysWhatIsWrongWhyAndWhatToDo() {
        terminal.mw("user", "add", "ana");

        Result twice = terminal.mw("user", "add", "ana");
        assertThat(twice.exit()).as(twice.err()).isEqualTo(Exit.CONFLICT);
        assertThat(twice.err()).isEqualTo("mw: User ana exists already\n    mw user list\n");
        Result unknown = terminal.mw("user", "grant", "nobody", "approver");
        assertThat(unknown.exit()).isEqualTo(Exit.NOT_FOUND);
        Result role = terminal.mw("user", "grant", "ana", "king");
        assertThat(role.exit()).isEqualTo(Exit.USAGE);
        assertThat(role.err()).contains("Unknown role 'king'").contains("approver");
        Result token = terminal.mw("user", "list", "--as", "ben");
        assertThat(token.exit()).isEqualTo(Exit.FORBIDDEN);
        assertThat(token.err()).contains("mw user token ben");
        Result typo = terminal.mw("usr", "list");
        assertThat(typo.exit()).isEqualTo(Exit.USAGE);
        assertThat(typo.err()).contains("Did you mean: mw user?").contains("mw --help");
        assertThat(terminal.mw("alert", "list", "--opn").err()).contains("Did you mean: --open?");
    }

    @Test
    void saysHowToStartAServerThatDoesNotAnswer() {
        Result result = Terminal.mw(Map.of("MW_SERVER", "http://127.0.0.1:1"), folder, "user", "list");

        assertThat(result.exit()).isEqualTo(Exit.UNREACHABLE);
        assertThat(result.err())
                .contains("No Millwright server answers at http://127.0.0.1:1/")
                .contains("mw serve");
        assertThat(Terminal.mw(Map.of("MW_SERVER", "nonsense"), folder, "user", "list")
                        .exit())
                .isEqualTo(Exit.USAGE);
    }

    @Test
    void writesAProjectAsTheFirstCommitOfARepository() throws Exception {
        Result made = terminal.mw("new", "flight-delays", "--template", "tabular-regression");

        assertThat(made.exit()).as(made.err()).isZero();
        Path project = folder.resolve("flight-delays");
        assertThat(made.out().strip()).isEqualTo(project.toString());
        assertThat(Files.readString(project.resolve("millwright.yaml")))
                .contains("name: flight-delays")
                .doesNotContain("@owner@");
        assertThat(Files.exists(project.resolve(".gitignore"))).isTrue();
        var folderOnDisk = new ProjectFolder(project);
        assertThat(folderOnDisk.commit()).matches("[0-9a-f]{40}");
        assertThat(folderOnDisk.dirty()).isFalse();
        assertThat(folderOnDisk.files()).contains("train.py", "demo/damage.py");

        Files.writeString(project.resolve("notes.txt"), "not tracked");
        assertThat(folderOnDisk.files()).doesNotContain("notes.txt");
        Files.writeString(project.resolve("train.py"), "changed");
        assertThat(folderOnDisk.dirty()).isTrue();

        Result again = terminal.mw("new", "flight-delays");
        assertThat(again.exit()).isEqualTo(Exit.CONFLICT);
        assertThat(again.err()).contains("is not empty");
        assertThat(terminal.mw("new", "Flight").exit()).isEqualTo(Exit.USAGE);
        assertThat(terminal.mw("new", "x", "--template", "nope").exit()).isEqualTo(Exit.NOT_FOUND);
    }

    @Test
    void tellsAnAssetsStory() {
        terminal.mw("user", "add", "ana");
        JsonNode entries = terminal.mw("ledger", "list", "-o", "json").json();
        String ref = entries.path(0).path("subjects").path(0).asText();

        Result story = terminal.mw("history", ref);

        assertThat(story.out()).contains("local owner (not authenticated)").contains("added user");
    }
}
