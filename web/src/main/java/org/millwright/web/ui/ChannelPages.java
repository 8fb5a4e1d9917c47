package org.millwright.web.ui;

import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.kernel.Problem;
import org.millwright.notification.Channel;
import org.millwright.notification.Channels;
import org.millwright.notification.Route;
import org.millwright.notification.Severity;
import org.millwright.notification.Silence;
import org.millwright.notification.Silences;
import org.millwright.notification.TargetFields;
import org.millwright.project.Durations;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** Where alerts are sent, what is silent, and what could not be sent. */
public final class ChannelPages implements Routes {
    private static final int SHOWN = 20;

    private final Ui ui;
    private final Channels channels;
    private final Silences silences;
    private final Users users;
    private final Forms forms;
    private final Clock clock;

    public ChannelPages(Ui ui, Channels channels, Silences silences, Users users, Forms forms, Clock clock) {
        this.ui = ui;
        this.channels = channels;
        this.silences = silences;
        this.users = users;
        this.forms = forms;
        this.clock = clock;
    }

    /** A channel, its rule in words, and whether the one who looks may change it. */
    public record Row(Channel channel, String rule, boolean mine) {}

    /** A silence that lasts, and whether the one who looks may end it. */
    public record Quiet(Silence silence, boolean mine) {}

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/channels", (request, response) -> show(request, response, ""));
        routing.post("/channels", this::change);
    }

    private void show(ServerRequest request, ServerResponse response, String said) {
        Actor actor = Http.actor(request);
        users.access().require(actor, Permission.READ);
        List<Row> rows = channels.list(actor).stream()
                .map(channel -> new Row(channel, rule(channel), channels.mayManage(actor, channel.project())))
                .toList();
        List<Quiet> quiet = silences.list(actor, true).stream()
                .map(silence -> new Quiet(silence, silences.mayEnd(actor, silence)))
                .toList();
        ui.page(
                request,
                response,
                "alert/channels.jte",
                "Channels",
                "Alerts",
                Map.of(
                        "rows",
                        rows,
                        "quiet",
                        quiet,
                        "deliveries",
                        channels.deliveries(actor, Optional.empty(), Optional.empty(), SHOWN),
                        "said",
                        said,
                        "token",
                        forms.token(actor),
                        "people",
                        new Names(users),
                        "now",
                        clock.millis()));
    }

    /** Tests, retries or removes a channel, adds one, begins or ends a silence. */
    private void change(ServerRequest request, ServerResponse response) {
        Actor actor = Http.actor(request);
        Map<String, String> fields = forms.read(request, actor);
        String name = fields.getOrDefault("name", "").strip();
        switch (fields.getOrDefault("do", "")) {
            case "test" -> {
                Channels.Trial trial = channels.test(actor, name);
                show(
                        request,
                        response,
                        name + (trial.success() ? " took the test: " : " was not reached: ") + trial.said());
                return;
            }
            case "retry" -> channels.retry(actor, name);
            case "remove" -> channels.remove(actor, name);
            case "add" -> {
                add(actor, name, fields);
                show(request, response, "Channel " + name + " is there: test it.");
                return;
            }
            case "silence" ->
                silences.start(
                        actor,
                        new Silences.Scope(text(fields, "project"), text(fields, "deployment"), text(fields, "clause")),
                        duration(fields.getOrDefault("for", "")),
                        fields.getOrDefault("reason", ""));
            case "unsilence" -> silences.end(actor, fields.getOrDefault("id", ""));
            default -> throw new Problem.Invalid("do: expected test, retry, remove, add, silence or unsilence");
        }
        Ui.redirect(response, "/channels");
    }

    private void add(Actor actor, String name, Map<String, String> fields) {
        Channel.Kind kind = Channel.Kind.of(fields.getOrDefault("kind", ""));
        Optional<String> secret = text(fields, "secret");
        boolean bearer = kind == Channel.Kind.ALERTMANAGER;
        var target = new TargetFields(
                text(fields, "url"),
                bearer ? Optional.empty() : secret,
                bearer ? secret : Optional.empty(),
                text(fields, "smtp"),
                text(fields, "smtp").flatMap(any -> text(fields, "tls")),
                text(fields, "user"),
                text(fields, "password"),
                text(fields, "from"),
                text(fields, "to").stream()
                        .flatMap(to -> Stream.of(to.split("[,;\\s]+")))
                        .toList());
        channels.add(
                actor,
                new Channels.Request(
                        name,
                        text(fields, "project"),
                        target.target(kind),
                        Route.ALL,
                        text(fields, "after").map(ChannelPages::duration).orElse(Duration.ZERO),
                        Optional.empty()));
    }

    /** What a channel is told of, in words. */
    private static String rule(Channel channel) {
        Route route = channel.route();
        var rule = new StringBuilder(
                channel.escalatesAfter().isZero()
                        ? "at once"
                        : "when nobody acknowledged it for " + span(channel.escalatesAfter()));
        route.severity().filter(least -> least == Severity.CRITICAL).ifPresent(any -> rule.append(", critical only"));
        named(rule, "projects", route.projects());
        named(rule, "deployments", route.deployments());
        named(rule, "about", route.clauses());
        named(rule, "for", route.owners());
        channel.quiet().ifPresent(hours -> rule.append(", not ").append(hours));
        return rule.toString();
    }

    /** In the largest unit that makes it a whole number. */
    private static String span(Duration time) {
        long minutes = time.toMinutes();
        return minutes % (24 * 60) == 0
                ? time.toDays() + " d"
                : minutes % 60 == 0 ? time.toHours() + " h" : minutes + " min";
    }

    private static void named(StringBuilder rule, String what, List<String> names) {
        if (!names.isEmpty()) {
            rule.append(", ").append(what).append(' ').append(String.join(", ", names));
        }
    }

    private static Optional<String> text(Map<String, String> fields, String name) {
        return Optional.ofNullable(fields.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }

    private static Duration duration(String text) {
        try {
            return Durations.parse(text.strip());
        } catch (IllegalArgumentException e) {
            throw new Problem.Invalid("'" + text + "' is no length of time (expected: such as 30m, 2h or 1d)");
        }
    }
}
