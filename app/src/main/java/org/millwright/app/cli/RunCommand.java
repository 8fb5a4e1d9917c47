package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Unmatched;

/** {@code mw run}: runs a pipeline of this folder's project, and looks at runs. */
@Command(
        name = "run",
        description = "Run a pipeline of this folder's project; or list, show, watch, logs, explain, cancel.",
        mixinStandardHelpOptions = true,
        customSynopsis = {
            "mw run PIPELINE [--NAME VALUE]... [-p NAME=VALUE]... [--no-wait | --watch] [OPTIONS]",
            "mw run list|show|watch|logs|explain|cancel ..."
        },
        footer = {
            "",
            "Waits until the run has ended; exits 6 when a gate or a contract said no.",
            "Example: mw run acquire --from 2013-01 --to 2013-06"
        })
final class RunCommand implements Callable<Integer> {
    private static final String[] COLUMNS = {
        "id", "pipeline", "parameters", "status", "by=startedBy", "started=at:createdAt", "error"
    };

    @Mixin
    private Shared shared = new Shared();

    @Parameters(paramLabel = "PIPELINE", arity = "0..1", description = "As pipeline.yaml names it.")
    private Optional<String> pipeline = Optional.empty();

    @Option(names = "-p", paramLabel = "NAME=VALUE", description = "A parameter of the pipeline.")
    private Map<String, String> parameters = new LinkedHashMap<>();

    @Option(names = "--fresh", description = "Reuse no earlier outputs.")
    private boolean fresh;

    @Option(names = "--no-wait", description = "Return as soon as the run has started.")
    private boolean noWait;

    @Option(names = "--watch", description = "Show the steps' log lines as well.")
    private boolean watch;

    @Unmatched
    private List<String> rest = new ArrayList<>();

    @Override
    public Integer call() {
        String wanted = pipeline.orElseThrow(
                () -> new Problem.Invalid("Which pipeline? (expected: its name)", "mw run PIPELINE, or mw run list"));
        Map<String, String> values = values();
        ProjectFolder folder = ProjectFolder.find(shared.around());
        Client client = shared.client();
        String project = folder.name();
        JsonNode source = client.put(
                "/api/1/projects/" + Client.part(project) + "/sources?commit=" + folder.commit() + "&dirty="
                        + folder.dirty(),
                "application/zip",
                folder.pack());
        var body = Json.object()
                .put("project", project)
                .put("pipeline", wanted)
                .put("source", source.path("id").asText())
                .put("fresh", fresh);
        body.set("parameters", Json.tree(values));
        JsonNode run = client.post("/api/1/runs", body);
        if (noWait) {
            return shared.show(run, COLUMNS);
        }
        return Runs.finish(shared, client, run.path("id").asText(), watch);
    }

    /** Parameters given by -p and as options of their own name. */
    private Map<String, String> values() {
        var values = new LinkedHashMap<>(parameters);
        for (int i = 0; i < rest.size(); i++) {
            String option = rest.get(i);
            int equals = option.indexOf('=');
            if (!option.startsWith("--") || equals < 0 && i + 1 == rest.size()) {
                throw new Problem.Invalid(
                        "Cannot make sense of '" + option + "' (expected: --NAME VALUE)", "mw run --help");
            }
            values.put(
                    equals < 0 ? option.substring(2) : option.substring(2, equals),
                    equals < 0 ? rest.get(++i) : option.substring(equals + 1));
        }
        return values;
    }

    @Command(name = "list", description = "Runs, the newest first.", mixinStandardHelpOptions = true)
    int list(
            @Mixin Shared options,
            @Option(names = "--project") Optional<String> project,
            @Option(names = "--pipeline") Optional<String> only,
            @Option(names = "--limit", defaultValue = "20") int limit) {
        String query = "?limit=" + limit
                + project.map(name -> "&project=" + Client.part(name)).orElse("")
                + only.map(name -> "&pipeline=" + Client.part(name)).orElse("");
        return options.list(options.client().get("/api/1/runs" + query).path("runs"), COLUMNS);
    }

    @Command(
            name = "show",
            description = "One run and its steps; the newest by default.",
            mixinStandardHelpOptions = true)
    int show(@Mixin Shared options, @Parameters(paramLabel = "RUN", arity = "0..1") Optional<String> id) {
        Client client = options.client();
        JsonNode run = client.get("/api/1/runs/" + Runs.id(client, id));
        if (options.isTable()) {
            options.show(run, COLUMNS);
            options.print("");
            return options.list(
                    run.path("steps"), "step=id", "kind", "status", "attempt", "summary", "error", "from=reusedFrom");
        }
        return options.show(run, COLUMNS);
    }

    @Command(
            name = "watch",
            description = "Show a run until it has ended; the newest by default.",
            mixinStandardHelpOptions = true)
    int watch(
            @Mixin Shared options,
            @Parameters(paramLabel = "RUN", arity = "0..1") Optional<String> id,
            @Option(names = "--logs", description = "Show the steps' log lines as well.") boolean logs) {
        Client client = options.client();
        return Runs.finish(options, client, Runs.id(client, id), logs);
    }

    @Command(name = "logs", description = "What the steps printed.", mixinStandardHelpOptions = true)
    int logs(
            @Mixin Shared options,
            @Parameters(paramLabel = "RUN", arity = "0..1") Optional<String> id,
            @Option(names = "--step", description = "Only this one.") Optional<String> step) {
        Client client = options.client();
        JsonNode run = client.get("/api/1/runs/" + Runs.id(client, id));
        for (String name : Runs.steps(run, step)) {
            RunLog.all(client, run.path("id").asText(), name, options::print);
        }
        return Exit.OK;
    }

    @Command(
            name = "explain",
            description = "Why each step ran, or why it did not have to.",
            mixinStandardHelpOptions = true)
    int explain(
            @Mixin Shared options,
            @Parameters(paramLabel = "RUN", arity = "0..1") Optional<String> id,
            @Option(names = "--step", description = "Only this one.") Optional<String> step) {
        return Explain.run(options, id, step);
    }

    @Command(name = "cancel", description = "Stop a run and its steps.", mixinStandardHelpOptions = true)
    int cancel(
            @Mixin Shared options,
            @Parameters(paramLabel = "RUN") String id,
            @Option(names = "--reason", description = "Why.", defaultValue = "") String reason) {
        Client client = options.client();
        String path = "/api/1/runs/" + Runs.id(client, Optional.of(id)) + "/cancel";
        return options.show(client.post(path, Json.object().put("reason", reason)), COLUMNS);
    }
}
