package org.millwright.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millwright.app.cli.WholeLine.done;
import static org.millwright.app.cli.WholeLine.get;
import static org.millwright.app.cli.WholeLine.send;
import static org.millwright.app.cli.WholeLine.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.app.cli.Terminal.Result;
import org.millwright.kernel.Json;

/** A model that names classes by texts, from the client that logs it to production, its champion and its monitoring. */
class ClassLineTest {
    @TempDir
    Path folder;

    @Test
    void goesFromTrainingToProductionAndIsComparedAndWatched() throws IOException {
        try (var terminal = new Terminal(folder)) {
            project(terminal);
            Result run = done(terminal.mw("run", "train", "--as", "ana"));
            assertThat(run.err())
                    .containsPattern("400 rows: accuracy 0\\.[89]\\d+, F1 0\\.[789]\\d+, skill \\+0\\.")
                    .contains("Python and Java agree on 200 rows")
                    .contains("4 of 4 rules passed");
            done(terminal.mw("release", "punctual/1", "--as", "ana"));
            String asked =
                    terminal.mw("inbox", "--as", "ben", "-o", "name").out().strip();
            done(terminal.mw("approve", asked, "--as", "ben", "--reason", "Only a test"));

            String url = terminal.url();
            ServerProcess.await(
                    "the version to be staged",
                    () -> get(url + "v2/models/punctual")
                                    .path("platform")
                                    .asText()
                                    .equals("onnx_onnxv1")
                            ? true
                            : null);
            answersClassAndProbabilities(url);
            ServerProcess.await("the version to be in production", () -> {
                JsonNode deployment = get(url + "api/1/deployments").at("/items/0");
                if (deployment.path("production").asText().equals("1")) {
                    return true;
                }
                infer(url, 20, "AA");
                return null;
            });

            outcomesAreMeasured(url);
            outcomesOfAFileAreSent(terminal);
            rowsAreHeldAgainstTheContract(terminal, run);

            Result again = terminal.mw("run", "train", "--c", "0.5", "--as", "ana");
            assertThat(again.err()).contains("; version 1 in production: accuracy 0.", ", difference ");
            assertThat(text(url + "models/punctual/versions/2").body())
                    .contains("Against version 1 log_loss differs by ", "over 400 rows that both predicted.")
                    .contains("<dt>Parameters</dt><dd>c 0.5</dd>");
            batchesCountInTheWindows(terminal, url);

            releaseIsCertified(terminal, url + "models/punctual/versions/1");
            assertThat(text(url + "models/punctual/versions/1").body())
                    .contains("Always on time", "balanced_accuracy", "roc_auc", "Which class was taken for which")
                    .contains("<td class=\"muted\">carrier</td><td>AA</td>");
            JsonNode watched = get(url + "api/1/deployments/punctual/monitor/columns");
            JsonNode predicted = watched.path("columns").path(2);
            assertThat(predicted.path("column").asText()).isEqualTo("prediction");
            assertThat(predicted.path("bins").toString()).contains("\"late\"", "\"on time\"");
            assertThat(predicted.path("current")).hasSize(2);
        }
    }

    /** By profiles, and with an id by row, so that outcomes find them; once, however often a job is done. */
    private void batchesCountInTheWindows(Terminal terminal, String url) {
        long before = answered(url);
        Result scored = done(terminal.mw("run", "score", "--as", "ana"));
        assertThat(scored.err()).contains("400 rows scored by punctual/1").contains("a second; not monitored");
        assertThat(answered(url) - before).isEqualTo(800);
        done(terminal.mw("run", "score", "--as", "ana", "--fresh"));
        assertThat(answered(url) - before)
                .as("another run is another job, but its ids were answered before")
                .isEqualTo(1_200);
        var labels = Json.array();
        labels.addObject().put("id", "batch-7").put("value", "late");
        assertThat(post(url, "/api/1/deployments/punctual/labels", labels)
                        .path("joined")
                        .asInt())
                .isEqualTo(1);
    }

    private long answered(String url) {
        long rows = 0;
        for (JsonNode window : get(url + "api/1/deployments/punctual/monitor").path("windows")) {
            rows += window.path("rows").asLong();
        }
        return rows;
    }

