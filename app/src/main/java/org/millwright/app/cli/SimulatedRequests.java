package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderValues;
import io.helidon.webclient.http1.Http1Client;
import io.helidon.webclient.http1.Http1ClientResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.millwright.app.simulation.Row;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.scoring.codec.TensorCodec;

/** Sends rows to a deployment and keeps what it answered; a request that is refused is tried again row by row. */
final class SimulatedRequests {
    private static final int TOGETHER = 64;
    private static final int CONNECTIONS = 4;
    private static final int REFUSED = 400;
    private static final int LABELS = 5_000;

    private final Client client;
    private final Http1Client http;
    private final String path;
    private final String deployment;
    private final Map<String, String> inputs;
    private final Map<String, Object> answers = new ConcurrentHashMap<>();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicReference<String> refusal = new AtomicReference<>("");
    private final AtomicReference<String> failure = new AtomicReference<>("");
    private final String answerType;

    /** @param signature the deployment's description by the Open Inference Protocol */
    SimulatedRequests(Client client, String deployment, JsonNode signature) {
        this.client = client;
        this.http = client.quick(CONNECTIONS);
        this.deployment = deployment;
        this.path = "/v2/models/" + Client.part(deployment) + "/infer";
        this.inputs = new LinkedHashMap<>();
        signature
                .path("inputs")
                .forEach(input -> inputs.put(
                        input.path("name").asText(), input.path("datatype").asText()));
        this.answerType = signature.path("outputs").path(0).path("datatype").asText();
    }

    /** The model's inputs, true for those that are numbers. */
    Map<String, Boolean> numeric() {
        var numeric = new LinkedHashMap<String, Boolean>();
        inputs.forEach((name, type) -> numeric.put(name, type.matches("FP\\d+|U?INT\\d+")));
        return numeric;
    }

    /** Whether the model answers with numbers of which some are nearer than others. */
    boolean answersNumbers() {
        return answerType.startsWith("FP");
    }

    /** What was answered for a row; null when nothing was. */
    @Nullable
    Object answer(String id) {
        return answers.get(id);
    }

    /** Rows that the server took to be no input of the model. */
    long refused() {
        return refused.get();
    }

    String refusal() {
        return refusal.get();
    }

    long failed() {
        return failed.get();
    }

    String failure() {
        return failure.get();
    }

    /** @param alone one row a request, as a roll-out counts requests */
    void send(List<Row> rows, boolean alone) {
        List<List<Row>> parts = parts(rows, alone ? 1 : TOGETHER);
        var next = new AtomicInteger();
        var working = new CountDownLatch(CONNECTIONS);
        for (int i = 0; i < CONNECTIONS; i++) {
            Thread.startVirtualThread(() -> {
                try {
                    for (int part = next.getAndIncrement(); part < parts.size(); part = next.getAndIncrement()) {
                        request(parts.get(part));
                    }
                } finally {
                    working.countDown();
                }
            });
        }
        try {
            working.await();
        } catch (InterruptedException e) {
            next.set(parts.size());
            Thread.currentThread().interrupt();
            throw new Problem.Unavailable("Interrupted", "Give the command again.", e);
        }
    }

    /** Parts whose rows have the same columns. */
    private static List<List<Row>> parts(List<Row> rows, int together) {
        var parts = new ArrayList<List<Row>>();
        int from = 0;
        for (int i = 1; i <= rows.size(); i++) {
            boolean ends = i == rows.size()
                    || i - from == together
                    || !rows.get(i)
                            .values()
                            .keySet()
                            .equals(rows.get(from).values().keySet());
            if (ends) {
                parts.add(rows.subList(from, i));
                from = i;
            }
        }
        return parts;
    }

    private void request(List<Row> rows) {
        try (Http1ClientResponse response =
                http.post(path).header(HeaderValues.CONTENT_TYPE_JSON).submit(Json.bytes(body(rows)))) {
            byte[] bytes = response.as(byte[].class);
            int status = response.status().code();
            if (status == 200) {
                keep(rows, Json.parse(bytes));
            } else if (status == REFUSED && rows.size() > 1) {
                rows.forEach(row -> request(List.of(row)));
            } else if (status == REFUSED) {
                refused.incrementAndGet();
                refusal.compareAndSet("", message(bytes));
            } else {
                failed.addAndGet(rows.size());
                failure.compareAndSet("", status + " " + message(bytes));
            }
        } catch (RuntimeException e) {
            failed.addAndGet(rows.size());
            failure.compareAndSet("", String.valueOf(e.getMessage()));
        }
    }

    private static String message(byte[] bytes) {
        return String.valueOf(Client.problem(REFUSED, new String(bytes, StandardCharsets.UTF_8))
                .getMessage());
    }

    private void keep(List<Row> rows, JsonNode answer) {
        JsonNode data = answer.path("outputs").path(0).path("data");
        int width = Math.max(1, data.size() / rows.size());
        for (int i = 0; i < rows.size(); i++) {
            JsonNode value = data.path(i * width);
            if (value.isNumber()) {
                answers.putIfAbsent(rows.get(i).id(), value.asDouble());
            } else if (value.isTextual()) {
                answers.putIfAbsent(rows.get(i).id(), value.asText());
            }
        }
    }

    private ObjectNode body(List<Row> rows) {
        ObjectNode body = Json.object();
        ArrayNode tensors = body.putArray("inputs");
        inputs.forEach((name, type) -> {
            if (rows.getFirst().values().containsKey(name)) {
                ArrayNode data = tensor(tensors, name, type, rows.size());
                rows.forEach(row -> data.add(Json.mapper().valueToTree(fit(row.value(name), type))));
            }
        });
        ArrayNode ids = tensor(tensors, TensorCodec.IDS, "BYTES", rows.size());
        rows.forEach(row -> ids.add(row.id()));
        ArrayNode times = tensor(tensors, TensorCodec.EVENT_TIMES, "INT64", rows.size());
        rows.forEach(row -> times.add(row.at()));
        return body;
    }

    private static ArrayNode tensor(ArrayNode tensors, String name, String datatype, int rows) {
        ObjectNode tensor = tensors.addObject().put("name", name).put("datatype", datatype);
        tensor.putArray("shape").add(rows);
        return tensor.putArray("data");
    }

    /** The value as its input takes it: a whole number where a fault made a fraction of it. */
    static @Nullable Object fit(@Nullable Object value, String type) {
        if (value instanceof Number number && type.contains("INT")) {
            return Math.round(number.doubleValue());
        }
        return value;
    }

    /** Sends outcomes of answered rows as they became known. */
    void label(List<Known> known) {
        for (int from = 0; from < known.size(); from += LABELS) {
            var labels = Json.array();
            for (Known one : known.subList(from, Math.min(known.size(), from + LABELS))) {
                ObjectNode label = labels.addObject().put("id", one.row().id()).put("time", one.at());
                label.set("value", Json.tree(one.outcome()));
            }
            client.post("/api/1/deployments/" + Client.part(deployment) + "/labels", labels);
        }
    }

    /** An outcome, and when it became known. */
    record Known(Row row, Object outcome, long at) {}
}
