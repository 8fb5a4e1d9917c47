package org.millwright.web.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.webserver.http.HttpRouting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.tracking.Imports;
import org.millwright.tracking.LoggedModel;
import org.millwright.tracking.Metric;
import org.millwright.tracking.RunStatus;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** Takes over what another tracking server held, under the ids that it had there. */
public final class ImportRoutes implements Routes {
    private final Imports imports;

    public ImportRoutes(Imports imports) {
        this.imports = imports;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.post("/api/1/imports/runs", (request, response) -> {
            JsonNode body = Http.object(request);
            String status = text(body, "status");
            boolean made = imports.run(
                    Http.actor(request),
                    new Imports.ForeignRun(
                            text(body, "from"),
                            text(body, "id"),
                            text(body, "experiment"),
                            text(body, "name"),
                            body.path("user").asText(""),
                            RunStatus.of(status)
                                    .orElseThrow(() -> new Problem.Invalid("status: '" + status + "' (expected: one of "
                                            + List.of(RunStatus.values()) + ")")),
                            body.path("start").asLong(),
                            body.hasNonNull("end")
                                    ? Optional.of(body.path("end").asLong())
                                    : Optional.empty(),
                            pairs(body, "tags")));
            Http.json(response, Json.object().put("made", made));
        });
        routing.post("/api/1/imports/logged-models", (request, response) -> {
            JsonNode body = Http.object(request);
            String status = text(body, "status");
            boolean made = imports.model(
                    Http.actor(request),
                    text(body, "from"),
                    new LoggedModel(
                            text(body, "id"),
                            text(body, "experiment"),
                            text(body, "name"),
                            body.path("type").asText(""),
                            LoggedModel.Status.of(status)
                                    .orElseThrow(() -> new Problem.Invalid("status: '" + status + "' (expected: one of "
                                            + List.of(LoggedModel.Status.values()) + ")")),
                            Optional.of(body.path("run").asText("")).filter(run -> !run.isEmpty()),
                            "",
                            false,
                            body.path("created").asLong(),
                            body.path("updated").asLong(),
                            pairs(body, "params"),
                            pairs(body, "tags"),
                            metrics(body, text(body, "id"))));
            Http.json(response, Json.object().put("made", made));
        });
    }

    private static String text(JsonNode body, String name) {
        JsonNode value = body.path(name);
        if (!value.isTextual() || value.asText().isEmpty()) {
            throw new Problem.Invalid(name + " is missing (expected: a string)");
        }
        return value.asText();
    }

    private static Map<String, String> pairs(JsonNode body, String name) {
        var pairs = new LinkedHashMap<String, String>();
        body.path(name)
                .properties()
                .forEach(pair -> pairs.put(pair.getKey(), pair.getValue().asText()));
        return pairs;
    }

    private static List<LoggedModel.Value> metrics(JsonNode body, String model) {
        var metrics = new ArrayList<LoggedModel.Value>();
        for (JsonNode each : body.path("metrics")) {
            Optional<String> dataset =
                    Optional.of(each.path("dataset_name").asText("")).filter(name -> !name.isEmpty());
            Optional<String> digest =
                    Optional.of(each.path("dataset_digest").asText("")).filter(text -> !text.isEmpty());
            metrics.add(new LoggedModel.Value(
                    new Metric(
                            text(each, "key"),
                            value(each.path("value")),
                            each.path("timestamp").asLong(),
                            each.path("step").asLong(),
                            Optional.of(model),
                            dataset.map(name -> new Metric.DatasetRef(name, digest))),
                    text(each, "run_id")));
        }
        return metrics;
    }

    /** A number, or one of the words NaN, Infinity and -Infinity. */
    private static double value(JsonNode value) {
        try {
            return value.isTextual() ? Double.parseDouble(value.asText()) : value.asDouble();
        } catch (NumberFormatException e) {
            throw new Problem.Invalid("value: '" + value.asText() + "' (expected: a number, NaN, Infinity, -Infinity)");
        }
    }
}
