package org.millwright.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.millwright.app.cli.WholeLine.done;
import static org.millwright.app.cli.WholeLine.get;
import static org.millwright.app.cli.WholeLine.lock;
import static org.millwright.app.cli.WholeLine.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.app.TraceReceiver;
import org.millwright.app.TraceReceiver.Seen;
import org.millwright.app.cli.Terminal.Result;
import org.millwright.kernel.Json;

/** A model that only Python runs, from the client that logs it to requests, through one worker that is killed. */
class WorkerLineTest {
    private static final String MILLWRIGHT = """
            apiVersion: millwright/v1
            kind: Project
            name: waits
            purpose: Shows that a model without a portable form is served.
            owner: ana
            risk-tier: low
            data: []
            members: {ana: [data-scientist], ben: [approver]}
            environment: {python: "3.11"}
            model: {name: waits, task: regression, label: y}
            handoff: {tolerance: 0.000001, rows: 100}
            release: {smoke-rows: 50, canary: {traffic: 50, min-requests: 1000}}
            """;
    private static final String PIPELINE = """
            apiVersion: millwright/v1
            kind: Pipelines
            pipelines:
              train:
                steps:
                  - id: rows
                    kind: python
                    run: [rows.py, "${outputs.train}", "${outputs.holdout}"]
                    code: [rows.py]
                    outputs: {train: table, holdout: table}
                  - id: train
                    kind: python
                    run: [train.py]
                    code: [train.py]
                    inputs: {train: rows.train}
                    outputs: {model: mlflow-model}
                  - {id: evaluate, kind: evaluate, model: train.model, data: rows.holdout, reference: rows.train}
                  - {id: handoff, kind: handoff, model: train.model, data: rows.holdout}
                  - {id: register, kind: register, model: waits}
            """;
    private static final String ROWS = """
            import sys
            import duckdb
            for number, path in enumerate(sys.argv[1:]):
                rows = "select i::double / 3 as distance, 'c' || i % 7 as carrier, i::double as y"
                duckdb.sql(f"copy ({rows} from range({1 + number}, 300) r(i)) to '{path}' (format parquet)")
            """;
    private static final String TRAIN = """
            import os

            import mlflow
            from mlflow.models import ModelSignature
            from mlflow.types import ColSpec, Schema


            class Waits(mlflow.pyfunc.PythonModel):
                def predict(self, context, model_input, params=None):
                    import os
                    import time

                    word = str(model_input["carrier"].iloc[0])
                    if word.startswith("wait:"):
                        with open(word[5:] + ".began", "w") as began:
                            began.write(str(os.getpid()))
                        os.rename(word[5:] + ".began", word[5:])
                        time.sleep(3600)
                    if word == "raise":
                        raise ValueError("unwell")
                    return model_input["distance"] * 3 + model_input["carrier"].str.len() / 100


            inputs = Schema([ColSpec("double", "distance"), ColSpec("string", "carrier")])
            signature = ModelSignature(inputs, Schema([ColSpec("double", "y")]))
            print("traceparent", os.environ["TRACEPARENT"])
            with mlflow.start_run():
                mlflow.pyfunc.log_model(name="model", python_model=Waits(), signature=signature, pip_requirements=[])
            """;

    @TempDir
    Path folder;

    @Test
    void isServedByWorkersWithTheirFaultsAsOneError() throws IOException {
        try (var receiver = new TraceReceiver();
                var terminal = new Terminal(folder, receiver.variables())) {
            release(terminal);
            traces(receiver, terminal);
            String url = terminal.url();
            ServerProcess.await(
                    "the version to be staged",
                    () -> get(url + "v2/models/waits").path("platform").asText().equals("mlflow_pyfunc") ? true : null);

            JsonNode answer = Json.parse(infer(url, 2.5, "UA").body());
            assertThat(answer.path("outputs").path(0).path("name").asText()).isEqualTo("y");
            assertThat(answer.path("outputs").path(0).path("data").path(0).asDouble())
                    .isEqualTo(2.5 * 3 + 0.02, within(1e-12));
            traces(receiver);

            HttpResponse<String> unwell = infer(url, 1, "raise");
            assertThat(unwell.statusCode()).isEqualTo(500);
            assertThat(unwell.body())
                    .startsWith("{\"error\":\"the model or the server failed")
                    .doesNotContain("unwell");

            killed(url, "/v2/models/waits/infer", "{\"error\":\"The Python worker of waits/1 ended with exit code 137");
            killed(
                    url,
                    "/deployments/waits/invocations",
                    "{\"error_code\":\"TEMPORARILY_UNAVAILABLE\",\"message\":\"The Python worker of waits/1 ended with");
            assertThat(infer(url, 1, "AA").statusCode()).isEqualTo(200);
            String page = text(url + "models/waits/versions/1").body();
            assertThat(page).contains("a Python worker, which serves it, agrees with the original", "python_function");
        }
        startsAgainWithoutTheEnvironment();
    }