    private void releaseIsCertified(Terminal terminal, String page) {
        Matcher release = Pattern.compile("<code>mw certify (release:[^<]+)</code>")
                .matcher(text(page).body());
        assertThat(release.find()).isTrue();
        done(terminal.mw("certify", release.group(1)));
        assertThat(text(page).body())
                .contains("/api/1/certificates?ref=" + release.group(1))
                .doesNotContain("No certificate yet");
    }

    private void answersClassAndProbabilities(String url) {
        JsonNode outputs = infer(url, 20, "AA").path("outputs");
        assertThat(outputs.path(0).path("name").asText()).isEqualTo("arrival");
        assertThat(outputs.path(0).path("datatype").asText()).isEqualTo("BYTES");
        assertThat(outputs.path(0).path("data").path(0).asText()).isEqualTo("late");
        assertThat(outputs.path(1).path("data").path(0).asDouble()).isBetween(0.9, 1.0);
        assertThat(outputs.path(2).path("data").path(0).asDouble()).isBetween(0.0, 0.1);
        ObjectNode records = Json.object();
        records.putArray("dataframe_records").addObject().put("wind", 2.0).put("carrier", "UA");
        JsonNode answer = post(url, "/deployments/punctual/invocations", records);
        assertThat(answer.path("predictions").path(0).path("arrival").asText()).isEqualTo("on time");
    }

    /** What the model itself answers, its probabilities among it, is joined to classes that come later. */
    private void outcomesAreMeasured(String url) {
        var labels = Json.array();
        for (int i = 0; i < 60; i++) {
            boolean windy = i % 2 == 0;
            infer(url, "flight-" + i, windy ? 20 : 2, i % 3 == 0 ? "UA" : "AA");
            labels.addObject().put("id", "flight-" + i).put("value", windy && i != 0 ? "late" : "on time");
        }
        labels.addObject().put("id", "flight-1").put("value", "on time");
        JsonNode received = post(url, "/api/1/deployments/punctual/labels", labels);
        assertThat(received.path("joined").asInt()).isEqualTo(60);
        assertThat(received.path("duplicates").asInt()).isEqualTo(1);
        JsonNode measured = get(url + "api/1/deployments/punctual/monitor/performance");
        assertThat(measured.path("task").asText()).isEqualTo("binary");
        assertThat(measured.path("classes").toString()).isEqualTo("[\"on time\",\"late\"]");
        assertThat(measured.path("confusion").toString()).isEqualTo("[[30,1],[0,29]]");
        assertThat(measured.at("/roc_auc/value").asDouble()).isBetween(0.9, 1.0);
        assertThat(measured.at("/skill/value").isNumber()).isTrue();
        assertThat(measured.path("segments").findValuesAsText("value")).contains("AA", "UA");
        assertThat(measured.at("/fairness/0/groups")).hasSize(2);
        assertThat(text(url + "deployments/punctual").body())
                .contains("ROC AUC", "How groups are treated by carrier", "four fifths", "too small to count");
    }

    private void outcomesOfAFileAreSent(Terminal terminal) throws IOException {
        Files.writeString(
                folder.resolve("punctual/late.csv"), "flight,arrival\nflight-1,on time\nflight-2,\nnobody,late\n");
        Result sent = done(terminal.mw(
                "monitor", "labels", "punctual", "late.csv", "--id", "flight", "--value", "arrival", "-o", "json"));
        JsonNode sum = Json.parse(sent.out());
        assertThat(sum.path("received").asInt()).isEqualTo(2);
        assertThat(sum.path("duplicates").asInt()).isEqualTo(1);
        assertThat(sum.path("pending").asInt()).isEqualTo(1);
        assertThat(terminal.mw("monitor", "labels", "punctual", "late.csv", "--id", "flights")
                        .err())
                .contains("No column 'flights' in late.csv; did you mean 'flight'?");
        assertThat(done(terminal.mw("monitor", "performance", "punctual")).out())
                .contains("roc_auc", "carrier=AA", "by carrier: ", "disparate_impact");
    }

