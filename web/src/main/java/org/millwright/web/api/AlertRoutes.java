package org.millwright.web.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.alert.Alert;
import org.millwright.alert.Alerts;
import org.millwright.identity.Actor;
import org.millwright.identity.Users;
import org.millwright.kernel.Json;
import org.millwright.notification.Notifications;
import org.millwright.notification.Severity;
import org.millwright.notification.Silence;
import org.millwright.notification.Silences;
import org.millwright.notification.Told;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** Alerts, who was told of them, and silences. */
public final class AlertRoutes implements Routes {
    private final Alerts alerts;
    private final Notifications notifications;
    private final Silences silences;
    private final Users users;
    private final Clock clock;

    public AlertRoutes(Alerts alerts, Notifications notifications, Silences silences, Users users, Clock clock) {
        this.alerts = alerts;
        this.notifications = notifications;
        this.silences = silences;
        this.users = users;
        this.clock = clock;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/api/1/alerts", this::list);
        routing.get("/api/1/alerts/{id}", this::alert);
        routing.post("/api/1/alerts/{id}/acknowledge", this::acknowledge);
        routing.post("/api/1/alerts/{id}/resolve", this::resolve);
        routing.get("/api/1/silences", this::silences);
        routing.post("/api/1/silences", this::silence);
        routing.post("/api/1/silences/{id}/end", this::end);
    }

    /** All alerts that the caller may read; query: deployment, project, clause, state=open. */
    private void list(ServerRequest request, ServerResponse response) {
        boolean open = Http.query(request, "state").map("open"::equals).orElse(false);
        Actor actor = Http.actor(request);
        ArrayNode items = Json.array();
        Optional<String> clause = Http.query(request, "clause");
        List<Alert> shown =
                alerts.list(actor, Http.query(request, "deployment"), Http.query(request, "project"), open).stream()
                        .filter(alert ->
                                clause.map(alert.clause().text()::equals).orElse(true))
                        .toList();
        Map<String, Notifications.Standing> standings = notifications.of(actor, shown);
        shown.forEach(alert -> items.add(json(alert, standings.getOrDefault(alert.id(), Notifications.Standing.NONE))));
        Http.json(response, Json.object().set("alerts", items));
    }

    private void alert(ServerRequest request, ServerResponse response) {
        Actor actor = Http.actor(request);
        Http.json(response, json(actor, alerts.get(actor, Http.path(request, "id"))));
    }

    private void acknowledge(ServerRequest request, ServerResponse response) {
        Actor actor = Http.actor(request);
        String note = Body.of(request, "note").text("note", "");
        Http.json(response, json(actor, alerts.acknowledge(actor, Http.path(request, "id"), note)));
    }

    private void resolve(ServerRequest request, ServerResponse response) {
        Actor actor = Http.actor(request);
        String reason = Body.of(request, "reason").text("reason", "");
        Http.json(response, json(actor, alerts.resolve(actor, Http.path(request, "id"), reason)));
    }

    private ObjectNode json(Actor actor, Alert alert) {
        return json(alert, notifications.of(actor, alert));
    }

    private ObjectNode json(Alert alert, Notifications.Standing standing) {
        ObjectNode json = MonitorJson.of(alert, users::nameOf);
        json.put("severity", Severity.of(alert).text());
        standing.silenced().ifPresent(silence -> json.set("silenced", json(silence)));
        json.put("plots", alert.plots());
        json.put("escalated", standing.escalated());
        json.set("sentTo", Json.tree(standing.sentTo()));
        ArrayNode told = json.putArray("notifications");
        standing.told().forEach(one -> told.add(json(one)));
        return json;
    }

    private static ObjectNode json(Told told) {
        ObjectNode json = Json.object()
                .put("channel", told.channel())
                .put("event", told.event())
                .put("state", told.state())
                .put("at", Instant.ofEpochMilli(told.at()).toString());
        told.error().ifPresent(error -> json.put("error", error));
        return json;
    }

    /** Silences, the newest first; query: state=active. */
    private void silences(ServerRequest request, ServerResponse response) {
        boolean active = Http.query(request, "state").map("active"::equals).orElse(false);
        ArrayNode items = Json.array();
        silences.list(Http.actor(request), active).forEach(silence -> items.add(json(silence)));
        Http.json(response, Json.object().set("silences", items));
    }

    private void silence(ServerRequest request, ServerResponse response) {
        Body body = Body.of(request, "project", "deployment", "clause", "for", "reason");
        var scope = new Silences.Scope(body.find("project"), body.find("deployment"), body.find("clause"));
        Http.json(
                response,
                json(silences.start(
                        Http.actor(request),
                        scope,
                        ChannelRoutes.duration("for", body.text("for")),
                        body.text("reason"))));
    }

    private void end(ServerRequest request, ServerResponse response) {
        Http.json(response, json(silences.end(Http.actor(request), Http.path(request, "id"))));
    }

    private ObjectNode json(Silence silence) {
        ObjectNode json = Json.object()
                .put("id", silence.id())
                .put("scope", silence.scope())
                .put("active", silence.isActive(clock.millis()))
                .put("reason", silence.reason())
                .put("by", users.nameOf(silence.createdBy()))
                .put("from", Instant.ofEpochMilli(silence.createdAt()).toString())
                .put("until", Instant.ofEpochMilli(silence.until()).toString());
        silence.project().ifPresent(name -> json.put("project", name));
        silence.deployment().ifPresent(name -> json.put("deployment", name));
        silence.clause().ifPresent(name -> json.put("clause", name));
        silence.ended().ifPresent(ended -> json.put("endedBy", users.nameOf(ended.by())));
        return json;
    }
}
