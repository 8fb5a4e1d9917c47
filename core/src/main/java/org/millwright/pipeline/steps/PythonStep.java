package org.millwright.pipeline.steps;

import static org.millwright.pipeline.StepKind.may;
import static org.millwright.pipeline.StepKind.need;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.millwright.environment.Environment;
import org.millwright.identity.Users;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.pipeline.CacheKey;
import org.millwright.pipeline.Output;
import org.millwright.pipeline.OutputType;
import org.millwright.pipeline.StepContext;
import org.millwright.pipeline.StepKind;
import org.millwright.pipeline.StepRunner;
import org.millwright.pipeline.Trees;
import org.millwright.tracking.ArtifactTree;
import org.millwright.tracking.Experiment;
import org.millwright.tracking.LoggedModel;
import org.millwright.tracking.NewRun;
import org.millwright.tracking.Run;
import org.millwright.tracking.RunStatus;

/**
 * Steps of kind {@code python}: a script of the project in the project's environment.
 *
 * <p>The script learns nothing about Millwright: its MLflow client reports to this server, into a run made for this attempt
 * and with a token that can write no other.
 */
public final class PythonStep implements StepRunner {
    private static final StepKind KIND = new StepKind(
            "python",
            1,
            List.of(
                    need("run", StepKind.Form.ARGUMENTS),
                    may("code", StepKind.Form.CODE),
                    may("inputs", StepKind.Form.INPUTS),
                    may("outputs", StepKind.Form.OUTPUTS),
                    may("parameters", StepKind.Form.PARAMETERS)),
            Map.of(),
            true,
            true);
    private static final long DESCRIPTION_LIMIT = 16L << 20;

    private final Python python;
    private final Trees trees;
    private final Tracking tracking;
    private final Users users;
    private final Clock clock;
    private final Supplier<String> server;
    private final Function<String, String> experiment;

    /** The parts of the tracking room that a step needs. */
    public record Tracking(
            org.millwright.tracking.Experiments experiments,
            org.millwright.tracking.Runs runs,
            org.millwright.tracking.LoggedModels models,
            ArtifactTree files) {}

    /** @param server the URL under which steps reach this server */
    public PythonStep(
            Python python, Trees trees, Tracking tracking, Users users, Clock clock, Supplier<String> server) {
        this(python, trees, tracking, users, clock, server, project -> project);
    }

    /** @param experiment the name of the experiment that a project's steps log to */
    public PythonStep(
            Python python,
            Trees trees,
            Tracking tracking,
            Users users,
            Clock clock,
            Supplier<String> server,
            Function<String, String> experiment) {
        this.python = python;
        this.trees = trees;
        this.tracking = tracking;
        this.users = users;
        this.clock = clock;
        this.server = server;
        this.experiment = experiment;
    }

    @Override
    public StepKind kind() {
        return KIND;
    }

    @Override
    public Map<String, String> alsoKeyedBy(StepContext context) {
        return Map.of("environment", python.environment(context).id());
    }

    @Override
    public Result run(StepContext context) {
        Environment environment = python.environment(context);
        Run run = begin(context, environment);
        String token = users.issueRunToken(
                context.actor(), run.id(), context.step().timeout().plus(Duration.ofMinutes(5)));
        context.log().mask(token);
        boolean done = false;
        try {
            List<Output> outputs = work(context, environment, run, token);
            done = true;
            return new Result(outputs, summary(outputs, run.id()));
        } finally {
            users.revokeRun(run.id());
            end(context, run.id(), done);
        }
    }

    private List<Output> work(StepContext context, Environment environment, Run run, String token) {
        var workspace = new Workspace(context, trees);
        Path code = workspace.folder("code");
        trees.extract(context.source().manifest(), code, CacheKey.code(context.step(), KIND));
        Map<String, Path> inputs = workspace.inputs();
        Map<String, Path> outputs = workspace.outputs();
        var env = new LinkedHashMap<String, String>();
        env.put("MLFLOW_TRACKING_URI", server.get());
        env.put("MLFLOW_REGISTRY_URI", server.get());
        env.put("MLFLOW_TRACKING_TOKEN", token);
        env.put("MLFLOW_RUN_ID", run.id());
        env.put("MLFLOW_EXPERIMENT_ID", run.experimentId());
        inputs.forEach((name, path) -> env.put("MW_INPUT_" + variable(name), path.toString()));
        outputs.forEach((name, path) -> env.put("MW_OUTPUT_" + variable(name), path.toString()));
        context.visible().forEach((name, value) -> env.put("MW_PARAM_" + variable(name), value));
        python.run(context, environment, code, context.arguments(inputs, outputs), env);
        var kept = new ArrayList<Output>();
        context.step()
                .outputs()
                .forEach((name, type) -> kept.add(
                        type == OutputType.MLFLOW_MODEL
                                ? model(context, name, run)
                                : workspace.keep(name, Objects.requireNonNull(outputs.get(name)))));
        return kept;
    }

