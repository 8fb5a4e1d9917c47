package org.millwright.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.app.ReadyModel;
import org.millwright.app.cli.Terminal.Result;
import org.millwright.kernel.Json;

/** Proofs that leave the server: what {@code mw ledger} and {@code mw state} write convinces without it, and others as well. */
class LedgerProofsTest {
    @TempDir
    Path folder;

    private Terminal terminal;

    @BeforeEach
    void start() {
        terminal = new Terminal(folder);
        for (String name : List.of("ana", "ben", "mia")) {
            ok("user", "add", name, "--role", "admin");
        }
    }

    @AfterEach
    void stop() {
        terminal.close();
    }

    @Test
    void aProofOfAnEntryIsCheckedWithNothingButAKey() throws Exception {
        String key = ok("ledger", "key", "-o", "json").json().path("key").asText();
        Result proven = ok("ledger", "prove", "3", "--out", "proof.json", "-o", "json");
        assertThat(proven.json().path("entries").asInt()).isEqualTo(1);
        assertThat(proven.json().path("size").asInt()).isEqualTo(6);

        assertThat(offline("ledger", "verify", "proof.json", "--key", key).exit())
                .isZero();
        Result unpinned = offline("ledger", "verify", "proof.json");
        assertThat(unpinned.exit()).isZero();
        assertThat(unpinned.err()).contains("the key that came with it");

        JsonNode proof = Json.parse(Files.readString(folder.resolve("proof.json")));
        String leaf = proof.at("/entries/0/leaf").asText();
        String altered = Json.write(leaf.replace("token.issued", "token.isssed"));
        Files.writeString(
                folder.resolve("forged.json"),
                Files.readString(folder.resolve("proof.json")).replace(Json.write(leaf), altered));
        Result forged = offline("ledger", "verify", "forged.json", "--key", key);
        assertThat(forged.exit()).isEqualTo(Exit.REFUSED);
        assertThat(forged.err()).contains("Entry 3 is not in the log of 6 entries that the checkpoint signed");
    }

    @Test
    void aProofByAnotherKeyIsRefused() throws Exception {
        ok("ledger", "prove", "3", "--out", "proof.json");
        try (var other = new Terminal(Files.createDirectory(folder.resolve("other")))) {
            other.mw("user", "add", "x");
            other.mw("ledger", "export", "there");
            String key =
                    other.mw("ledger", "key", "-o", "json").json().path("key").asText();

            Result refused = offline("ledger", "verify", "proof.json", "--key", key);

            assertThat(refused.exit()).isEqualTo(Exit.REFUSED);
            assertThat(refused.err()).contains("The signature of the checkpoint of 6 entries is not by millwright");
        }
        assertThat(offline("ledger", "verify", "proof.json", "--key", "nonsense")
                        .exit())
                .isEqualTo(Exit.USAGE);
        Files.writeString(folder.resolve("empty.json"), "{}");
        assertThat(offline("ledger", "verify", "empty.json").exit()).isEqualTo(Exit.USAGE);
        assertThat(offline("ledger", "verify", "nowhere.json").exit()).isEqualTo(Exit.NOT_FOUND);
    }

    @Test
    void anotherProgramAcceptsProofsOfBothKinds() throws Exception {
        ok("ledger", "export", "first");
        long size = Long.parseLong(folder.resolve("first/checkpoints").toFile().list()[0]);
        String entry =
                ok("ledger", "list", "-o", "json").json().path(2).path("id").asText();
        ok("user", "add", "eva");

        ok("ledger", "prove", entry, "--from", Long.toString(size), "--out", "proofs");

        Result go = go(folder.resolve("proofs"));
        assertThat(go.exit()).as(go.out()).isZero();
        assertThat(go.out()).contains("ok: 2 checkpoints, 1 consistency proofs, 1 entries");
        Result checked = offline("ledger", "verify", "proofs", "-o", "json");
        assertThat(checked.exit()).as(checked.err()).isZero();
        assertThat(checked.json().path("consistency").asInt()).isEqualTo(1);
        assertThat(checked.json().path("whole").asBoolean()).isFalse();

        Path consistency = folder.resolve("proofs/consistency/" + size + "-8");
        List<String> hashes = Files.readAllLines(consistency);
        Files.write(consistency, hashes.reversed());
        assertThat(offline("ledger", "verify", "proofs").err()).contains("does not begin with the 6 of the checkpoint");
        assertThat(terminal.mw("ledger", "prove", "--from", "5").exit()).isEqualTo(Exit.NOT_FOUND);
        assertThat(terminal.mw("ledger", "prove").exit()).isEqualTo(Exit.USAGE);
        assertThat(terminal.mw("ledger", "prove", "99").exit()).isEqualTo(Exit.NOT_FOUND);
        assertThat(terminal.mw("ledger", "prove", "model:none").exit()).isEqualTo(Exit.NOT_FOUND);
    }

