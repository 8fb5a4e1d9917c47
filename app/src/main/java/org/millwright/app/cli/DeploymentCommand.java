package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw deployment}: scoring endpoints and what is under way at them. */
@Command(
        name = "deployment",
        description = "Scoring endpoints: list, show, canary, roll-out, promote, stop, resume.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class DeploymentCommand {
    static final String[] FIELDS = {
        "name",
        "model",
        "production",
        "previous",
        "staged=staged.version",
        "canary=canary.version",
        "percent=canary.percent",
        "shadow=shadow.version",
        "stopped=stopped.reason",
        "valid-until=at:validUntil",
        "fault",
        "changed=at:changedAt"
    };

    @Command(name = "list", description = "All deployments.", mixinStandardHelpOptions = true)
    int list(@Mixin Shared shared) {
        return shared.list(shared.client().get("/api/1/deployments").path("items"), FIELDS);
    }

    @Command(
            name = "show",
            description = "One deployment: its versions and their traffic.",
            mixinStandardHelpOptions = true)
    int show(@Mixin Shared shared, @Parameters(paramLabel = "NAME") String name) {
        JsonNode deployment = shared.client().get(path(name, ""));
        int exit = shared.show(deployment, FIELDS);
        if (shared.isTable()) {
            shared.print("");
            var rows = Json.array();
            for (JsonNode version : deployment.path("versions")) {
                ObjectNode row = version.deepCopy();
                row.set(
                        "traffic",
                        deployment.path("traffic").path(version.path("version").asText()));
                rows.add(row);
            }
            shared.list(
                    rows,
                    "version",
                    "stage",
                    "answered=traffic.answered",
                    "failed=traffic.failed",
                    "p50 ms=traffic.p50Ms",
                    "p99 ms=traffic.p99Ms",
                    "changed=at:changedAt",
                    "reason");
            if (deployment.has("trial")) {
                shared.print("");
                shared.list(deployment.at("/trial/findings"), "check", "state", "since the step began=text");
            }
        }
        return exit;
    }

    @Command(
            name = "canary",
            description = "Let the staged version answer a share of the requests.",
            mixinStandardHelpOptions = true)
    int canary(
            @Mixin Shared shared,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--percent", defaultValue = "25") int percent,
            @Option(names = "--min-requests", defaultValue = "200") int requests) {
        var body = Json.object().put("percent", percent).put("minRequests", requests);
        return shared.show(shared.client().post(path(name, "/canary"), body), FIELDS);
    }

    @Command(
            name = "roll-out",
            description = "Try the staged version as a plan says: in the shadow, in steps, as blue-green or A/B test.",
            mixinStandardHelpOptions = true)
    int rollOut(
            @Mixin Shared shared,
            @Parameters(paramLabel = "NAME") String name,
            @ArgGroup(multiplicity = "1") Planned planned,
            @Option(names = "--at", paramLabel = "TIME", description = "Begin then, such as 2026-12-01T08:00Z.")
                    Optional<String> at) {
        ObjectNode body = Json.object().put("plan", planned.text());
        at.ifPresent(time -> body.put("at", time));
        return shared.show(shared.client().post(path(name, "/rollout"), body), FIELDS);
    }

    /** A plan: a file, or a strategy in its usual form. */
    static final class Planned {
        @Option(
                names = "--plan",
                paramLabel = "FILE",
                description = "YAML as under release.rollout in millwright.yaml.")
        private Optional<Path> plan = Optional.empty();

        @Option(names = "--strategy", description = "canary, blue-green, shadow or ab.")
        private String strategy = "";

        String text() {
            return plan.map(file -> {
                        try {
                            return Files.readString(file);
                        } catch (IOException e) {
                            throw new Problem.NotFound(
                                    "Cannot read " + file + ": " + e.getMessage(), "Name another file.");
                        }
                    })
                    .orElseGet(() -> Json.write(Json.object().put("strategy", strategy)));
        }
    }

    @Command(
            name = "promote",
            description = "Put what is on trial one step forward; after the last it takes over.",
            mixinStandardHelpOptions = true)
    int promote(@Mixin Shared shared, @Parameters(paramLabel = "NAME") String name) {
        return shared.show(shared.client().post(path(name, "/promote"), Json.object()), FIELDS);
    }

    @Command(
            name = "stop",
            description = "Take the version in production out of use, as release.on-stop in millwright.yaml says.",
            mixinStandardHelpOptions = true)
    int stop(
            @Mixin Shared shared,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--reason", required = true) String reason) {
        return shared.show(
                shared.client().post(path(name, "/stop"), Json.object().put("reason", reason)), FIELDS);
    }

    @Command(name = "resume", description = "Let the stopped version answer again.", mixinStandardHelpOptions = true)
    int resume(
            @Mixin Shared shared,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--reason", required = true) String reason) {
        return shared.show(
                shared.client().post(path(name, "/resume"), Json.object().put("reason", reason)), FIELDS);
    }

    static String path(String name, String rest) {
        String bare = name.startsWith("deployment:") ? name.substring("deployment:".length()) : name;
        return "/api/1/deployments/" + Client.part(bare) + rest;
    }
}
