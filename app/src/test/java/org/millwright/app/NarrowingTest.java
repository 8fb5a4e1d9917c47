package org.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.kernel.Json;

/** A version whose edge rows differ, from its refusal to the requests that are refused instead. */
class NarrowingTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String VERSION = "/api/1/models/delays/versions/1";

    @TempDir
    Path folder;

    private Map<String, String> tokens = Map.of();
    private int port;

    @Test
    void whatDiffersIsRefusedOnceSomebodyAcceptsIt() throws Exception {
        Path data = folder.resolve("data");
        tokens = ReadyModel.blocked(data);
        try (var server = Millwright.start(Settings.embedded(data, 0), Clock.systemUTC());
                var chromium = new Chromium()) {
            port = server.port();
            JsonNode before = get(VERSION);
            assertThat(before.path("state").asText()).isEqualTo("blocked");
            assertThat(before.at("/edges/proposal/words/wind").asText()).isEqualTo("not null");
            String page = "/models/delays/versions/1";
            assertThat(text(page)).contains("blocks a release", "mw model narrow delays/1", "wind not null");
            assertThat(chromium.faults("http://127.0.0.1:" + port, List.of(page)))
                    .isEmpty();

            HttpResponse<String> refused = post("ana", "/api/1/releases", "{'model':'delays','version':1}");
            assertThat(refused.body()).contains("edge rows", "null, NaN", "mw model narrow delays/1");

            assertThat(post("ben", VERSION + "/narrow", "{}").statusCode()).isEqualTo(403);
            HttpResponse<String> narrowed = post("ana", VERSION + "/narrow", "{'reason':'Stations always report it'}");
            assertThat(narrowed.statusCode()).as(narrowed.body()).isEqualTo(200);
            assertThat(post("ana", VERSION + "/narrow", "{}").statusCode()).isEqualTo(409);
            proven(before, Json.parse(narrowed.body()), page);

            enforced();
        }
    }

    /** The narrower signature is in the ledger, in the bundle and in the certificate, and the page tells it. */
    private void proven(JsonNode before, JsonNode after, String page) throws Exception {
        assertThat(after.path("state").asText()).isEqualTo("certified");
        assertThat(after.at("/edges/blocking")).isEmpty();
        assertThat(after.at("/edges/narrowed/wind/notNull").asBoolean()).isTrue();
        for (String changed : List.of("/bundle/digest", "/bundle/archive", "/certificate", "/handOff/report")) {
            assertThat(after.at(changed).asText())
                    .isNotEmpty()
                    .isNotEqualTo(before.at(changed).asText());
        }
        JsonNode entry = entry("model.signature-narrowed");
        assertThat(entry.at("/details/reason").asText()).isEqualTo("Stations always report it");
        assertThat(entry.at("/details/columns/wind/notNull").asBoolean()).isTrue();
        assertThat(text(page))
                .contains("verified now", "accepted by ana", "Stations always report it", "nothing blocks");
    }

    private JsonNode entry(String action) throws Exception {
        for (JsonNode entry : get("/api/1/ledger?about=model:delays/1").path("entries")) {
            if (entry.path("action").asText().equals(action)) {
                return entry;
            }
        }
        throw new AssertionError("no entry " + action);
    }

    /** Both protocols refuse the row with 400 and name column and row; others are answered. */
    private void enforced() throws Exception {
        HttpResponse<String> release = post("ana", "/api/1/releases", "{'model':'delays','version':1}");
        assertThat(release.statusCode()).as(release.body()).isBetween(200, 202);
        String ref = Json.parse(release.body()).path("ref").asText();
        assertThat(post("mia", "/api/1/decisions", "{'ref':'" + ref + "','granted':true,'reason':'Fine'}")
                        .statusCode())
                .isEqualTo(200);
        String invocations = "/deployments/delays/invocations";
        JsonNode fine = ReadyModel.request();
        HttpResponse<String> answer = post("ana", invocations, fine.toString());
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (answer.statusCode() != 200 && System.nanoTime() < until) {
            answer = post("ana", invocations, fine.toString());
        }
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        ObjectNode missing = fine.deepCopy();
        missing.withArray("/dataframe_records")
                .add(fine.at("/dataframe_records/0").deepCopy());
        ((ObjectNode) missing.at("/dataframe_records/1")).putNull("wind");
        HttpResponse<String> no = post("ana", invocations, missing.toString());
        assertThat(no.statusCode()).isEqualTo(400);
        assertThat(no.body()).contains("column 'wind', row 1", "got null");
        ObjectNode tensors = Json.object();
        var inputs = tensors.putArray("inputs");
        fine.at("/dataframe_records/0").properties().forEach(cell -> {
            ObjectNode input = inputs.addObject().put("name", cell.getKey());
            input.put(
                    "datatype",
                    cell.getValue().isTextual() ? "BYTES" : cell.getKey().equals("hour") ? "INT64" : "FP64");
            input.putArray("shape").add(1);
            boolean wind = cell.getKey().equals("wind");
            input.putArray("data").add(wind ? Json.mapper().nullNode() : cell.getValue());
        });
        HttpResponse<String> oip = post("ana", "/v2/models/delays/infer", tensors.toString());
        assertThat(oip.statusCode()).isEqualTo(400);
        assertThat(oip.body()).contains("column 'wind', row 0", "got null");
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        return Json.parse(text(path));
    }

    private String text(String path) throws IOException, InterruptedException {
        HttpResponse<String> response =
                HTTP.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }

    private HttpResponse<String> post(String person, String path, String body)
            throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(uri(path))
                        .header("Content-Type", "application/json")
                        .header("Authorization", "Bearer " + tokens.get(person))
                        .POST(BodyPublishers.ofString(body.replace('\'', '"')))
                        .build(),
                BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
