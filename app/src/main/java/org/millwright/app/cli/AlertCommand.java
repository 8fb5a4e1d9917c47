package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Stream;
import org.millwright.kernel.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw alert}: clauses that production broke. */
@Command(
        name = "alert",
        description = "Alerts: list, show, ack, resolve, silence, silences, unsilence.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class AlertCommand {
    private static final String[] FIELDS = {
        "id",
        "subject",
        "version",
        "clause",
        "severity",
        "window",
        "state",
        "silenced=at:silenced.until",
        "investigate",
        "raised=at:raisedAt",
        "sent to=sentTo",
        "message"
    };
    private static final String[] SHOWN = Stream.concat(
                    Arrays.stream(FIELDS),
                    Stream.of(
                            "acknowledged=acknowledged.by",
                            "note=acknowledged.note",
                            "resolved=resolved.by",
                            "reason=resolved.note",
                            "plots"))
            .toArray(String[]::new);
    private static final String[] SILENCE = {"id", "scope", "from=at:from", "until=at:until", "active", "by", "reason"};

    @Command(name = "list", description = "Alerts, the newest first.", mixinStandardHelpOptions = true)
    int list(
            @Mixin Shared shared,
            @Option(names = "--open", description = "Unresolved ones only.") boolean open,
            @Option(names = "--deployment", description = "Of this one only.") Optional<String> deployment,
            @Option(names = "--project", description = "Of this one only.") Optional<String> project,
            @Option(names = "--clause", description = "About this one only, such as performance.")
                    Optional<String> clause) {
        var query = new StringJoiner("&", "?", "").setEmptyValue("");
        deployment.ifPresent(name -> query.add("deployment=" + Client.part(name)));
        project.ifPresent(name -> query.add("project=" + Client.part(name)));
        clause.ifPresent(key -> query.add("clause=" + Client.part(key)));
        if (open) {
            query.add("state=open");
        }
        JsonNode alerts = shared.client().get("/api/1/alerts" + query);
        if (alerts.path("alerts").isEmpty()) {
            shared.say(open ? "No alert is open." : "No alert was raised so far.");
        }
        return shared.list(alerts.path("alerts"), FIELDS);
    }

    @Command(name = "show", description = "One alert, and who was told of it.", mixinStandardHelpOptions = true)
    int show(@Mixin Shared shared, @Parameters(paramLabel = "ALERT") String id) {
        JsonNode alert = shared.client().get(path(id, ""));
        if (alert instanceof ObjectNode shown && shared.isTable()) {
            shown.put(
                    "plots",
                    shared.server().resolve(alert.path("plots").asText()).toString());
        }
        shared.show(alert, SHOWN);
        if (shared.isTable() && !alert.path("notifications").isEmpty()) {
            shared.print("");
            shared.list(alert.path("notifications"), "channel", "event", "state", "at=at:at", "error");
        }
        return Exit.OK;
    }

    @Command(name = "ack", description = "Say that you look after it.", mixinStandardHelpOptions = true)
    int acknowledge(
            @Mixin Shared shared,
            @Parameters(paramLabel = "ALERT") String id,
            @Option(names = "--note", defaultValue = "") String note) {
        return shared.show(
                shared.client().post(path(id, "/acknowledge"), Json.object().put("note", note)), SHOWN);
    }

    @Command(name = "resolve", description = "Say why it is over.", mixinStandardHelpOptions = true)
    int resolve(
            @Mixin Shared shared,
            @Parameters(paramLabel = "ALERT") String id,
            @Option(names = "--reason", required = true) String reason) {
        return shared.show(
                shared.client().post(path(id, "/resolve"), Json.object().put("reason", reason)), SHOWN);
    }

    @Command(
            name = "silence",
            description = "Do not send some alerts for a time; they are raised and shown all the same.",
            mixinStandardHelpOptions = true)
    int silence(
            @Mixin Shared shared,
            @Option(names = "--deployment") Optional<String> deployment,
            @Option(names = "--project") Optional<String> project,
            @Option(names = "--clause", description = "Such as drift.") Optional<String> clause,
            @Option(names = "--for", paramLabel = "TIME", required = true, description = "Such as 2h; at most 30d.")
                    String length,
            @Option(names = "--reason", required = true) String reason) {
        var body = Json.object().put("for", length).put("reason", reason);
        deployment.ifPresent(name -> body.put("deployment", name));
        project.ifPresent(name -> body.put("project", name));
        clause.ifPresent(name -> body.put("clause", name));
        return shared.show(shared.client().post("/api/1/silences", body), SILENCE);
    }

    @Command(name = "silences", description = "Silences, the newest first.", mixinStandardHelpOptions = true)
    int silences(
            @Mixin Shared shared, @Option(names = "--active", description = "Those that last only.") boolean active) {
        JsonNode silences = shared.client().get("/api/1/silences" + (active ? "?state=active" : ""));
        return shared.list(silences.path("silences"), SILENCE);
    }

    @Command(
            name = "unsilence",
            description = "End a silence: what is still open is sent.",
            mixinStandardHelpOptions = true)
    int unsilence(@Mixin Shared shared, @Parameters(paramLabel = "SILENCE") String id) {
        return shared.show(shared.client().post("/api/1/silences/" + Client.part(id) + "/end", Json.object()), SILENCE);
    }

    private static String path(String id, String verb) {
        String bare = id.startsWith("alert:") ? id.substring("alert:".length()) : id;
        return "/api/1/alerts/" + Client.part(bare) + verb;
    }
}
