package org.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.kernel.Json;

/** A real server process whose disk takes no more, or which is killed while files come in. */
final class UploadFaultsTest {
    private static final Pattern ADDRESS = Pattern.compile("Millwright is at (http://\\S+?)/ ");
    private static final int MEGABYTE = 1 << 20;
    private static final int LARGEST = 100;

    @TempDir
    Path data;

    private final HttpClient client = HttpClient.newHttpClient();

    /** A server process; closing kills it. */
    private record Server(Process process, String url) implements AutoCloseable {
        @Override
        public void close() {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            process.onExit().join();
        }
    }

    /** Starts a server that may write files of at most {@link #LARGEST} megabytes, as if the disk ended there. */
    private Server start() throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command = "ulimit -f " + LARGEST * 1024 + "; exec " + java
                + " --enable-native-access=ALL-UNNAMED -XX:TieredStopAtLevel=1 -cp '"
                + System.getProperty("java.class.path")
                + "' org.millwright.app.Main serve --port 0 --data '" + data.resolve("server") + "'";
        Process process = new ProcessBuilder("bash", "-c", command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        var said = new StringBuilder();
        var reader = new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            said.append(line).append('\n');
            var found = ADDRESS.matcher(line);
            if (found.find()) {
                Thread.ofVirtual().start(() -> reader.lines().forEach(rest -> {}));
                return new Server(process, found.group(1));
            }
        }
        throw new AssertionError("The server did not start:\n" + said);
    }

    @Test
    void whenTheDiskIsFullNothingHalfWrittenShowsAndTheServerGoesOn() throws Exception {
        try (Server server = start()) {
            String run = run(server);
            var big = put(server, run, "big.bin", new byte[(LARGEST + 1) * MEGABYTE]);
            JsonNode error = Json.parse(big.body());
            assertThat(big.statusCode()).as(big.body()).isEqualTo(507);
            assertThat(error.path("error_code").asText()).isEqualTo("RESOURCE_EXHAUSTED");
            assertThat(error.path("message").asText())
                    .contains("cannot be kept")
                    .doesNotContain("\n");

            assertThat(put(server, run, "small.bin", new byte[] {1, 2, 3}).statusCode())
                    .isEqualTo(200);
            assertThat(listed(server, run)).containsOnlyKeys("small.bin");
            try (var left = Files.list(data.resolve("server/artifacts/incoming"))) {
                assertThat(left).isEmpty();
            }
        }
    }

    @Test
    void whatWasAcknowledgedOutlivesAKillAndNothingElseShows() throws Exception {
        var acknowledged = new ConcurrentHashMap<String, Integer>();
        String run = "";
        for (int round = 0; round < 2; round++) {
            try (Server server = start()) {
                run = run.isEmpty() ? run(server) : run;
                upload(server, run, round, acknowledged);
            }
        }
        try (Server server = start()) {
            Map<String, Long> listed = listed(server, run);
            assertThat(listed.keySet()).containsAll(acknowledged.keySet());
            for (String name : listed.keySet()) {
                int seed = Integer.parseInt(name.replaceAll("\\D", ""));
                var got = client.send(
                        HttpRequest.newBuilder(artifact(server, run, name)).build(), BodyHandlers.ofByteArray());
                assertThat(got.statusCode()).isEqualTo(200);
                assertThat(Arrays.equals(got.body(), bytes(seed))).as(name).isTrue();
            }
            try (var left = Files.list(data.resolve("server/artifacts/incoming"))) {
                assertThat(left).isEmpty();
            }
        }
    }

    /** Uploads from four clients until some twenty were acknowledged, then kills the server. */
    private void upload(Server server, String run, int round, Map<String, Integer> acknowledged) throws Exception {
        var enough = new Semaphore(0);
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int worker = 0; worker < 4; worker++) {
                int first = round * 100_000 + worker * 10_000;
                pool.submit(() -> {
                    for (int seed = first; server.process().isAlive(); seed++) {
                        String name = "f" + seed + ".bin";
                        if (put(server, run, name, bytes(seed)).statusCode() == 200) {
                            acknowledged.put(name, seed);
                            enough.release();
                        }
                    }
                    return true;
                });
            }
            assertThat(enough.tryAcquire(20, 60, TimeUnit.SECONDS)).isTrue();
            server.process().destroyForcibly();
        }
    }

    private static byte[] bytes(int seed) {
        var bytes = new byte[MEGABYTE];
        new java.util.Random(seed).nextBytes(bytes);
        return bytes;
    }

    private String run(Server server) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(server.url() + "/api/2.0/mlflow/runs/create"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"experiment_id\":\"0\"}"))
                .build();
        return Json.parse(client.send(request, BodyHandlers.ofString()).body())
                .at("/run/info/run_id")
                .asText();
    }

    private HttpResponse<String> put(Server server, String run, String name, byte[] bytes) throws Exception {
        var request = HttpRequest.newBuilder(artifact(server, run, name))
                .timeout(Duration.ofSeconds(60))
                .PUT(BodyPublishers.ofByteArray(bytes))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private Map<String, Long> listed(Server server, String run) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(server.url() + "/api/2.0/mlflow/artifacts/list?run_id=" + run))
                .build();
        var listed = new java.util.TreeMap<String, Long>();
        Json.parse(client.send(request, BodyHandlers.ofString()).body())
                .path("files")
                .forEach(file -> listed.put(
                        file.path("path").asText(), file.path("file_size").asLong()));
        return listed;
    }

    private static URI artifact(Server server, String run, String name) {
        return URI.create(server.url() + "/api/2.0/mlflow-artifacts/artifacts/0/" + run + "/artifacts/" + name);
    }
}
