package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw release}: asks for a model version to be brought into production. */
@Command(
        name = "release",
        description = "Ask to bring a model version into production; or list what was asked for.",
        mixinStandardHelpOptions = true,
        customSynopsis = {
            "mw release MODEL/VERSION [--deployment NAME] [OPTIONS]",
            "mw release list|show|resubmit|break-glass …"
        })
final class ReleaseCommand implements Callable<Integer> {
    private static final String[] FIELDS = {
        "ref", "model", "version", "deployment", "state", "note", "by=requestedBy", "requested=at:requestedAt"
    };

    @Mixin
    private Shared shared = new Shared();

    @Parameters(paramLabel = "MODEL/VERSION", arity = "0..1")
    private Optional<String> version = Optional.empty();

    @Option(names = "--deployment", description = "Where to; named like the model by default.")
    private Optional<String> deployment = Optional.empty();

    @Override
    public Integer call() {
        ModelCommand.Ref ref = ModelCommand.Ref.ofVersion(version.orElseThrow(
                () -> new Problem.Invalid("Which version? (expected: MODEL/VERSION)", "mw model list")));
        var body = Json.object().put("model", ref.name()).put("version", number(ref.version()));
        deployment.ifPresent(name -> body.put("deployment", name));
        return shared.show(shared.client().post("/api/1/releases", body), FIELDS);
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new Problem.Invalid("'" + text + "' is no version (expected: a number)", "mw model list");
        }
    }

    @Command(name = "list", description = "Releases, the newest first.", mixinStandardHelpOptions = true)
    int list(@Mixin Shared options) {
        return options.list(options.client().get("/api/1/releases").path("releases"), FIELDS);
    }

    @Command(
            name = "show",
            description = "A release, who approved it, and why it would not pass today.",
            mixinStandardHelpOptions = true)
    int show(@Mixin Shared options, @Parameters(paramLabel = "RELEASE") String id) {
        JsonNode release = options.client().get(path(id, ""));
        options.show(release, FIELDS);
        if (options.isTable()) {
            release.path("wouldNotPass").forEach(why -> options.print("WOULD NOT PASS TODAY  " + why.asText()));
            if (!release.path("approvals").isEmpty()) {
                options.print("");
                options.list(
                        release.path("approvals"),
                        "state",
                        "asked by=requestedBy",
                        "decided by=decidedBy",
                        "needed",
                        "due=at:dueAt",
                        "reason");
            }
            if (release.has("breakGlass")) {
                options.print("");
                options.show(release.path("breakGlass"), "state", "by", "until=at:until", "reason");
            }
        }
        return Exit.OK;
    }

    @Command(
            name = "resubmit",
            description = "Ask again for a release that lapsed or was sent back.",
            mixinStandardHelpOptions = true)
    int resubmit(
            @Mixin Shared options,
            @Parameters(paramLabel = "RELEASE") String id,
            @Option(names = "--answer", defaultValue = "", description = "To what it was sent back with.")
                    String answer) {
        return Decisions.resubmit(options, "release:" + bare(id), answer);
    }

    @Command(
            name = "break-glass",
            description = "Let a release through in an emergency; a regular approval is to follow within 24 hours.",
            mixinStandardHelpOptions = true)
    int breakGlass(
            @Mixin Shared options,
            @Parameters(paramLabel = "RELEASE") String id,
            @Option(names = "--reason", required = true, description = "Why it cannot wait.") String reason) {
        JsonNode through =
                options.client().post(path(id, "/break-glass"), Json.object().put("reason", reason));
        options.say("All approvers are told; without a regular approval within 24 hours it becomes a finding.");
        return options.show(through, "ref", "state", "note");
    }

    private static String bare(String id) {
        return id.startsWith("release:") ? id.substring("release:".length()) : id;
    }

    private static String path(String id, String verb) {
        return "/api/1/releases/" + Client.part(bare(id)) + verb;
    }
}
