package org.millwright.web.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Instant;
import org.millwright.kernel.Json;
import org.millwright.monitor.Signals;
import org.millwright.signal.Cause;
import org.millwright.signal.DataQuality;
import org.millwright.signal.Note;
import org.millwright.signal.SignalJson;
import org.millwright.verdict.Reading;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** What is known of a deployment's model without outcomes. */
public final class SignalRoutes implements Routes {
    private static final int MOST_CAUSES = 10;

    private final Signals signals;

    public SignalRoutes(Signals signals) {
        this.signals = signals;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/api/1/deployments/{name}/signals", this::signals);
    }

    private void signals(ServerRequest request, ServerResponse response) {
        String name = Http.path(request, "name");
        Http.json(response, of(name, signals.of(Http.actor(request), name)));
    }

    private static ObjectNode of(String name, Signals.Overview overview) {
        ObjectNode json = Json.object().put("deployment", name);
        ArrayNode windows = json.putArray("windows");
        overview.windows().forEach(window -> windows.add(of(window)));
        ArrayNode readings = json.putArray("readings");
        overview.readings().forEach(reading -> readings.add(of(reading)));
        ArrayNode notes = json.putArray("notes");
        overview.notes().forEach(note -> notes.add(of(note)));
        overview.causes().ifPresent(causes -> json.set("causes", of(causes)));
        overview.losses().ifPresent(losses -> json.set("losses", SignalJson.of(losses, MOST_CAUSES)));
        overview.promised().ifPresent(window -> json.set("contract", contract(window)));
        return json.put("refusedLastHour", overview.refused());
    }

    private static ObjectNode contract(Signals.InWindow window) {
        ObjectNode json = Json.object().put("window", window.window().label()).put("version", window.version());
        window.quality().flatMap(DataQuality::promised).ifPresent(promised -> json.setAll(SignalJson.of(promised)));
        return json;
    }

    private static ObjectNode of(Signals.InWindow window) {
        ObjectNode json = Json.object()
                .put("window", window.window().label())
                .put("start", time(window.window().start()))
                .put("end", time(window.window().end()))
                .put("version", window.version())
                .put("leading", window.leading());
        window.estimates().ifPresent(found -> json.set("estimated", SignalJson.of(found)));
        window.multivariate().ifPresent(found -> json.set("multivariate", SignalJson.of(found)));
        window.quality().ifPresent(found -> json.set("quality", SignalJson.of(found)));
        window.quality()
                .flatMap(DataQuality::promised)
                .ifPresent(promised -> json.set("contract", SignalJson.broken(promised)));
        if (!window.skew().isEmpty()) {
            ArrayNode skew = json.putArray("skew");
            window.skew()
                    .forEach(column -> skew.addObject()
                            .put("column", column.name())
                            .put("method", column.method())
                            .put("value", column.value())
                            .put("threshold", column.alert()));
        }
        return json;
    }

    private static ObjectNode of(Reading reading) {
        ObjectNode json = Json.object()
                .put("clause", reading.clause().text())
                .put("verdict", reading.verdict().text())
                .put("unit", reading.unit())
                .put("note", reading.note());
        if (Double.isFinite(reading.value())) {
            json.put("value", reading.value());
        }
        reading.limit().ifPresent(limit -> json.put("threshold", limit));
        return json;
    }

    private static ObjectNode of(Note note) {
        return Json.object()
                .put("kind", note.kind())
                .put("subject", note.subject())
                .put("version", note.version())
                .put("window", note.window().label())
                .put("time", time(note.at()))
                .put("note", note.text())
                .set("evidence", note.details());
    }

    private static ObjectNode of(Signals.Causes causes) {
        ObjectNode json = Json.object().put("window", causes.window().label()).put("version", causes.version());
        ArrayNode columns = json.putArray("columns");
        causes.columns().stream().limit(MOST_CAUSES).forEach(cause -> columns.add(of(cause)));
        causes.multivariate().ifPresent(drift -> json.set("multivariate", SignalJson.of(drift)));
        causes.error().ifPresent(change -> json.set("error", SignalJson.of(change, MOST_CAUSES)));
        ArrayNode changes = json.putArray("changes");
        causes.coincidences()
                .forEach(change -> changes.addObject()
                        .put("entry", change.entry())
                        .put("time", time(change.at()))
                        .put("action", change.action())
                        .put("subject", change.subject()));
        return json;
    }

    private static ObjectNode of(Cause cause) {
        ObjectNode json = Json.object()
                .put("column", cause.column())
                .put("method", cause.method())
                .put("value", cause.value())
                .put("threshold", cause.limit())
                .put("weight", cause.weight());
        if (!Double.isNaN(cause.usage())) {
            json.put("usage", cause.usage());
        }
        return json;
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
