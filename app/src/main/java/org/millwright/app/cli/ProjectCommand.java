package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.millwright.kernel.Json;
import org.millwright.project.ProjectFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw project}: ask for a project, decide on it, look at it. */
@Command(
        name = "project",
        description = "Projects: request, approve, refuse, show, list, pause, resume, retire.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class ProjectCommand {
    private static final String[] FIELDS = {
        "name", "state", "purpose", "owner", "risk=riskTier", "model", "waiting", "reason", "changed=at:changedAt"
    };

    @Command(
            name = "request",
            description = "Ask for the project of this folder, or for a change of its millwright.yaml.",
            mixinStandardHelpOptions = true)
    int request(@Mixin Shared shared) {
        String text = ProjectFolder.find(shared.around()).text(ProjectFile.FILE);
        JsonNode project = shared.client().post("/api/1/projects", Json.object().put("file", text));
        String name = project.path("name").asText();
        if (project.path("waiting").asBoolean()) {
            shared.say("An approver other than you decides: mw approve project:" + name + " --as NAME");
        } else {
            shared.say("Project " + name + " is approved as it is in this folder.");
        }
        return shared.show(project, FIELDS);
    }

    @Command(name = "approve", description = "Let a project begin.", mixinStandardHelpOptions = true)
    int approve(
            @Mixin Shared shared,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--reason", description = "Why.", defaultValue = "") String reason) {
        return Decisions.decide(shared, "project:" + name, true, reason);
    }

    @Command(name = "refuse", description = "Refuse a project.", mixinStandardHelpOptions = true)
    int refuse(
            @Mixin Shared shared,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--reason", description = "Why.", required = true) String reason) {
        return Decisions.decide(shared, "project:" + name, false, reason);
    }

    @Command(
            name = "show",
            description = "One project; that of this folder by default.",
            mixinStandardHelpOptions = true)
    int show(@Mixin Shared shared, @Parameters(paramLabel = "NAME", arity = "0..1") Optional<String> name) {
        String project =
                name.orElseGet(() -> ProjectFolder.find(shared.around()).name());
        JsonNode found = shared.client().get("/api/1/projects/" + Client.part(project));
        int exit = shared.show(found, FIELDS);
        if (shared.isTable()) {
            found.path("members")
                    .forEach(member ->
                            shared.print("MEMBER   " + member.path("name").asText() + " "
                                    + member.path("role").asText()));
        }
        return exit;
    }

    @Command(name = "list", description = "All projects.", mixinStandardHelpOptions = true)
    int list(@Mixin Shared shared) {
        return shared.list(
                shared.client().get("/api/1/projects").path("projects"),
                "name",
                "state",
                "risk=riskTier",
                "owner",
                "changed=at:changedAt",
                "purpose");
    }

    @Command(name = "pause", description = "Let nothing new run in a project.", mixinStandardHelpOptions = true)
    int pause(
            @Mixin Shared shared,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--reason", required = true) String reason) {
        return move(shared, name, "pause", reason);
    }

    @Command(name = "resume", description = "Let a paused project go on.", mixinStandardHelpOptions = true)
    int resume(
            @Mixin Shared shared,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--reason", required = true) String reason) {
        return move(shared, name, "resume", reason);
    }

    @Command(name = "retire", description = "End a project for good.", mixinStandardHelpOptions = true)
    int retire(
            @Mixin Shared shared,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--reason", required = true) String reason) {
        return move(shared, name, "retire", reason);
    }

    private static int move(Shared shared, String name, String action, String reason) {
        var body = Json.object().put("action", action).put("reason", reason);
        return shared.show(shared.client().post("/api/1/projects/" + Client.part(name) + "/state", body), FIELDS);
    }
}
