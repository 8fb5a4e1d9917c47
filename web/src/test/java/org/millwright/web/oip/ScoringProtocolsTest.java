package org.millwright.web.oip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millwright.kernel.Json;
import org.millwright.scoring.Python;
import org.millwright.serving.TestBundles;

class ScoringProtocolsTest extends OverRest {
    @Test
    void theOpenApiDocumentIsValidAndItsExamplesAreAnswered() throws Exception {
        String text = get("/deployments/delays/openapi.json").body();
        Path file = Files.writeString(folder.resolve("openapi.json"), text);
        Python python = Python.with("openapi-0.7.2", "openapi-spec-validator==0.7.2");
        Python.Result result = python.script("openapi-spec-validator", file.toString());
        assertThat(result.code()).as(result.output()).isZero();
        JsonNode document = Json.parse(text);
        assertThat(document.at("/info/version").asText()).isEqualTo("1");
        assertThat(document.at("/components/schemas/Row/properties/wind/type").toString())
                .isEqualTo("[\"number\",\"null\"]");
        for (String path : List.of("/deployments/delays/invocations", "/v2/models/delays/infer")) {
            JsonNode example = document.path("paths")
                    .path(path)
                    .at("/post/requestBody/content")
                    .path("application/json")
                    .path("example");
            HttpResponse<String> answer = post(path, "application/json", example.toString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
    }

    @Test
    void aRowFilledInIsPredictedAndNotCounted() throws Exception {
        long counted = server.seen.size();
        String form = get("/deployments/delays/try").body();
        assertThat(form).contains("name=\"column.carrier\"").contains("may be empty");
        JsonNode row = Json.tree(TestBundles.rows().row(0));
        var token = java.util.regex.Pattern.compile("name=\"token\" value=\"(\\w+)\"")
                .matcher(form);
        assertThat(token.find()).isTrue();
        String start = "token=" + token.group(1) + "&column.carrier="
                + row.path("carrier").asText() + "&column.hour=";
        String rest = "&column.wind=" + row.path("wind").asText() + "&column.distance="
                + row.path("distance").asText();
        String url = "application/x-www-form-urlencoded";
        String good = post("/deployments/delays/try", url, start + row.path("hour") + rest)
                .body();
        var said = java.util.regex.Pattern.compile("role=\"status\">[^<]*<b>([^<]+)</b>")
                .matcher(good);
        assertThat(said.find()).as(good).isTrue();
        assertThat(Double.parseDouble(said.group(1))).isCloseTo(TestBundles.expected()[0], within(1e-4));
        assertThat(post("/deployments/delays/try", url, start + "noon" + rest).body())
                .contains("is not a whole number")
                .contains("value=\"noon\"");
        assertThat(post("/deployments/delays/try", url, "token=0&column.hour=1").statusCode())
                .isEqualTo(409);
        assertThat(server.seen).hasSize((int) counted);
    }

    @Test
    void whatCannotBeReadIsCountedAsTheCallersFault() throws Exception {
        var counts = server.scorer.traffic("delays").get("1").total();
        long before = counts.refused();
        var infer = post("/v2/models/delays/infer", "{\"inputs\": [{\"name\": \"altitude\"}]}");
        assertThat(infer.statusCode()).isEqualTo(400);
        var records = post("/deployments/delays/invocations", "{\"dataframe_records\": [{\"wind\": 1}]}");
        assertThat(records.statusCode()).isEqualTo(400);
        assertThat(records.body()).contains("is required by the model's signature but was not sent in row 0");
        assertThat(counts.refused()).isEqualTo(before + 2);
    }

    @Test
    void bothProtocolsGiveWhatThePythonModelGave() throws Exception {
        double expected = TestBundles.expected()[0];
        JsonNode row = Json.tree(TestBundles.rows().row(0));
        var split = Json.object();
        var frame = split.putObject("dataframe_split");
        var columns = frame.putArray("columns");
        var data = frame.putArray("data").addArray();
        row.properties().forEach(cell -> {
            columns.add(cell.getKey());
            data.add(cell.getValue());
        });
        columns.add("note");
        data.add("ignored");
        HttpResponse<String> answer = post("/invocations", "application/json", split.toString());
        assertThat(Json.parse(answer.body()).path("predictions").path(0).asDouble())
                .isCloseTo(expected, within(1e-4));
        assertThat(answer.headers().firstValue("x-mw-warnings")).contains("ignored columns: note");
        assertThat(answer.headers().firstValue("x-mw-model-version")).contains("1");

        HttpResponse<String> csv = post(
                "/deployments/delays/invocations",
                "text/csv; charset=utf-8",
                "carrier,hour,wind,distance\n" + row.path("carrier").asText() + "," + row.path("hour") + ","
                        + row.path("wind") + "," + row.path("distance") + "\n");
        assertThat(Json.parse(csv.body()).path("predictions").path(0).asDouble())
                .isCloseTo(expected, within(1e-4));

        HttpResponse<String> infer = post("/v2/models/delays/versions/1/infer", "application/json", tensors(row));
        assertThat(infer.headers().firstValue("x-mw-warnings")).isEmpty();
        String calm = tensors(((ObjectNode) row.deepCopy()).putNull("wind"));
        assertThat(post("/v2/models/delays/infer", "application/json", calm)
                        .headers()
                        .firstValue("x-mw-warnings"))
                .contains("missing values in: wind");
        JsonNode json = Json.parse(infer.body());
        assertThat(json.path("outputs").path(0).path("data").path(0).asDouble()).isCloseTo(expected, within(1e-4));
        assertThat(json.path("model_version").asText()).isEqualTo("1");
        assertThat(infer.headers().firstValue("x-mw-request-id")).contains("évil?r".replace("é", "?"));
    }

    private static String tensors(JsonNode row) {
        var json = Json.object().put("id", "évil\nr");
        var inputs = json.putArray("inputs");
        row.properties().forEach(cell -> {
            String type = cell.getValue().isTextual() ? "BYTES" : cell.getKey().equals("hour") ? "INT64" : "FP64";
            var tensor = inputs.addObject().put("name", cell.getKey()).put("datatype", type);
            tensor.putArray("shape").add(1);
            tensor.putArray("data").add(cell.getValue());
        });
        return json.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "/v2/models/delays/infer|{|400|error|not valid JSON",
                "/v2/models/delays/infer|{\"inputs\":[]}|400|error|missing or empty",
                "/v2/models/delays/versions/9/infer|{}|404|error|no loaded version '9'",
                "/v2/models/nothing/infer|{}|404|error|No deployment named 'nothing'",
                "/v2/models/..%2Fx/infer|{}|404|error|Nothing is at",
                "/invocations|{}|400|message|exactly one of",
                "/invocations|{\"dataframe_records\":[{\"distance\":\"far\"}]}|400|message|'distance', row 0",
                "/deployments/nothing/invocations|{}|404|message|No deployment"
            })
    void faultsComeInEachProtocolsForm(String path, String body, int status, String field, String message)
            throws Exception {
        HttpResponse<String> answer = post(path, "application/json", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(Json.parse(answer.body()).path(field).asText()).contains(message);
    }

    @Test
    void healthVersionsAndOtherTypes() throws Exception {
        assertThat(get("/v2/health/live").body()).isEqualTo("{\"live\":true}");
        assertThat(get("/v2/health/ready").statusCode()).isEqualTo(200);
        assertThat(get("/v2/models/nothing/ready").statusCode()).isEqualTo(404);
        assertThat(get("/ping").statusCode()).isEqualTo(200);
        assertThat(post("/invocations", "application/xml", "<x/>").statusCode()).isEqualTo(415);
        assertThat(post("/invocations", "text/csv; charset=latin1", "a\n").statusCode())
                .isEqualTo(415);
        JsonNode shown = Json.parse(get("/api/1/deployments/delays").body());
        assertThat(shown.path("production").asText()).isEqualTo("1");
        assertThat(shown.path("versions").path(0).path("stage").asText()).isEqualTo("PRODUCTION");
        assertThat(post("/api/1/deployments/delays/rollback", "application/json", "{\"reason\":\"r\"}")
                        .statusCode())
                .isEqualTo(409);
    }

    private HttpResponse<String> post(String path, String type, String body) throws Exception {
        return super.post(path, body, "Content-Type", type);
    }
}
