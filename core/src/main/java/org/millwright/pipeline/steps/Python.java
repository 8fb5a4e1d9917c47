package org.millwright.pipeline.steps;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.environment.Environment;
import org.millwright.environment.Environments;
import org.millwright.environment.Lock;
import org.millwright.kernel.Problem;
import org.millwright.pipeline.LogLine;
import org.millwright.pipeline.ProcessRunner;
import org.millwright.pipeline.Sources;
import org.millwright.pipeline.StepContext;
import org.millwright.project.ProjectFile;
import org.millwright.trace.Span;

/** Runs Python in a project's environment, as a process with nothing but what is pinned and given. */
public final class Python {
    private static final int TAIL = 12;

    private final Environments environments;
    private final Sources sources;
    private final ProcessRunner processes;
    private final Optional<Environment> given;

    public Python(Environments environments, Sources sources, ProcessRunner processes) {
        this(environments, sources, processes, Optional.empty());
    }

    private Python(Environments environments, Sources sources, ProcessRunner processes, Optional<Environment> given) {
        this.environments = environments;
        this.sources = sources;
        this.processes = processes;
        this.given = given;
    }

    /** The same in an environment that was built already, whatever the lock says. */
    public Python in(Environment environment) {
        return new Python(environments, sources, processes, Optional.of(environment));
    }

    /** The environment that the project's lock file describes, built when it is not there yet. */
    Environment environment(StepContext context) {
        if (given.isPresent()) {
            return given.get();
        }
        ProjectFile.EnvironmentSpec spec = context.project().environment();
        var lock = new Lock(sources.text(context.source(), spec.lock()));
        return environments.ensure(context.actor(), context.project().name(), lock, spec.python(), progress -> {
            context.log().progress(0, progress.text());
            context.log().say(progress.text());
        });
    }

    /** What the environment is, with the thread count and seed of this step. */
    JsonNode describe(StepContext context, Environment environment) {
        return Environments.describe(
                environment, context.project().environment().threads(), seed(context));
    }

    static long seed(StepContext context) {
        try {
            return Long.parseLong(context.parameters().getOrDefault("seed", "0"));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** Runs a script; whatever but exit code 0 is a {@link Problem} with the last lines that it printed. */
    void run(
            StepContext context,
            Environment environment,
            Path folder,
            List<String> arguments,
            Map<String, String> own) {
        var env = new LinkedHashMap<>(
                Environments.pinned(context.project().environment().threads()));
        env.put("PYTHONUNBUFFERED", "1");
        env.put("MW_SEED", Long.toString(seed(context)));
        env.put("MLFLOW_DISABLE_TELEMETRY", "true");
        env.put("DO_NOT_TRACK", "true");
        env.put("GIT_PYTHON_REFRESH", "quiet");
        env.put("NO_PROXY", "127.0.0.1,localhost");
        env.put("no_proxy", "127.0.0.1,localhost");
        String traceparent = Span.current().traceparent();
        if (!traceparent.isEmpty()) {
            env.put("TRACEPARENT", traceparent);
        }
        env.putAll(own);
        var argv = new ArrayList<String>();
        argv.add(environments.python(environment.id()).toString());
        argv.addAll(arguments);
        var last = new java.util.ArrayDeque<String>();
        ProcessRunner.Outcome outcome = processes.run(
                new ProcessRunner.Command(argv, env, folder, context.step().timeout()),
                line -> {
                    context.log().add(line);
                    if (line.stream() != LogLine.Stream.SYSTEM && !line.text().isBlank()) {
                        last.addLast(line.text());
                        if (last.size() > TAIL) {
                            last.removeFirst();
                        }
                    }
                },
                context.cancellation());
        if (!outcome.ok()) {
            throw new Problem.Unavailable(ended(arguments.getFirst(), outcome) + ": " + String.join(" | ", last), "");
        }
    }

    private static String ended(String script, ProcessRunner.Outcome outcome) {
        return switch (outcome.end()) {
            case EXITED -> script + " ended with exit code " + outcome.exit();
            case TIMED_OUT -> script + " did not end in time";
            case CANCELLED -> script + " was cancelled";
        };
    }
}
