package org.millwright.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.millwright.app.ReadyModel;
import org.millwright.app.cli.Terminal.Result;
import org.millwright.kernel.Json;

/** A data folder, a small project and people, while servers over that folder come and go. */
final class Faults {
    final Path data;
    final Path gates;
    private final Path project;
    private final Map<String, String> tokens;
    private long entries;
    private String lastHash = "";

    Faults(Path folder) {
        data = folder.resolve("data");
        project = folder.resolve("small");
        gates = folder.resolve("gates");
        tokens = ReadyModel.in(data, 2);
        SmallProject.write(project, SmallProject.python(), Map.of());
        try {
            Files.createDirectories(gates);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Has the small project approved. */
    void approve(ServerProcess server) {
        ok(server, "ana", "project", "request");
        ok(server, "ben", "approve", "project:small");
    }

    /** Starts the line, which stops at its first gate; the id of the run. */
    String startLine(ServerProcess server) {
        return ok(server, "ana", "run", "line", "--gates", gates.toString(), "--no-wait")
                .path("id")
                .asText();
    }

    /** What a person's command printed; it must have worked. */
    JsonNode ok(ServerProcess server, String person, String... command) {
        Result result = mw(server, person, command);
        assertThat(result.exit()).as(result.err()).isZero();
        return result.json();
    }

    /** The same of a command that needs no server. */
    JsonNode ok(String... command) {
        Result result = Terminal.mw(Map.of("MW_OUTPUT", "json"), project, command);
        assertThat(result.exit()).as(result.err()).isZero();
        return result.json();
    }

    Result mw(ServerProcess server, String person, String... command) {
        var environment =
                Map.of("MW_SERVER", server.url(), "MW_TOKEN", tokens.getOrDefault(person, ""), "MW_OUTPUT", "json");
        return Terminal.mw(environment, project, command);
    }

    /** Process ids of the attempts that began a step. */
    List<Long> began(String step) {
        try {
            Path file = gates.resolve(step + ".began");
            return Files.exists(file)
                    ? Files.readAllLines(file).stream().map(Long::valueOf).toList()
                    : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void awaitBegun(String step, int attempts) {
        ServerProcess.await(step + " to begin", () -> began(step).size() >= attempts ? true : null);
    }

    void open(String step, String how) {
        try {
            Files.writeString(gates.resolve(step + ".open"), how);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode awaitEnd(ServerProcess server, String run) {
        return ServerProcess.await("the run's end", () -> {
            JsonNode now = server.get("/api/1/runs/" + run);
            return now.path("status").asText().equals("running") ? null : now;
        });
    }

    /** The status and the number of attempts of a step, such as {@code succeeded 2}. */
    static String step(JsonNode run, String id) {
        for (JsonNode step : run.path("steps")) {
            if (step.path("id").asText().equals(id)) {
                return step.path("status").asText() + " " + step.path("attempt").asText();
            }
        }
        return "";
    }

    /** Notes how long the ledger is: so long it must be for ever, with the same entries. */
    void noteLedger(ServerProcess server) {
        JsonNode newest = server.get("/api/1/ledger?limit=0");
        entries = newest.path("size").asLong();
        lastHash = hash(server, entries - 1);
    }

    void verifyLedger(ServerProcess server) {
        JsonNode verified = server.get("/api/1/ledger/verification");
        assertThat(verified.path("entries").asLong()).isGreaterThanOrEqualTo(entries);
        assertThat(hash(server, entries - 1)).isEqualTo(lastHash);
        assertThat(ok(server, "ana", "ledger", "verify").path("entries").asLong())
                .isGreaterThanOrEqualTo(entries);
    }

    private static String hash(ServerProcess server, long index) {
        return server.get("/api/1/ledger?limit=1&from=" + index)
                .at("/entries/0/hash")
                .asText();
    }

    /** What is kept is whole: each file has the hash that its name says, nothing stays half-written beside. */
    void verifyFiles() {
        try (var kept = Files.walk(data.resolve("artifacts/sha256"));
                var loose = Files.walk(data.resolve("artifacts/loose"))) {
            for (Path file :
                    Stream.concat(kept, loose).filter(Files::isRegularFile).toList()) {
                assertThat(Json.sha256(Files.readAllBytes(file)))
                        .isEqualTo(file.getFileName().toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ServerProcess.await("what was half-written to be gone", () -> isEmpty("artifacts/incoming") ? true : null);
    }

    private boolean isEmpty(String folder) {
        try (var files = Files.list(data.resolve(folder))) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks for a release of a version, and has it approved; the reference of the release. */
    String release(ServerProcess server, int version) {
        String ref = ok(server, "ana", "release", ReadyModel.NAME + "/" + version)
                .path("ref")
                .asText();
        ok(server, "mia", "approve", ref, "--reason", "It is better");
        return ref;
    }

    /** Sends requests until the version is in production. */
    JsonNode promote(ServerProcess server, int version) {
        var client = new Client(URI.create(server.url()), Optional.empty());
        return ServerProcess.await("version " + version + " in production", () -> {
            JsonNode deployment = server.get("/api/1/deployments").at("/items/0");
            if (deployment.path("production").asText().equals(Integer.toString(version))) {
                return deployment;
            }
            if (deployment.has("production") || deployment.has("canary")) {
                client.post("/deployments/" + ReadyModel.NAME + "/invocations", ReadyModel.request());
            }
            return null;
        });
    }

    /** The state of a release, such as {@code production}. */
    String state(ServerProcess server, String release) {
        return server.get("/api/1/releases/" + release.substring("release:".length()))
                .path("state")
                .asText();
    }
}
