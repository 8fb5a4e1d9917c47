package org.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

class BackupTest {
    private static final Clock CLOCK = Clock.systemUTC();

    private static final String RATES = """
            apiVersion: millwright/v1
            kind: Insight
            currency: CHF
            rates: {step-hour: 0.5}
            """;
    private static final String MAP = """
            apiVersion: millwright/v1
            kind: FrameworkMap
            framework: %s
            title: What we ask of our models
            version: "3"
            date: 2026-11-30
            source: The house
            items:
              - {id: approved, title: Somebody else looked at it, records: [approvals], owes: approver}
            """;
    private static final String INTAKE = """
            apiVersion: millwright/v1
            kind: Intake
            version: house/1
            questions:
              - id: money
                ask: Is it about money?
                choices:
                  "no": {text: "No", tier: minimal}
                  "yes": {text: "Yes", tier: high}
            """;

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

    /** Also where it is a link, as it is where a cluster or a repository puts it there. */
    @Test
    void takesInWhatPeopleWroteBesideTheDatabase() throws Exception {
        Path data = folder.resolve("data");
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Files.createDirectories(data.resolve("frameworks"));
        Files.writeString(data.resolve("intake.yaml"), INTAKE);
        Files.writeString(elsewhere.resolve("rates.yaml"), RATES);
        Files.writeString(elsewhere.resolve("house.yaml"), MAP.formatted("house-rules"));
        Files.createSymbolicLink(data.resolve("insight.yaml"), elsewhere.resolve("rates.yaml"));
        Files.createSymbolicLink(data.resolve("frameworks/house.yaml"), elsewhere.resolve("house.yaml"));
        Files.createDirectories(data.resolve("runs/1/step/1"));
        Files.createSymbolicLink(data.resolve("runs/1/step/1/log"), elsewhere.resolve("rates.yaml"));
        String before;
        try (Millwright server = start("data")) {
            before = told(server);
            assertThat(before).contains("\"CHF\"", "house-rules", "Is it about money?");
            assertThat(backup(server).statusCode()).isEqualTo(200);
        }

        Backup.restore(folder.resolve("backup"), folder.resolve("new"), CLOCK);
        Files.delete(elsewhere.resolve("rates.yaml"));
        Files.delete(elsewhere.resolve("house.yaml"));
        try (Millwright restored = start("new")) {
            assertThat(told(restored)).isEqualTo(before);
        }
        assertThat(folder.resolve("new/runs/1/step/1/log"))
                .as("links that steps made lead anywhere")
                .doesNotExist();
    }

    /** What the server says by what people wrote. */
    private static String told(Millwright server) throws Exception {
        return get(server, "insights/project").path("rates")
                + " " + get(server, "evidence/frameworks")
                + " " + get(server, "intake");
    }

    private static JsonNode get(Millwright server, String path) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/api/1/" + path))
                .build();
        return Json.parse(HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body());
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
    void whateverIsWrongWithABackupIsToldAndNothingIsLeft() throws Exception {
        try (Millwright server = start("data")) {
            add(server, "ana");
            Wire.ask(server.port(), "PUT", "/api/2.0/mlflow-artifacts/artifacts/a/b", new byte[] {1, 2, 3});
            assertThat(backup(server).statusCode()).isEqualTo(200);
        }
        Path artifact =
                Path.of("artifacts/loose/03", "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81");
        refuses(copy -> write(copy.resolve(artifact), "xyz"), artifact + " is not as it was written");
        refuses(copy -> delete(copy.resolve(artifact)), artifact + " is missing");
        refuses(copy -> delete(copy.resolve("keys/ledger.key")), "keys/ledger.key is missing");
        refuses(copy -> change(copy, manifest -> manifest.put("format", 9)), "has format 9, this program knows 1");
        refuses(
                copy -> change(copy, manifest -> manifest.withObject("/sha256").put("../outside", "00")),
                "../outside, which is outside of it");
        refuses(
                copy -> {
                    sql(copy, "update ledger_entry set leaf = replace(leaf, 'user', 'usor') where idx = 0");
                    String digest = Json.sha256(bytes(copy.resolve("millwright.db")));
                    change(copy, manifest -> manifest.withObject("/sha256").put("millwright.db", digest));
                },
                "Entry 0 (user.added) was altered");
        Backup.restore(folder.resolve("backup"), folder.resolve("good"), CLOCK);
        assertThat(folder.resolve("good").resolve(artifact)).hasBinaryContent(new byte[] {1, 2, 3});
        assertThatThrownBy(() -> Backup.restore(folder.resolve("backup"), folder.resolve("good"), CLOCK))
                .isInstanceOf(Problem.Conflict.class)
                .hasMessageContaining("is not empty");
    }

    private void refuses(Consumer<Path> damage, String reason) throws IOException {
        Path copy = Files.createTempDirectory(folder, "copy");
        Path backup = folder.resolve("backup");
        try (var files = Files.walk(backup)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path to = copy.resolve(backup.relativize(file));
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
            }
        }
        damage.accept(copy);
        Path target = copy.resolveSibling(copy.getFileName() + "-restored");
        assertThatThrownBy(() -> Backup.restore(copy, target, CLOCK))
                .isInstanceOf(Problem.class)
                .hasMessageContaining(reason);
        assertThat(target).doesNotExist();
    }

    private static void change(Path copy, Consumer<ObjectNode> change) {
        Path file = copy.resolve("backup.json");
        ObjectNode manifest = (ObjectNode) Json.parse(bytes(file));
        change.accept(manifest);
        write(file, Json.write(manifest));
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.deleteIfExists(file);
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void sql(Path copy, String statement) {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + copy.resolve("millwright.db"));
                var run = connection.createStatement()) {
            run.execute(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
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
