package org.millwright.web.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.millwright.drift.DriftJson;
import org.millwright.identity.Actor;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.monitor.Labels;
import org.millwright.monitor.Monitor;
import org.millwright.monitor.Overviews;
import org.millwright.outcome.Label;
import org.millwright.outcome.Outcome;
import org.millwright.retraining.Retrainings;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** Outcomes of predictions, and what windows say. */
public final class MonitorRoutes implements Routes {
    private static final int SHOWN = 10;
    private static final Set<String> LABEL_FIELDS = Set.of("id", "value", "time", "attributes");

    private final Monitor monitor;
    private final Labels labels;
    private final Overviews overviews;
    private final Retrainings retrainings;
    private final Clock clock;

    public MonitorRoutes(Monitor monitor, Labels labels, Overviews overviews, Retrainings retrainings, Clock clock) {
        this.monitor = monitor;
        this.labels = labels;
        this.overviews = overviews;
        this.retrainings = retrainings;
        this.clock = clock;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.post("/api/1/deployments/{name}/labels", this::label);
        routing.post("/api/1/deployments/{name}/watermark", this::watermark);
        routing.get("/api/1/deployments/{name}/monitor", this::overview);
        routing.get("/api/1/deployments/{name}/monitor/columns", this::columns);
        routing.get("/api/1/deployments/{name}/monitor/performance", this::performance);
        routing.get("/api/1/deployments/{name}/monitor/segments", this::segments);
    }

    /**
     * Body: a list of {@code {"id", "value", "time"}}, or an object with it as {@code labels}; the value is a number, or the
     * name of a class as text, truth value or number; time is optional, and so are {@code attributes}, value by column.
     */
    private void label(ServerRequest request, ServerResponse response) {
        JsonNode body = Http.tree(request, Http.JSON_LIMIT);
        JsonNode list = body.isObject() && body.size() == 1 ? body.path("labels") : body;
        if (!list.isArray()) {
            throw new Problem.Invalid(
                    "The body is no list of labels (expected: [{\"id\": …, \"value\": …, \"time\": …}])");
        }
        if (list.size() > Labels.MOST) {
            throw new Problem.TooLarge(
                    list.size() + " labels at once (at most " + Labels.MOST + ")", "Send them in parts.");
        }
        List<Label> read = new ArrayList<>(list.size());
        List<String> wrong = new ArrayList<>();
        long now = clock.millis();
        for (int i = 0; i < list.size() && wrong.size() < SHOWN; i++) {
            try {
                read.add(label(list.get(i), now));
            } catch (Problem.Invalid e) {
                wrong.add("label " + i + ": " + e.getMessage());
            }
        }
        if (!wrong.isEmpty()) {
            throw new Problem.Invalid(String.join("; ", wrong), "Nothing was stored: correct them and send all again.");
        }
        Http.json(response, labels.receive(Http.actor(request), Http.path(request, "name"), read));
    }

    private static Label label(JsonNode node, long now) {
        if (!node.isObject()) {
            throw new Problem.Invalid("a " + node.getNodeType() + " (expected: an object)");
        }
        node.fieldNames().forEachRemaining(name -> {
            if (!LABEL_FIELDS.contains(name)) {
                throw new Problem.Invalid("unknown field '" + name + "' (known: id, value, time, attributes)");
            }
        });
        if (!node.path("id").isTextual()) {
            throw new Problem.Invalid("id is " + node.path("id").getNodeType() + " (expected: a text)");
        }
        long time = node.has("time") ? time(node.get("time")) : now;
        return new Label(
                node.get("id").asText(), outcome(node.path("value")), time, attributes(node.path("attributes")));
    }

    private static Map<String, String> attributes(JsonNode node) {
        if (node.isMissingNode()) {
            return Map.of();
        }
        if (!node.isObject()) {
            throw new Problem.Invalid("attributes is " + node.getNodeType() + " (expected: {column: value})");
        }
        var attributes = new LinkedHashMap<String, String>();
        node.properties().forEach(field -> {
            if (!field.getValue().isValueNode()) {
                throw new Problem.Invalid("attribute '" + field.getKey() + "' is "
                        + field.getValue().getNodeType() + " (expected: a text, a number or a truth value)");
            }
            if (!field.getValue().isNull()) {
                attributes.put(field.getKey(), field.getValue().asText());
            }
        });
        return attributes;
    }

    private static Outcome outcome(JsonNode value) {
        if (value.isNumber()) {
            return Outcome.of(value.asDouble());
        }
        if (value.isBoolean()) {
            return Outcome.of(value.asBoolean());
        }
        if (value.isTextual()) {
            return Outcome.of(value.asText());
        }
        throw new Problem.Invalid("value is " + value.getNodeType() + " (expected: a number, or the name of a class)");
    }

    private static long time(JsonNode node) {
        if (node.isIntegralNumber()) {
            return node.asLong();
        }
        try {
            return OffsetDateTime.parse(node.asText()).toInstant().toEpochMilli();
        } catch (DateTimeParseException | ArithmeticException e) {
            throw new Problem.Invalid(
                    "time is " + node + " (expected: a time such as 2013-11-01T00:00:00Z, or milliseconds since 1970)");
        }
    }

    private void watermark(ServerRequest request, ServerResponse response) {
        ObjectNode body = Http.object(request);
        if (!body.has("time") || body.size() != 1) {
            throw new Problem.Invalid("Expected {\"time\": …}: the time before which everything was sent");
        }
        String name = Http.path(request, "name");
        ArrayNode judged = Json.array();
        monitor.announce(Http.actor(request), name, time(body.get("time")))
                .forEach(judgement -> judged.add(MonitorJson.of(judgement)));
        Http.json(
                response,
                Json.object()
                        .put(
                                "watermark",
                                Instant.ofEpochMilli(monitor.watched(Http.actor(request), name)
                                                .watermark())
                                        .toString())
                        .set("judged", judged));
    }

    private void overview(ServerRequest request, ServerResponse response) {
        String name = Http.path(request, "name");
        Actor by = Http.actor(request);
        Http.json(response, MonitorJson.of(overviews.of(by, name), retrainings.of(by, name)));
    }

    /** Segments and bias of a window; query: window, version. */
    private void performance(ServerRequest request, ServerResponse response) {
        String name = Http.path(request, "name");
        Http.json(
                response,
                overviews
                        .performance(
                                Http.actor(request),
                                name,
                                Http.query(request, "window").orElse(""),
                                Http.query(request, "version").orElse(""))
                        .toJson());
    }

    /** Drift of a window's segments; query: window, version. */
    private void segments(ServerRequest request, ServerResponse response) {
        String name = Http.path(request, "name");
        ArrayNode all = Json.array();
        overviews
                .segments(
                        Http.actor(request),
                        name,
                        Http.query(request, "window").orElse(""),
                        Http.query(request, "version").orElse(""))
                .forEach(segment -> all.add(Json.object()
                        .put("segment", segment.name())
                        .put("rows", segment.rows())
                        .set("drift", DriftJson.of(segment.drift()))));
        Http.json(response, Json.object().set("segments", all));
    }

    private void columns(ServerRequest request, ServerResponse response) {
        String name = Http.path(request, "name");
        Http.json(
                response,
                Json.object()
                        .set(
                                "columns",
                                Json.tree(overviews.distributions(
                                        Http.actor(request),
                                        name,
                                        Http.query(request, "window").orElse(""),
                                        Http.query(request, "version").orElse("")))));
    }
}
