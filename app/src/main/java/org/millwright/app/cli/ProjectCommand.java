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
        description = {
            "Projects: questions, request, ask, answer, approve, send-back, refuse, show, list, member, review, pause,",
            "resume, retire."
        },
        subcommands = ProjectMemberCommand.class,
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class ProjectCommand {
    static final String PROJECTS = "/api/1/projects/";

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
            shared.say(RequestText.decides(shared.client().get(PROJECTS + Client.part(name)), name));
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
        JsonNode found = shared.client().get(PROJECTS + Client.part(project));
        int exit = shared.show(found, FIELDS);
        if (shared.isTable()) {
            RequestText.lines(found).forEach(shared::print);
        }
        return exit;
    }

    @Command(
            name = "questions",
            description = "What a request answers under 'intake', and the risk tier that each answer means.",
            mixinStandardHelpOptions = true)
    int questions(@Mixin Shared shared) {
        JsonNode intake = shared.client().get("/api/1/intake");
        if (!shared.isTable()) {
            return shared.show(intake, "version");
        }
        RequestText.questions(intake).forEach(shared::print);
        return Exit.OK;
    }

    @Command(name = "ask", description = "Ask about a request, in place.", mixinStandardHelpOptions = true)
    int ask(
            @Mixin Shared shared,
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "QUESTION") String text) {
        return note(shared, name, "questions", Json.object().put("text", text));
    }

    @Command(
            name = "answer",
            description = "Answer the oldest question without an answer, or the one named.",
            mixinStandardHelpOptions = true)
    int answer(
            @Mixin Shared shared,
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "ANSWER") String text,
            @Option(names = "--question", paramLabel = "ID", description = "Which question.")
                    Optional<String> question) {
        var body = Json.object().put("text", text);
        question.ifPresent(id -> body.put("question", id));
        return note(shared, name, "answers", body);
    }

    @Command(
            name = "send-back",
            description = "Give a request back to who asked, who changes or explains it and asks again.",
            mixinStandardHelpOptions = true)
    int sendBack(
            @Mixin Shared shared,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--comment", description = "What is to change.", required = true) String comment) {
        var body = Json.object().put("comment", comment);
        return shared.show(shared.client().post(PROJECTS + Client.part(name) + "/send-back", body), FIELDS);
    }

    @Command(
            name = "review",
            description = "Say that you looked whether a project is still what was approved.",
            mixinStandardHelpOptions = true)
    int review(
            @Mixin Shared shared,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--note", description = "What you found.", required = true) String note) {
        var body = Json.object().put("note", note);
        return shared.show(
                shared.client().post(PROJECTS + Client.part(name) + "/reviews", body),
                "reviewed=at:at",
                "by",
                "next=at:due",
                "overdue");
    }

    private static int note(Shared shared, String name, String kind, JsonNode body) {
        return shared.show(
                shared.client().post(PROJECTS + Client.part(name) + "/" + kind, body), "id", "kind", "by", "text");
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
        return shared.show(shared.client().post(PROJECTS + Client.part(name) + "/state", body), FIELDS);
    }
}
