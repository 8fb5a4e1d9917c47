package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
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
    @Command(name = "show", description = "Windows and their verdicts.", mixinStandardHelpOptions = true)
    int show(@Mixin Shared shared, @Parameters(paramLabel = "DEPLOYMENT") String name) {
        JsonNode monitor = shared.client().get(DeploymentCommand.path(name, "/monitor"));
        if (!shared.isTable()) {
            return shared.show(monitor, "deployment");
        }
        return shared.list(
                monitor.path("judgements"),
                "window",
                "version",
                "clause",
                "verdict",
                "method",
                "measured",
                "limit=threshold",
                "n",
                "note");
    }
}
