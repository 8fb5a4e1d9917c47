package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.millwright.kernel.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw project}: ask for projects, look at them, pause and retire them. */
@Command(name = "project", description = "Request, show, pause and retire projects.", mixinStandardHelpOptions = true)
final class ProjectCommand {
    @Command(
            name = "request",
            description = "Ask for the project in a folder, or for a change of its millwright.yaml.",
            mixinStandardHelpOptions = true)
    int request(
            @Mixin Remote remote,
            @Option(names = "-C", paramLabel = "DIR", defaultValue = ".", description = "The project's folder.")
                    Path dir) {
        String text = new ProjectFolder(dir).projectFile();
        JsonNode project = remote.client().post("projects", Json.object().put("file", text));
        remote.output().one(project, "name");
        if (project.path("waiting").asBoolean()) {
            remote.err()
                    .println("Waits for an approver: mw approve project:"
                            + project.path("name").asText());
        }
        return Exit.OK;
    }

    @Command(name = "list", description = "Show all projects.", mixinStandardHelpOptions = true)
    int list(@Mixin Remote remote) {
        remote.output()
                .list(
                        remote.client().get("projects").path("projects"),
                        "name",
                        "state",
                        "waiting",
                        "riskTier",
                        "owner",
                        "changedAt");
        return Exit.OK;
    }

    @Command(
            name = "show",
            description = "Show a project with its people and decisions.",
            mixinStandardHelpOptions = true)
    int show(@Mixin Remote remote, @Parameters(paramLabel = "NAME") String name) {
        JsonNode project = remote.client().get("projects/" + Client.enc(name));
        Output output = remote.output();
        output.one(project, "name");
        if (output.isTable()) {
            output.line("");
            output.list(
                    project.path("versions"),
                    "state",
                    "requestedBy",
                    "requestedAt",
                    "decidedBy",
                    "decidedAt",
                    "reason");
            output.line("");
            output.list(project.path("members"), "name", "role");
        }
        return Exit.OK;
    }

    @Command(name = "approve", description = "Approve what a project waits for.", mixinStandardHelpOptions = true)
    int approve(
            @Mixin Remote remote,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "") String reason) {
        return ApproveCommand.decide(remote, "project:" + name, true, reason);
    }

    @Command(name = "pause", description = "Let nothing new run in a project.", mixinStandardHelpOptions = true)
    int pause(
            @Mixin Remote remote,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--reason", paramLabel = "TEXT", required = true) String reason) {
        return move(remote, name, "pause", reason);
    }

    @Command(name = "resume", description = "Let a paused project go on.", mixinStandardHelpOptions = true)
    int resume(
            @Mixin Remote remote,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--reason", paramLabel = "TEXT", required = true) String reason) {
        return move(remote, name, "resume", reason);
    }

    @Command(name = "retire", description = "End a project; its records stay.", mixinStandardHelpOptions = true)
    int retire(
            @Mixin Remote remote,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--reason", paramLabel = "TEXT", required = true) String reason) {
        return move(remote, name, "retire", reason);
    }

    private static int move(Remote remote, String name, String action, String reason) {
        var body = Json.object().put("action", action).put("reason", reason);
        remote.output().one(remote.client().post("projects/" + Client.enc(name) + "/state", body), "name");
        return Exit.OK;
    }
}