    private static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private Run begin(StepContext context, Environment environment) {
        Experiment kept = tracking.experiments()
                .ensure(context.actor(), experiment.apply(context.project().name()));
        var tags = new LinkedHashMap<String, String>();
        tags.put("mlflow.source.name", context.step().run().getFirst());
        tags.put("mlflow.source.type", "PROJECT");
        if (!context.source().commit().isEmpty()) {
            tags.put("mlflow.source.git.commit", context.source().commit());
        }
        var marks = Map.of(
                Run.PROJECT_TAG,
                context.project().name(),
                Run.STEP_TAG,
                context.run().id() + "/" + context.step().id(),
                "millwright.environment",
                environment.id());
        Run run = tracking.runs()
                .create(
                        context.actor(),
                        new NewRun(
                                kept.id(),
                                context.run().pipeline() + "-" + context.step().id() + "-"
                                        + context.run().id().substring(0, 12),
                                context.actor().name(),
                                clock.millis(),
                                tags),
                        marks);
        context.trackingRun().accept(run.id());
        ArtifactTree.pathOf(run.artifactUri())
                .ifPresent(path -> tracking.files()
                        .put(
                                context.actor(),
                                path + "/millwright/environment.json",
                                new ByteArrayInputStream(Json.bytes(python.describe(context, environment))),
                                DESCRIPTION_LIMIT));
        return run;
    }

    private void end(StepContext context, String runId, boolean done) {
        RunStatus status =
                done ? RunStatus.FINISHED : context.cancellation().isCancelled() ? RunStatus.KILLED : RunStatus.FAILED;
        if (tracking.runs().get(context.actor(), runId).status() != status) {
            tracking.runs()
                    .update(context.actor(), runId, Optional.of(status), Optional.of(clock.millis()), Optional.empty());
        }
    }

    @Override
    public void lost(String trackingRun) {
        tracking.runs()
                .update(
                        org.millwright.identity.Actor.SYSTEM,
                        trackingRun,
                        Optional.of(RunStatus.KILLED),
                        Optional.of(clock.millis()),
                        Optional.empty());
    }

    /** The model that the run logged last, as a tree of its files. */
    private Output model(StepContext context, String name, Run run) {
        LoggedModel model = tracking.models().ofRun(context.actor(), run.id()).stream()
                .filter(found -> found.status() == LoggedModel.Status.LOGGED_MODEL_READY)
                .max(Comparator.comparingLong(LoggedModel::createdAt).thenComparing(LoggedModel::id))
                .orElseThrow(() -> new Problem.Invalid(
                        "Step " + context.step().id() + " logged no model, but declares the output '" + name + "'",
                        "Call mlflow.sklearn.log_model(…) in "
                                + context.step().run().getFirst() + "."));
        String root = ArtifactTree.pathOf(model.artifactUri())
                .orElseThrow(() -> new Problem.Invalid("Model " + model.id() + " is not kept by this server"));
        List<Trees.Entry> files = tracking.files().files(context.actor(), root).stream()
                .filter(file -> !file.isFolder())
                .map(file -> new Trees.Entry(file.path().substring(root.length() + 1), file.hash(), file.size()))
                .toList();
        if (files.stream().noneMatch(file -> file.path().equals("MLmodel"))) {
            throw new Problem.Invalid("Model " + model.id() + " has no file MLmodel");
        }
        return new Output(
                name,
                OutputType.MLFLOW_MODEL,
                trees.put(files),
                Json.object().put("model", model.id()).put("run", run.id()).put("name", model.name()));
    }

    private static String summary(List<Output> outputs, String runId) {
        return outputs.isEmpty()
                ? "done, MLflow run " + runId
                : String.join(", ", outputs.stream().map(Output::name).toList()) + " written, MLflow run " + runId;
    }
}