    /** Of the contract under which the data came in one rule is about an input; what production sends breaks it. */
    private void rowsAreHeldAgainstTheContract(Terminal terminal, Result run) throws IOException {
        String log = terminal.mw("run", "logs", "--step", "register").out();
        assertThat(log)
                .contains(
                        "Rules of data contracts that production is held against: 2: flights: carrier.invalidValues, flights: wind.type")
                .contains("not flights: gust.required: the model has no input 'gust'")
                .contains("not flights: rowCount: it counts the rows of a file")
                .containsPattern("not flights: wind.range: the training rows break it themselves, \\d+ of 400");
        String url = terminal.url();
        long july = java.time.Instant.parse("2013-07-01T06:00:00Z").toEpochMilli();
        ObjectNode body = Json.object();
        body.putObject("parameters").put("event_time", july);
        var inputs = body.putArray("inputs");
        ObjectNode wind = inputs.addObject().put("name", "wind").put("datatype", "FP64");
        wind.putArray("shape").add(200);
        ObjectNode carrier = inputs.addObject().put("name", "carrier").put("datatype", "BYTES");
        carrier.putArray("shape").add(200);
        var winds = wind.putArray("data");
        var carriers = carrier.putArray("data");
        for (int i = 0; i < 200; i++) {
            winds.add(6 + i % 10);
            carriers.add(i % 20 == 0 ? "united" : i % 2 == 0 ? "UA" : "AA");
        }
        post(url, "/v2/models/punctual/infer", body);
        post(url, "/api/1/deployments/punctual/watermark", Json.object().put("time", "2013-07-02T00:00:00Z"));

        JsonNode signals = get(url + "api/1/deployments/punctual/signals");
        JsonNode rule = signals.at("/windows/0/contract/broken/0");
        assertThat(rule.path("rule").asText()).as(signals.toString()).isEqualTo("carrier.invalidValues");
        assertThat(rule.path("contract").asText()).isEqualTo("departures 3.1.0");
        assertThat(rule.path("broken").asLong()).isEqualTo(10);
        assertThat(rule.path("n").asLong()).isEqualTo(200);
        Result table = done(terminal.mw("monitor", "signals", "punctual"));
        assertThat(table.out()).contains("10 of 200 rows break carrier.invalidValues of the contract departures 3.1.0");
        assertThat(terminal.mw("agreement", "check", "punctual").out()).containsPattern("quality:contract +broken");
        assertThat(terminal.mw("alert", "list", "--open").out()).contains("quality:contract");
        assertThat(text(url + "deployments/punctual").body())
                .contains("What the data's contract promises", "one of UA, AA", "not checked on live traffic");
        assertThat(text(url + "data/flights@2013-01").body())
                .contains("What production sends is held against this contract", "(version 1, 2 rules)");
    }

    private void project(Terminal terminal) {
        terminal.mw("user", "add", "ana", "--role", "data-scientist");
        terminal.mw("user", "add", "ben", "--role", "approver");
        ClassProject.write(folder.resolve("punctual"));
        terminal.cd(Path.of("punctual"));
        done(terminal.mw("project", "request", "--as", "ana"));
        done(terminal.mw("approve", "project:punctual", "--as", "ben"));
        done(terminal.mw("agreement", "propose", "--as", "ana"));
        Result alone = done(terminal.mw("agreement", "accept", "-o", "json"));
        assertThat(Json.parse(alone.out()).path("state").asText()).isEqualTo("in-force");
    }

    private JsonNode infer(String url, double wind, String carrier) {
        return infer(url, "", wind, carrier);
    }

    private JsonNode infer(String url, String id, double wind, String carrier) {
        ObjectNode body = Json.object();
        if (!id.isEmpty()) {
            body.put("id", id);
        }
        var inputs = body.putArray("inputs");
        ObjectNode number = inputs.addObject().put("name", "wind").put("datatype", "FP64");
        number.putArray("shape").add(1);
        number.putArray("data").add(wind);
        ObjectNode text = inputs.addObject().put("name", "carrier").put("datatype", "BYTES");
        text.putArray("shape").add(1);
        text.putArray("data").add(carrier);
        return post(url, "/v2/models/punctual/infer", body);
    }

    private JsonNode post(String url, String path, JsonNode body) {
        HttpResponse<String> answer =
                send(HttpRequest.newBuilder(URI.create(url).resolve(path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                        .build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.parse(answer.body());
    }
}
