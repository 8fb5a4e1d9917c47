package org.millwright.web.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import org.millwright.identity.Users;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.notification.Channel;
import org.millwright.notification.Channels;
import org.millwright.notification.Delivery;
import org.millwright.notification.QuietHours;
import org.millwright.notification.Route;
import org.millwright.notification.Severity;
import org.millwright.notification.Target;
import org.millwright.notification.TargetFields;
import org.millwright.project.Durations;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** Channels that alerts are sent by, and what was sent. */
public final class ChannelRoutes implements Routes {
    private static final int SHOWN = 100;
    private static final int MOST_SHOWN = 1_000;
    private static final String[] FIELDS = {
        "name",
        "project",
        "kind",
        "url",
        "secret",
        "token",
        "smtp",
        "tls",
        "user",
        "password",
        "from",
        "to",
        "projects",
        "deployments",
        "clauses",
        "severity",
        "owners",
        "after",
        "quiet"
    };

    private final Channels channels;
    private final Users users;

    public ChannelRoutes(Channels channels, Users users) {
        this.channels = channels;
        this.users = users;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/api/1/channels", this::list);
        routing.post("/api/1/channels", this::add);
        routing.get("/api/1/channels/{name}", this::show);
        routing.delete("/api/1/channels/{name}", this::remove);
        routing.post("/api/1/channels/{name}/test", this::test);
        routing.post("/api/1/channels/{name}/retry", this::retry);
        routing.get("/api/1/deliveries", this::deliveries);
    }

    private void list(ServerRequest request, ServerResponse response) {
        ArrayNode items = Json.array();
        channels.list(Http.actor(request)).forEach(channel -> items.add(json(channel)));
        Http.json(response, Json.object().set("channels", items));
    }

    private void show(ServerRequest request, ServerResponse response) {
        Http.json(response, json(channels.get(Http.actor(request), Http.path(request, "name"))));
    }

    /** The answer has the secret of a new webhook when none was given; it is shown this once. */
    private void add(ServerRequest request, ServerResponse response) {
        Body body = Body.of(request, FIELDS);
        var fields = new TargetFields(
                body.find("url"),
                body.find("secret"),
                body.find("token"),
                body.find("smtp"),
                body.find("tls"),
                body.find("user"),
                body.find("password"),
                body.find("from"),
                body.texts("to"));
        Target target = fields.target(Channel.Kind.of(body.text("kind")));
        var route = new Route(
                body.texts("projects"),
                body.texts("deployments"),
                body.texts("clauses"),
                body.find("severity").map(Severity::of),
                body.texts("owners"));
        ObjectNode json = json(channels.add(
                Http.actor(request),
                new Channels.Request(
                        body.text("name"),
                        body.find("project"),
                        target,
                        route,
                        body.find("after").map(text -> duration("after", text)).orElse(Duration.ZERO),
                        QuietHours.parse(body.text("quiet", "")))));
        if (target instanceof Target.Webhook webhook && body.find("secret").isEmpty()) {
            json.put("secret", webhook.secret());
        }
        Http.json(response, Status.CREATED_201, json);
    }

    private void remove(ServerRequest request, ServerResponse response) {
        channels.remove(Http.actor(request), Http.path(request, "name"));
        Http.json(response, Json.object());
    }

    private void test(ServerRequest request, ServerResponse response) {
        String name = Http.path(request, "name");
        Channels.Trial trial = channels.test(Http.actor(request), name);
        Http.json(
                response,
                Json.object()
                        .put("channel", name)
                        .put("success", trial.success())
                        .put("said", trial.said()));
    }

    private void retry(ServerRequest request, ServerResponse response) {
        String name = Http.path(request, "name");
        Http.json(
                response, Json.object().put("channel", name).put("retried", channels.retry(Http.actor(request), name)));
    }

    /** Deliveries, newest first; query: channel, state, limit. */
    private void deliveries(ServerRequest request, ServerResponse response) {
        ArrayNode items = Json.array();
        channels.deliveries(
                        Http.actor(request),
                        Http.query(request, "channel"),
                        Http.query(request, "state").map(ChannelRoutes::state),
                        Http.query(request, "limit", SHOWN, MOST_SHOWN))
                .forEach(delivery -> items.add(json(delivery)));
        Http.json(response, Json.object().set("deliveries", items));
    }

    private static Delivery.State state(String text) {
        return Arrays.stream(Delivery.State.values())
                .filter(state -> state.text().equals(text.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new Problem.Invalid("state: '" + text + "' (expected: pending, sent or failed)"));
    }

    static Duration duration(String name, String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new Problem.Invalid(name + ": '" + text + "' (expected: a time such as 30m, 2h or 1d)");
        }
    }

    private ObjectNode json(Channel channel) {
        ObjectNode json = Json.object()
                .put("name", channel.name())
                .put("kind", channel.kind().text())
                .put("target", channel.target())
                .put("state", channel.failing().isPresent() ? "failing" : "ok")
                .put("createdAt", Instant.ofEpochMilli(channel.createdAt()).toString())
                .put("createdBy", users.nameOf(channel.createdBy()));
        channel.project().ifPresent(name -> json.put("project", name));
        if (!channel.escalatesAfter().isZero()) {
            json.put("after", text(channel.escalatesAfter()));
        }
        channel.quiet().ifPresent(hours -> json.put("quiet", hours.toString()));
        channel.failing()
                .ifPresent(failing -> json.put("error", failing.error())
                        .put(
                                "failingSince",
                                Instant.ofEpochMilli(failing.since()).toString()));
        Route route = channel.route();
        ObjectNode rule = json.putObject("route");
        rule.set("projects", Json.tree(route.projects()));
        rule.set("deployments", Json.tree(route.deployments()));
        rule.set("clauses", Json.tree(route.clauses()));
        rule.set("owners", Json.tree(route.owners()));
        route.severity().ifPresent(least -> rule.put("severity", least.text()));
        return json;
    }

    /** As {@link Durations} reads it, in the largest unit that makes it a whole number. */
    private static String text(Duration time) {
        long seconds = time.toSeconds();
        return seconds % 86_400 == 0
                ? time.toDays() + "d"
                : seconds % 3_600 == 0
                        ? time.toHours() + "h"
                        : seconds % 60 == 0 ? time.toMinutes() + "m" : seconds + "s";
    }

    private static ObjectNode json(Delivery delivery) {
        ObjectNode json = Json.object()
                .put("id", delivery.id())
                .put("channel", delivery.channel())
                .put("subject", delivery.subject().ref())
                .put(
                        "deployment",
                        delivery.subject().isDeployment() ? delivery.subject().name() : "")
                .put("state", delivery.state().text())
                .put("tries", delivery.tries())
                .put("createdAt", Instant.ofEpochMilli(delivery.createdAt()).toString());
        json.set("told", Json.tree(delivery.told()));
        delivery.error().ifPresent(error -> json.put("error", error));
        delivery.settledAt()
                .ifPresent(at -> json.put("settledAt", Instant.ofEpochMilli(at).toString()));
        if (delivery.state() == Delivery.State.PENDING) {
            json.put("dueAt", Instant.ofEpochMilli(delivery.dueAt()).toString());
        }
        return json;
    }
}