    private void startsAgainWithoutTheEnvironment() throws IOException {
        Files.move(folder.resolve("server/environments"), folder.resolve("elsewhere"));
        try (var receiver = new TraceReceiver();
                var terminal = new Terminal(folder, receiver.variables())) {
            assertThat(infer(terminal.url(), 2, "AA").body()).contains("6.02");
            receiver.await(
                    span -> !span.attributes()
                            .getOrDefault("millwright.requests", "1")
                            .equals("1"),
                    () -> manyAtOnce(terminal.url()));
        }
    }

    /** More requests than there are processes: some wait, and share a call once the bundle's rows showed that they may. */
    private void manyAtOnce(String url) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 16)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> infer(url, i, "AA"), threads))
                    .toList();
            for (int i = 0; i < answers.size(); i++) {
                JsonNode output =
                        Json.parse(answers.get(i).join().body()).path("outputs").path(0);
                assertThat(output.path("data").path(0).asDouble()).isEqualTo(i * 3 + 0.02, within(1e-12));
            }
        }
    }

    /** A request whose worker is killed while it answers. */
    private void killed(String url, String path, String said) throws IOException {
        Path gate = folder.resolve("gate" + path.length());
        var request = CompletableFuture.supplyAsync(() -> send(url, path, 1, "wait:" + gate));
        String pid = ServerProcess.await("the worker to begin", () -> read(gate));

        ProcessHandle.of(Long.parseLong(pid)).orElseThrow().destroyForcibly();

        HttpResponse<String> answer = request.join();
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(answer.body()).startsWith(said).contains("another takes its place");
    }

    /** The worker's part of the request. */
    private static void traces(TraceReceiver receiver) {
        Seen call = receiver.await(span -> span.name().equals("predict in Python")
                && span.attributes().get("millwright.model").equals("waits/1"));
        Seen score = receiver.await(call.trace(), "score");
        assertThat(call.parent()).isEqualTo(score.id());
        assertThat(call.span().getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
        assertThat(call.attributes()).containsEntry("millwright.rows", "1").containsEntry("millwright.requests", "1");
    }

    /** The run is one trace of its steps, which their scripts could continue. */
    private static void traces(TraceReceiver receiver, Terminal terminal) {
        Seen run = receiver.await(span -> span.name().equals("run train"));
        assertThat(run.parent()).isEmpty();
        assertThat(run.hasFailed()).isFalse();
        assertThat(run.attributes())
                .containsEntry("millwright.project", "waits")
                .containsEntry("millwright.pipeline", "train")
                .containsEntry("millwright.run.status", "succeeded");
        for (String step : List.of("rows", "train", "evaluate", "handoff", "register")) {
            assertThat(receiver.await(run.trace(), "step " + step).parent())
                    .as(step)
                    .isEqualTo(run.id());
        }
        Seen train = receiver.await(run.trace(), "step train");
        assertThat(train.attributes())
                .containsEntry("millwright.step.kind", "python")
                .containsEntry("millwright.step.attempt", "1")
                .containsEntry("millwright.step.outcome", "made");
        String id = train.attributes().get("millwright.run");
        assertThat(terminal.mw("run", "logs", id, "--step", "train").out())
                .contains("traceparent 00-" + run.trace() + "-" + train.id() + "-0");
    }

    private void release(Terminal terminal) throws IOException {
        terminal.mw("user", "add", "ana", "--role", "data-scientist");
        terminal.mw("user", "add", "ben", "--role", "approver");
        Path project = folder.resolve("waits");
        SmallProject.write(
                project,
                "3.11",
                Map.of(
                        "millwright.yaml", MILLWRIGHT,
                        "pipeline.yaml", PIPELINE,
                        "rows.py", ROWS,
                        "train.py", TRAIN,
                        "requirements.lock", lock()));
        terminal.cd(Path.of("waits"));
        done(terminal.mw("project", "request", "--as", "ana"));
        done(terminal.mw("approve", "project:waits", "--as", "ben"));
        Result run = done(terminal.mw("run", "train", "--as", "ana"));
        assertThat(run.err())
                .contains("Python and its worker agree on 100 rows")
                .contains("no portable form: the model has the flavours python_function");
        done(terminal.mw("release", "waits/1", "--as", "ana"));
        String asked = terminal.mw("inbox", "--as", "ben", "-o", "name").out().strip();
        done(terminal.mw("approve", asked, "--as", "ben", "--reason", "Only a test"));
    }

    private HttpResponse<String> infer(String url, double distance, String carrier) {
        return send(url, "/v2/models/waits/infer", distance, carrier);
    }

    private HttpResponse<String> send(String url, String path, double distance, String carrier) {
        ObjectNode body = Json.object();
        if (path.endsWith("invocations")) {
            body.putArray("dataframe_records")
                    .addObject()
                    .put("distance", distance)
                    .put("carrier", carrier);
        } else {
            var inputs = body.putArray("inputs");
            ObjectNode number = inputs.addObject().put("name", "distance").put("datatype", "FP64");
            number.putArray("shape").add(1);
            number.putArray("data").add(distance);
            ObjectNode text = inputs.addObject().put("name", "carrier").put("datatype", "BYTES");
            text.putArray("shape").add(1);
            text.putArray("data").add(carrier);
        }
        return WholeLine.send(HttpRequest.newBuilder(URI.create(url).resolve(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build());
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
