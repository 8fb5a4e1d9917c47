package org.millwright.app;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.millwright.environment.Environment;
import org.millwright.identity.Actor;
import org.millwright.kernel.Problem;
import org.millwright.pipeline.StepContext;
import org.millwright.pipeline.StepRunner;
import org.millwright.pipeline.steps.HandOffStep;
import org.millwright.pipeline.steps.Originals;
import org.millwright.pipeline.steps.Python;
import org.millwright.pipeline.steps.PythonStep;
import org.millwright.pipeline.steps.SqlStep;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.Versions;
import org.millwright.reproduction.ReproductionBench;
import org.millwright.reproduction.Workbench;
import org.millwright.scoring.Model;
import org.millwright.scoring.Signature;
import org.millwright.serving.Deployment;
import org.millwright.serving.Deployments;
import org.millwright.tracking.LoggedModel;
import org.millwright.tracking.Run;
import org.millwright.tracking.RunStatus;

/** The steps that make a model again, logging to an experiment beside the project's own. */
final class Reproducing implements Workbench {
    /** Steps that make something; what chooses, judges or registers is taken as recorded. */
    static final Set<String> KINDS = Set.of("sql", "python", "handoff");

    /** The experiment of a project's reproductions. */
    static final String EXPERIMENT = " reproductions";

    private final SqlStep sql;
    private final Python python;
    private final Python yielding;
    private final MakePython makePython;
    private final MakeHandOff makeHandOff;
    private final Originals originals;
    private final PythonStep.Tracking tracking;
    private final Clock clock;

    /** A runner of Python steps in an environment. */
    interface MakePython {
        PythonStep in(Python python);
    }

    /** A runner of hand-offs in an environment. */
    interface MakeHandOff {
        HandOffStep in(Python python);
    }

    /** @param yielding the same as the other, whose processes take only what others leave of the machine */
    Reproducing(
            SqlStep sql,
            Python python,
            Python yielding,
            MakePython makePython,
            MakeHandOff makeHandOff,
            Originals originals,
            PythonStep.Tracking tracking,
            Clock clock) {
        this.sql = sql;
        this.python = python;
        this.yielding = yielding;
        this.makePython = makePython;
        this.makeHandOff = makeHandOff;
        this.originals = originals;
        this.tracking = tracking;
        this.clock = clock;
    }

    @Override
    public Map<String, StepRunner> runners(Environment environment, boolean yielding) {
        Python there = (yielding ? this.yielding : python).in(environment);
        return Map.of("sql", sql, "python", makePython.in(there), "handoff", makeHandOff.in(there));
    }

    @Override
    public Model original(StepContext context, Environment environment, String tree, Signature signature) {
        return originals.load(context, environment, tree, signature);
    }

    @Override
    public void forget(String trackingRun) {
        Optional<Run> found = tracking.runs().find(Actor.SYSTEM, trackingRun);
        if (found.isEmpty() || found.get().deleted()) {
            return;
        }
        if (!found.get().status().isTerminal()) {
            tracking.runs()
                    .update(
                            Actor.SYSTEM,
                            trackingRun,
                            Optional.of(RunStatus.KILLED),
                            Optional.of(clock.millis()),
                            Optional.empty());
        }
        tracking.models().ofRun(Actor.SYSTEM, trackingRun).stream()
                .map(LoggedModel::id)
                .forEach(id -> tracking.models().delete(Actor.SYSTEM, id));
        tracking.runs().delete(Actor.SYSTEM, trackingRun);
    }

    /** What is in production now. */
    static List<ReproductionBench.Served> served(Deployments deployments, Versions versions) {
        return deployments.list().stream()
                .flatMap(deployment -> served(deployment, versions))
                .distinct()
                .toList();
    }

    private static Stream<ReproductionBench.Served> served(Deployment deployment, Versions versions) {
        try {
            return deployment.production().stream()
                    .map(number -> versions.get(Actor.SYSTEM, deployment.model(), number))
                    .map(version -> served(deployment, version));
        } catch (Problem.NotFound e) {
            return Stream.empty();
        }
    }

    private static ReproductionBench.Served served(Deployment deployment, ModelVersion version) {
        return new ReproductionBench.Served(version.subject(), deployment.project(), version.createdAt());
    }
}
