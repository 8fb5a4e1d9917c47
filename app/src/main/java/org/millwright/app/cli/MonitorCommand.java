package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import org.millwright.kernel.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code mw monitor}: how a deployment does against what was agreed. */
@Command(
        name = "monitor",
        description = "How a deployment does against its agreement, window by window: show.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class MonitorCommand {
    @Command(
            name = "show",
            description = "Windows and their verdicts, and what was decided about training again.",
            mixinStandardHelpOptions = true)
    int show(@Mixin Shared shared, @Parameters(paramLabel = "DEPLOYMENT") String name) {
        JsonNode monitor = shared.client().get(DeploymentCommand.path(name, "/monitor"));
        if (!shared.isTable()) {
            return shared.show(monitor, "deployment");
        }
        shared.list(
                verdicts(monitor),
                "window",
                "version",
                "clause",
                "verdict",
                "method",
                "value",
                "limit=threshold",
                "n",
                "note");
        if (!monitor.path("retrainings").isEmpty()) {
            shared.print("");
            shared.list(monitor.path("retrainings"), "retraining=event", "decision", "at", "run", "reason");
        }
        return Exit.OK;
    }

    /** What closed windows said, window by window. */
    static JsonNode verdicts(JsonNode monitor) {
        var all = Json.array();
        monitor.path("windows").forEach(window -> window.path("judged").forEach(all::add));
        return all;
    }
}
