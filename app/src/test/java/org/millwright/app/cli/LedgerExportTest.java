package org.millwright.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.app.cli.Terminal.Result;

/** What {@code mw ledger export} writes convinces verifiers that share no code with it. */
class LedgerExportTest {
    @TempDir
    Path folder;

    private Terminal terminal;
    private Path exported;

    @BeforeEach
    void start() {
        terminal = new Terminal(folder);
        for (String name : List.of("ana", "ben", "mia", "eva", "leo")) {
            terminal.mw("user", "add", name);
            terminal.mw("ledger", "export", folder.resolve("before-" + name).toString());
        }
        exported = folder.resolve("export");
        Result result = terminal.mw("ledger", "export", exported.toString(), "-o", "json");
        assertThat(result.exit()).as(result.err()).isZero();
        assertThat(result.json().path("entries").asInt()).isEqualTo(10);
        assertThat(result.json().path("checkpoints").asInt()).isEqualTo(5);
    }

    @AfterEach
    void stop() {
        terminal.close();
    }

    @Test
    void goProgramAcceptsIt() throws Exception {
        Result go = GoVerifier.run(exported);

        assertThat(go.exit()).as(go.out()).isZero();
        assertThat(go.out()).contains("ok: 5 checkpoints, 4 consistency proofs, 10 entries");
    }

    @Test
    void goProgramRefusesAnAlteredEntry() throws Exception {
        Path entry = exported.resolve("entries/3.json");
        Files.writeString(entry, Files.readString(entry).replace("user", "usor"));

        Result go = GoVerifier.run(exported);

        assertThat(go.exit()).isEqualTo(1);
        assertThat(go.out()).contains("FAIL").contains("entries/3");
    }

    @Test
    void anEntryThatWasEditedInTheDatabaseIsNoticed() throws Exception {
        edit("update ledger_entry set leaf = replace(leaf, 'user', 'usor') where idx = 3");

        Result verified = terminal.mw("ledger", "verify");

        assertThat(verified.exit()).as(verified.err()).isEqualTo(Exit.REFUSED);
        assertThat(verified.err())
                .contains("mw: The ledger does not hold: Entry 3 (token.issued) was altered")
                .contains("Keep the database as it is and compare it with a backup and with exported checkpoints.");
        assertThat(verified.out()).isEmpty();
    }

    @Test
    void entriesThatWereRemovedFromTheDatabaseAreNoticed() throws Exception {
        edit("delete from ledger_entry where idx >= 8");
        edit("delete from ledger_checkpoint where size > 8");

        Result verified = terminal.mw("ledger", "verify");

        assertThat(verified.exit()).as(verified.err()).isEqualTo(Exit.REFUSED);
        assertThat(verified.err()).contains("The log was shortened").contains("signed 10 entries, 8 are here");
    }

    private void edit(String statement) throws SQLException {
        Path database = folder.resolve("server/millwright.db");
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                var run = connection.createStatement()) {
            assertThat(run.executeUpdate(statement)).isPositive();
        }
    }

    @Test
    void everyInclusionProofLeadsToTheSignedRoot() throws Exception {
        for (int index = 0; index < 10; index++) {
            List<String> proof = Files.readAllLines(exported.resolve("entries/" + index + ".tlog-proof"));
            int blank = proof.indexOf("");
            assertThat(proof.subList(0, 2)).containsExactly("c2sp.org/tlog-proof@v1", "index " + index);
            long size = Long.parseLong(proof.get(blank + 2));
            byte[] leaf = Files.readAllBytes(exported.resolve("entries/" + index + ".json"));

            byte[] root = root(leaf, index, size, proof.subList(2, blank));

            assertThat(Base64.getEncoder().encodeToString(root)).isEqualTo(proof.get(blank + 3));
        }
    }

    @Test
    void refusesAFolderWithFiles() {
        Result again = terminal.mw("ledger", "export", exported.toString());

        assertThat(again.exit()).isEqualTo(Exit.CONFLICT);
    }

    /** RFC 9162, 2.1.3.2. */
    private static byte[] root(byte[] leaf, long index, long size, List<String> path) throws Exception {
        byte[] hash = sha256(new byte[] {0}, leaf);
        long position = index;
        long last = size - 1;
        for (String step : path) {
            byte[] sibling = Base64.getDecoder().decode(step);
            assertThat(last).isPositive();
            if ((position & 1) == 1 || position == last) {
                hash = sha256(new byte[] {1}, sibling, hash);
                while ((position & 1) == 0 && position != 0) {
                    position >>= 1;
                    last >>= 1;
                }
            } else {
                hash = sha256(new byte[] {1}, hash, sibling);
            }
            position >>= 1;
            last >>= 1;
        }
        assertThat(last).isZero();
        return hash;
    }

    private static byte[] sha256(byte[]... parts) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (byte[] part : parts) {
            digest.update(part);
        }
        return digest.digest();
    }
}
