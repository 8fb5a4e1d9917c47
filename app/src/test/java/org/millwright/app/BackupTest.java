package org.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

class BackupTest {
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    Path folder;

    @Test
    void aBackupMadeUnderLoadRestoresToAVerifiedFolderWithAllThatWasAcknowledgedBefore() throws Exception {
        var early = new CountDownLatch(50);
        try (Millwright server = start("data")) {
            Thread load = Thread.startVirtualThread(() -> {
                for (int i = 0; i < 400; i++) {
                    add(server, "w" + i);
                    early.countDown();
                }
            });
            assertThat(early.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(backup(server).statusCode()).isEqualTo(200);
            load.join();
        }
        Backup.restore(folder.resolve("backup"), folder.resolve("new"), CLOCK);
        try (Millwright restored = start("new")) {
            assertThat(restored.users().list()).hasSizeGreaterThanOrEqualTo(50);
        }
    }

    @Test
    void leavesOutWhatCanBeMadeAgainButNotALogOfTheSameName() throws Exception {
        Path log = Path.of("runs", "1", "tools", "1", "log");
        for (Path file : List.of(log, Path.of("tools", "uv"))) {
            Files.createDirectories(folder.resolve("data").resolve(file).getParent());
            Files.writeString(folder.resolve("data").resolve(file), "x");
        }
        try (Millwright server = start("data")) {
            assertThat(backup(server).statusCode()).isEqualTo(200);
        }
        assertThat(folder.resolve("backup").resolve(log)).exists();
        assertThat(folder.resolve("backup/tools")).doesNotExist();
    }

    @Test
    void aDamagedBackupIsRefusedAndLeavesNothing() throws Exception {
        try (Millwright server = start("data")) {
            add(server, "ana");
            assertThat(backup(server).statusCode()).isEqualTo(200);
        }
        Path database = folder.resolve("backup/millwright.db");
        byte[] bytes = Files.readAllBytes(database);
        bytes[bytes.length / 2] ^= 1;
        Files.write(database, bytes, StandardOpenOption.TRUNCATE_EXISTING);
        assertThatThrownBy(() -> Backup.restore(folder.resolve("backup"), folder.resolve("new"), CLOCK))
                .isInstanceOf(Problem.Refused.class)
                .hasMessageContaining("millwright.db is not as it was written");
        assertThat(folder.resolve("new")).doesNotExist();
    }

    @Test
    void anUnfinishedBackupIsRefused() throws Exception {
        Files.createDirectories(folder.resolve("backup"));
        assertThatThrownBy(() -> Backup.restore(folder.resolve("backup"), folder.resolve("new"), CLOCK))
                .isInstanceOf(Problem.Refused.class)
                .hasMessageContaining("was not finished");
    }

    private Millwright start(String name) {
        return Millwright.start(Settings.embedded(folder.resolve(name), 0), CLOCK);
    }

    private static void add(Millwright server, String name) {
        server.users().add(Actor.LOCAL, name, name, Actor.Kind.PERSON, Set.of(Role.AUDITOR), null);
    }

    private HttpResponse<String> backup(Millwright server) throws Exception {
        String body =
                Json.write(Json.object().put("folder", folder.resolve("backup").toString()));
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/api/1/backups"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
