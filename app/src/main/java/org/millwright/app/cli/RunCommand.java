package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw run}: runs pipelines and tells about their runs. */
@Command(
        name = "run",
        description = "Run a pipeline of the project in a folder; list, show and explain runs.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
    @Mixin
    private Remote remote = new Remote();

    @Parameters(paramLabel = "PIPELINE", arity = "0..1")
    private @Nullable String pipeline;

    @Option(names = "-p", paramLabel = "NAME=VALUE", description = "A parameter of the pipeline.")
    private Map<String, String> parameters = new LinkedHashMap<>();

    @Option(names = "-C", paramLabel = "DIR", defaultValue = ".", description = "The project's folder.")
    private Path dir = Path.of(".");

    @Option(names = "--fresh", description = "Reuse nothing of earlier runs.")
    private boolean fresh;

    @Option(names = "--watch", description = "Show progress until the run ends; its end decides the exit code.")
    private boolean watch;

    @Override
    public Integer call() {
        if (pipeline == null) {
            throw new Problem.Invalid("Which pipeline?", "mw run PIPELINE -p NAME=VALUE …, or mw run list.");
        }
        Client client = remote.client();
        JsonNode run = start(client, new ProjectFolder(dir), pipeline, parameters, fresh);
        if (!watch) {
            remote.output().one(run, "id");
            return Exit.OK;
        }
        return watch(remote, client, run.path("id").asText());
    }

    static JsonNode start(
            Client client, ProjectFolder folder, String pipeline, Map<String, String> parameters, boolean fresh) {
        String project = folder.name();
        var snapshot = folder.snapshot();
        JsonNode source = client.put(
                "projects/" + Client.enc(project) + "/sources?commit=" + snapshot.commit() + "&dirty="
                        + snapshot.dirty(),
                snapshot.zip(),
                "application/zip");
        ObjectNode body = Json.object()
                .put("project", project)
                .put("pipeline", pipeline)
                .put("source", source.path("id").asText())
                .put("fresh", fresh);
        body.set("parameters", Json.tree(parameters));
        return client.post("runs", body);
    }

    static int watch(Remote remote, Client client, String id) {
        JsonNode run = new RunProgress(remote.err()).follow(() -> client.get("runs/" + id));
        Output output = remote.output();
        if (output.isTable()) {
            output.line("run " + id + " " + run.path("status").asText());
        } else {
            output.one(run, "id");
        }
        return switch (run.path("status").asText()) {
            case "succeeded" -> Exit.OK;
            case "refused" -> Exit.REFUSED;
            default -> Exit.FAILED;
        };
    }

    @Command(name = "list", description = "Show the newest runs.", mixinStandardHelpOptions = true)
    int list(
            @Mixin Remote own,
            @Option(names = "--project", paramLabel = "NAME") @Nullable String project,
            @Option(names = "--limit", defaultValue = "20") int limit) {
        String query = "runs?limit=" + limit + (project == null ? "" : "&project=" + Client.enc(project));
        own.output()
                .list(
                        own.client().get(query).path("runs"),
                        "id",
                        "project",
                        "pipeline",
                        "status",
                        "parameters",
                        "startedBy",
                        "createdAt",
                        "error");
        return Exit.OK;
    }

    @Command(name = "show", description = "Show a run and its steps.", mixinStandardHelpOptions = true)
    int show(@Mixin Remote own, @Parameters(paramLabel = "RUN") String id) {
        JsonNode run = own.client().get("runs/" + Client.enc(id));
        Output output = own.output();
        output.one(run, "id");
        if (output.isTable()) {
            output.line("");
            output.list(run.path("steps"), "id", "kind", "status", "attempt", "startedAt", "endedAt", "summary");
        }
        return Exit.OK;
    }

    @Command(name = "watch", description = "Show progress until a run ends.", mixinStandardHelpOptions = true)
    int watch(@Mixin Remote own, @Parameters(paramLabel = "RUN") String id) {
        return watch(own, own.client(), Client.enc(id));
    }

    @Command(name = "logs", description = "Show what a step printed.", mixinStandardHelpOptions = true)
    int logs(
            @Mixin Remote own,
            @Parameters(paramLabel = "RUN") String id,
            @Parameters(paramLabel = "STEP") String step,
            @Option(names = "--follow", description = "Go on until the run ends.") boolean follow)
            throws InterruptedException {
        Client client = own.client();
        String base = "runs/" + Client.enc(id) + "/steps/" + Client.enc(step) + "/log?offset=";
        long offset = 0;
        while (true) {
            JsonNode part = client.get(base + offset);
            part.path("lines")
                    .forEach(line -> own.output().line(line.path("text").asText()));
            boolean more = part.path("next").asLong() > offset;
            offset = part.path("next").asLong();
            if (!more) {
                if (!follow || client.get("runs/" + Client.enc(id)).has("endedAt")) {
                    return Exit.OK;
                }
                Thread.sleep(300);
            }
        }
    }

    @Command(name = "explain", description = "Say why a step ran, or why it did not.", mixinStandardHelpOptions = true)
    int explain(
            @Mixin Remote own,
            @Parameters(paramLabel = "RUN") String id,
            @Parameters(paramLabel = "STEP", arity = "0..1") @Nullable String step) {
        Client client = own.client();
        if (step != null) {
            return Explanation.print(own.output(), client, id, step);
        }
        for (JsonNode each : client.get("runs/" + Client.enc(id)).path("steps")) {
            if (!each.path("status").asText().equals("waiting")) {
                Explanation.print(own.output(), client, id, each.path("id").asText());
            }
        }
        return Exit.OK;
    }

    @Command(name = "cancel", description = "Stop a run.", mixinStandardHelpOptions = true)
    int cancel(
            @Mixin Remote own,
            @Parameters(paramLabel = "RUN") String id,
            @Option(names = "--reason", paramLabel = "TEXT", defaultValue = "") String reason) {
        own.output()
                .one(
                        own.client()
                                .post(
                                        "runs/" + Client.enc(id) + "/cancel",
                                        Json.object().put("reason", reason)),
                        "id");
        return Exit.OK;
    }
}
