package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.millwright.kernel.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code mw monitor}: how a deployment does against what was agreed. */
@Command(
        name = "monitor",
        description =
                "How a deployment does against its agreement, window by window, and what is known without outcomes: show, signals, causes.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class MonitorCommand {
    @Command(name = "show", description = "Windows and their verdicts.", mixinStandardHelpOptions = true)
    int show(@Mixin Shared shared, @Parameters(paramLabel = "DEPLOYMENT") String name) {
        JsonNode monitor = shared.client().get(DeploymentCommand.path(name, "/monitor"));
        if (!shared.isTable()) {
            ((ObjectNode) monitor).set("signals", shared.client().get(DeploymentCommand.path(name, "/signals")));
            return shared.show(monitor, "deployment");
        }
        return shared.list(
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
    }

    @Command(
            name = "signals",
            description =
                    "What is known without outcomes: estimated performance, what is wrong with the rows, age, feeds, notes.",
            mixinStandardHelpOptions = true)
    int signals(@Mixin Shared shared, @Parameters(paramLabel = "DEPLOYMENT") String name) {
        JsonNode signals = shared.client().get(DeploymentCommand.path(name, "/signals"));
        return shared.isTable()
                ? shared.list(MonitorSignals.rows(signals), "window", "signal", "subject", "verdict", "value", "note")
                : shared.show(signals, "deployment");
    }

    @Command(
            name = "causes",
            description =
                    "What may be behind what the newest window shows: columns, kinds of rows, changes at that time.",
            mixinStandardHelpOptions = true)
    int causes(@Mixin Shared shared, @Parameters(paramLabel = "DEPLOYMENT") String name) {
        JsonNode causes =
                shared.client().get(DeploymentCommand.path(name, "/signals")).path("causes");
        return shared.isTable()
                ? shared.list(MonitorSignals.causes(causes), "cause", "what", "value", "note")
                : shared.show(causes.isMissingNode() ? Json.object() : causes, "window");
    }

    /** What closed windows said, window by window. */
    static JsonNode verdicts(JsonNode monitor) {
        var all = Json.array();
        monitor.path("windows").forEach(window -> window.path("judged").forEach(all::add));
        return all;
    }
}
