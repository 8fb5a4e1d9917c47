package org.millwright.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup that is made while clients log and upload and a step works holds everything acknowledged before it. */
class BackupUnderLoadTest {
    private static final Pattern SHA256 = Pattern.compile("(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])");

    @TempDir
    Path folder;

    @Test
    void whatIsRestoredIsWholeAndVerifies() throws Exception {
        var faults = new Faults(folder);
        Path backup = folder.resolve("backup");
        Path restored = folder.resolve("restored");
        String run;
        Load.Acknowledged before;
        try (var load = new Load()) {
            try (var server = ServerProcess.serve(faults.data)) {
                faults.approve(server);
                run = faults.startLine(server);
                faults.open("fetch", "");
                faults.awaitBegun("work", 1);
                load.begin(server.port());
                load.awaitAcknowledged(200);
                before = load.acknowledged();
                faults.noteLedger(server);

                var written = faults.ok(server, "", "backup", backup.toString());

                assertThat(written.path("entries").asLong()).isPositive();
                assertThat(load.acknowledged())
                        .as("what was acknowledged during the backup")
                        .isNotEqualTo(before);
                server.kill();
                load.awaitEnd();
            }
            var made = faults.ok("restore", backup.toString(), "--data", restored.toString());
            assertThat(made.path("entries").asLong()).isPositive();
            assertThat(lost(restored, faults.data)).isEmpty();
            assertThat(restored.resolve("runs/" + run + "/work/1/log"))
                    .content()
                    .contains("work begins");
            try (var server = ServerProcess.serve(restored)) {
                faults.verifyLedger(server);
                load.verify(server.port(), before);
                faults.open("work", "");
                assertThat(faults.awaitEnd(server, run).path("status").asText()).isEqualTo("succeeded");
                assertThat(faults.release(server, 1)).startsWith("release:");
                faults.promote(server, 1);
            }
        }
    }

    /** Artifacts that the restored metadata name, that the original folder has, and that the restored one lacks. */
    private static Set<String> lost(Path restored, Path original) throws SQLException, IOException {
        var lost = new HashSet<String>();
        int kept = 0;
        for (String hash : named(restored.resolve("millwright.db"))) {
            if (has(original, hash)) {
                kept++;
                if (!has(restored, hash)) {
                    lost.add(hash);
                }
            }
        }
        assertThat(kept).as("artifacts named").isGreaterThan(10);
        return lost;
    }

    /** Whether the folder has the bytes, kept for good or loose. */
    private static boolean has(Path data, String hash) {
        return Stream.of("sha256", "loose")
                .anyMatch(place -> Files.exists(data.resolve(Path.of("artifacts", place, hash.substring(0, 2), hash))));
    }

    /** Everything in any column of any table that looks like a hash. */
    private static Set<String> named(Path database) throws SQLException {
        var hashes = new HashSet<String>();
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                var statement = connection.createStatement()) {
            var tables = new ArrayList<String>();
            try (var found = statement.executeQuery("select name from sqlite_master where type = 'table'")) {
                while (found.next()) {
                    tables.add(found.getString(1));
                }
            }
            for (String table : tables) {
                try (var rows = statement.executeQuery("select * from \"" + table + "\"")) {
                    int columns = rows.getMetaData().getColumnCount();
                    while (rows.next()) {
                        for (int column = 1; column <= columns; column++) {
                            SHA256.matcher(String.valueOf(rows.getString(column)))
                                    .results()
                                    .forEach(match -> hashes.add(match.group()));
                        }
                    }
                }
            }
        }
        return hashes;
    }
}
