package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import org.millwright.kernel.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw alert}: clauses that production broke. */
@Command(
        name = "alert",
        description = "Alerts: list, ack, resolve.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class AlertCommand {
    private static final String[] FIELDS = {
        "id", "deployment", "version", "clause", "window", "state", "investigate", "raised=raisedAt", "message"
    };

    @Command(name = "list", description = "Alerts, the newest first.", mixinStandardHelpOptions = true)
    int list(@Mixin Shared shared, @Option(names = "--open", description = "Unresolved ones only.") boolean open) {
        JsonNode alerts = shared.client().get("/api/1/alerts" + (open ? "?state=open" : ""));
        return shared.list(alerts.path("alerts"), FIELDS);
    }

    @Command(name = "ack", description = "Say that you look after it.", mixinStandardHelpOptions = true)
    int acknowledge(
            @Mixin Shared shared,
            @Parameters(paramLabel = "ALERT") String id,
            @Option(names = "--note", defaultValue = "") String note) {
        return shared.show(
                shared.client().post(path(id, "acknowledge"), Json.object().put("note", note)), FIELDS);
    }

    @Command(name = "resolve", description = "Say why it is over.", mixinStandardHelpOptions = true)
    int resolve(
            @Mixin Shared shared,
            @Parameters(paramLabel = "ALERT") String id,
            @Option(names = "--reason", required = true) String reason) {
        return shared.show(
                shared.client().post(path(id, "resolve"), Json.object().put("reason", reason)), FIELDS);
    }

    private static String path(String id, String verb) {
        String bare = id.startsWith("alert:") ? id.substring("alert:".length()) : id;
        return "/api/1/alerts/" + Client.part(bare) + "/" + verb;
    }
}