    @Test
    void anExportIsVerifiedWithoutAServerAndGoesOnWhereItStopped() throws Exception {
        ok("ledger", "export", "whole");
        Result whole = offline("ledger", "verify", "whole", "-o", "json");
        assertThat(whole.json().path("entries").asInt()).isEqualTo(6);
        assertThat(whole.json().path("whole").asBoolean()).isTrue();

        Path stopped = folder.resolve("whole");
        String checkpoint = Files.readString(stopped.resolve("checkpoints/6"));
        for (int index = 4; index < 6; index++) {
            Files.delete(stopped.resolve("entries/" + index + ".json"));
            Files.delete(stopped.resolve("entries/" + index + ".tlog-proof"));
        }
        Files.writeString(stopped.resolve("entries/3.tlog-proof"), "c2sp.org/tl");
        Files.writeString(stopped.resolve("unfinished"), checkpoint);
        ok("user", "add", "eva");
        assertThat(offline("ledger", "verify", "whole").err()).contains("an export that was not finished");

        ok("ledger", "export", "whole");

        assertThat(offline("ledger", "verify", "whole", "-o", "json")
                        .json()
                        .path("entries")
                        .asInt())
                .isEqualTo(6);
        assertThat(go(stopped).exit()).isZero();
        Files.delete(stopped.resolve("entries/5.json"));
        assertThat(offline("ledger", "verify", "whole").exit()).isNotZero();
    }

    @Test
    void whatWasKeptElsewhereIsComparedHereAndThere() throws Exception {
        ok("ledger", "export", "kept");
        Path notary = folder.resolve("notary");
        Files.copy(folder.resolve("kept/checkpoints/6"), notary);
        ok("user", "add", "eva");
        ok("ledger", "export", "later");

        assertThat(terminal.mw("ledger", "verify", "--anchors", "notary").exit())
                .isZero();
        assertThat(offline("ledger", "verify", "later", "--anchors", "notary").exit())
                .isZero();
        Files.copy(folder.resolve("later/checkpoints/8"), folder.resolve("newer"));
        Result shortened = offline("ledger", "verify", "kept", "--anchors", "newer");
        assertThat(shortened.exit()).isEqualTo(Exit.REFUSED);
        assertThat(shortened.err()).contains("The log was shortened: the anchor (checkpoint of 8 entries)");
    }

    @Test
    void theKeyIsRotatedAndWhatWasSignedBeforeStaysProven() throws Exception {
        ok("ledger", "export", "before");
        String old = ok("ledger", "key", "-o", "json").json().path("key").asText();
        assertThat(terminal.mw("ledger", "rotate-key", "--lost", "--reason", "r")
                        .exit())
                .isEqualTo(Exit.CONFLICT);

        ok("ledger", "rotate-key", "--reason", "Yearly");
        ok("ledger", "export", "after");

        assertThat(offline("ledger", "verify", "before", "--key", old).exit()).isZero();
        Result after = offline("ledger", "verify", "after", "--key", old, "-o", "json");
        assertThat(after.exit()).as(after.err()).isZero();
        assertThat(after.json().path("keyChanges").asInt()).isEqualTo(1);
        assertThat(go(folder.resolve("after")).exit()).isZero();
        assertThat(Files.readAllLines(folder.resolve("after/keys.txt")))
                .hasSize(2)
                .contains(old);
        Result verified = ok("ledger", "verify", "--anchors", "before/checkpoints/6");
        assertThat(verified.err()).contains("Entry 6 changed the key, vouched for by the one before.");
        ok("ledger", "prove", "2", "--out", "proof.json");
        assertThat(offline("ledger", "verify", "proof.json", "--key", old).exit())
                .isZero();
    }

    @Test
    void aLostKeyIsSaidAtTheStartAndReplacedByAnAdministrator() throws Exception {
        ok("ledger", "export", "before");
        terminal.close();
        Files.delete(folder.resolve("server/keys/ledger.key"));
        terminal = new Terminal(folder);

        assertThat(terminal.unsigned()).contains("The ledger cannot be signed").contains("rotate-key --lost");
        Result refused = terminal.mw("ledger", "export", "during");
        assertThat(refused.exit()).isEqualTo(Exit.REFUSED);
        assertThat(refused.err()).contains("Put the file back from a backup");
        assertThat(terminal.mw("ledger", "rotate-key", "--lost", "--reason", "r")
                        .exit())
                .isEqualTo(Exit.FORBIDDEN);
        ok("user", "token", "ana");
        ok("ledger", "rotate-key", "--lost", "--reason", "The disk broke", "--as", "ana");

        ok("ledger", "export", "after");
        assertThat(offline("ledger", "verify", "after").exit()).isZero();
        assertThat(ok("ledger", "verify").err()).contains("was lost, an administrator vouches for the new one");
        assertThat(ok("ledger", "list", "--limit", "1", "-o", "json")
                        .json()
                        .path(0)
                        .path("actor")
                        .asText())
                .isEqualTo("ana");
    }

