package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.millwright.kernel.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw deployment}: scoring endpoints and what is under way at them. */
@Command(
        name = "deployment",
        description = "Scoring endpoints: list, show, canary, promote.",
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

    @Command(name = "promote", description = "Let the canary take over.", mixinStandardHelpOptions = true)
    int promote(@Mixin Shared shared, @Parameters(paramLabel = "NAME") String name) {
        return shared.show(shared.client().post(path(name, "/promote"), Json.object()), FIELDS);
    }

    static String path(String name, String rest) {
        String bare = name.startsWith("deployment:") ? name.substring("deployment:".length()) : name;
        return "/api/1/deployments/" + Client.part(bare) + rest;
    }
}