    @Test
    void someoneIsForgottenAndEverythingIsStillProven() {
        ok("ledger", "export", "before");
        ok("ledger", "rotate-key", "--reason", "Ben left, ask mia");
        assertThat(ok("ledger", "list", "-o", "json").out()).contains("Ben left, ask mia");

        Result forgotten = ok("user", "forget", "ben", "-o", "json");

        assertThat(forgotten.json().path("texts").asInt()).isEqualTo(1);
        assertThat(ok("ledger", "list", "-o", "json").out())
                .doesNotContain("Ben left")
                .contains("(forgotten)");
        assertThat(ok("user", "list", "-o", "name").out()).doesNotContain("ben");
        ok("ledger", "verify", "--anchors", "before/checkpoints/6");
    }

    @Test
    void theStateOfAnAssetIsToldAndEachFactProven() throws Exception {
        Path real = Files.createDirectory(folder.resolve("real"));
        ReadyModel.in(real.resolve("server"), 1);
        try (var other = new Terminal(real)) {
            other.mw("user", "token", "ana");
            other.mw("user", "token", "mia");
            String before = java.time.Instant.now().toString();
            JsonNode asked =
                    other.mw("release", "delays/1", "--as", "ana", "-o", "json").json();
            Result approved = other.mw("approve", asked.path("ref").asText(), "--as", "mia");
            assertThat(approved.exit()).as(approved.err()).isZero();

            Result told = other.mw("state", "model:delays", "--proof", "state.json", "-o", "json");

            assertThat(told.exit()).as(told.err()).isZero();
            assertThat(told.out()).contains("approval.").contains("\"handOff\"").contains("version.1");
            String key =
                    other.mw("ledger", "key", "-o", "json").json().path("key").asText();
            Result checked = Terminal.mw(
                    Map.of("MW_SERVER", "http://127.0.0.1:9/"), real, "ledger", "verify", "state.json", "--key", key);
            assertThat(checked.exit()).as(checked.err()).isZero();
            Result diff = other.mw("diff", "model:delays", "--from", before, "-o", "json");
            assertThat(diff.exit()).as(diff.err()).isZero();
            assertThat(diff.out()).contains("approval.").contains("mia");
            assertThat(other.mw("state", "model:delays/1", "--at", before).out())
                    .doesNotContain("approved by mia");
            assertThat(other.mw("state", "model:delays/1").out()).contains("Its release was approved by mia.");
            String page = page(other.url() + "state?ref=model%3Adelays&at=" + before.substring(0, 10));
            assertThat(page).contains("What is otherwise now").contains("approval.");
        }
        Result nothing = ok("state", "model:none");
        assertThat(nothing.out()).contains("Nothing was recorded about model:none by then.");
        assertThat(terminal.mw("state", "alert:1").exit()).isEqualTo(Exit.USAGE);
        assertThat(terminal.mw("state", "model:none", "--at", "yesterday").exit())
                .isEqualTo(Exit.USAGE);
    }

    private static String page(String url) throws Exception {
        try (var http = java.net.http.HttpClient.newHttpClient()) {
            var answer = http.send(
                    java.net.http.HttpRequest.newBuilder(java.net.URI.create(url))
                            .build(),
                    java.net.http.HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return answer.body();
        }
    }

    private Result ok(String... arguments) {
        Result result = terminal.mw(arguments);
        assertThat(result.exit())
                .as(String.join(" ", arguments) + ": " + result.err())
                .isZero();
        return result;
    }

    /** A command of someone who has no server. */
    private Result offline(String... arguments) {
        return Terminal.mw(Map.of("MW_SERVER", "http://127.0.0.1:9/"), folder, arguments);
    }

    private static Result go(Path dir) throws InterruptedException, IOException {
        Path program = Path.of("..", "acceptance", "verifiers", "tlog")
                .toAbsolutePath()
                .normalize();
        Process process = new ProcessBuilder(
                        "go", "run", ".", dir.toAbsolutePath().toString())
                .directory(program.toFile())
                .redirectErrorStream(true)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Result(process.waitFor(), out, "");
    }
}
