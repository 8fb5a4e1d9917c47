package org.millwright.app;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.millwright.approval.ReleaseStep;
import org.millwright.engines.process.YieldingProcesses;
import org.millwright.engines.python.Scripts;
import org.millwright.gate.GateStep;
import org.millwright.pipeline.StepRunner;
import org.millwright.pipeline.Trees;
import org.millwright.pipeline.steps.BatchScoreStep;
import org.millwright.pipeline.steps.BundleMaker;
import org.millwright.pipeline.steps.EvaluateStep;
import org.millwright.pipeline.steps.HandOffStep;
import org.millwright.pipeline.steps.IngestStep;
import org.millwright.pipeline.steps.Originals;
import org.millwright.pipeline.steps.Python;
import org.millwright.pipeline.steps.PythonStep;
import org.millwright.pipeline.steps.RegisterStep;
import org.millwright.pipeline.steps.SnapshotStep;
import org.millwright.pipeline.steps.SqlStep;
import org.millwright.pipeline.steps.UpstreamContracts;
import org.millwright.reproduction.ReproductionBench;
import org.millwright.reproduction.ReproductionSettings;
import org.millwright.reproduction.Reproductions;
import org.millwright.serving.InProduction;

/** What steps are made of: those of pipelines, and the same ones where a version is made again. */
final class Steps {
    private final Rooms rooms;
    private final Supplier<String> address;

    /** @param address the URL under which steps reach this server */
    Steps(Rooms rooms, Supplier<String> address) {
        this.rooms = rooms;
        this.address = address;
    }

    /** What steps of pipelines may be. */
    List<StepRunner> kinds() {
        List<StepRunner> kinds = new ArrayList<>();
        var python = new Python(rooms.environments, rooms.sources, rooms.processes);
        kinds.add(new PythonStep(
                python,
                new Trees(rooms.artifacts),
                new PythonStep.Tracking(rooms.experiments, rooms.runs, rooms.loggedModels, rooms.artifactTree),
                rooms.users,
                rooms.clock,
                address));
        var trees = new Trees(rooms.artifacts);
        var scripts = new Scripts();
        var champions = new InProduction(rooms.deployments, rooms.bundles);
        var originals = new Originals(rooms.workers, rooms.environments, trees);
        var contracts = new UpstreamContracts(rooms.datasets, rooms.sources, () -> rooms.pipelineRuns);
        var maker = new BundleMaker(
                trees, rooms.tables, rooms.runs, rooms.environments, rooms.certificates, originals, contracts);
        kinds.add(new IngestStep(rooms.datasets, rooms.sources, trees));
        kinds.add(new SnapshotStep(rooms.datasets));
        kinds.add(new SqlStep(rooms.tables, rooms.sources, trees));
        kinds.add(new EvaluateStep(python, scripts, rooms.tables, champions, trees));
        kinds.add(new HandOffStep(python, scripts, rooms.tables, trees, originals));
        kinds.add(new GateStep(rooms.gates, rooms.artifacts));
        kinds.add(new RegisterStep(rooms.models, rooms.versions, maker, python, rooms.clock));
        kinds.add(new ReleaseStep(rooms.releases));
        kinds.add(new BatchScoreStep(champions, rooms.tables, trees, () -> rooms.batchJobs, rooms.clock));
        return kinds;
    }

    /** Makes versions again by the same steps, apart from everything else. */
    Reproductions reproductions() {
        var trees = new Trees(rooms.artifacts);
        var python = new Python(rooms.environments, rooms.sources, rooms.processes);
        var originals = new Originals(rooms.workers, rooms.environments, trees);
        var scripts = new Scripts();
        var tracking = new PythonStep.Tracking(rooms.experiments, rooms.runs, rooms.loggedModels, rooms.artifactTree);
        var workbench = new Reproducing(
                new SqlStep(rooms.tables, rooms.sources, trees),
                python,
                new Python(rooms.environments, rooms.sources, new YieldingProcesses(rooms.processes)),
                there -> new PythonStep(
                        there,
                        trees,
                        tracking,
                        rooms.users,
                        rooms.clock,
                        address,
                        project -> project + Reproducing.EXPERIMENT),
                there -> new HandOffStep(there, scripts, rooms.tables, trees, originals),
                originals,
                tracking,
                rooms.clock);
        var bench = new ReproductionBench(
                rooms.pipelineRuns,
                rooms.sources,
                rooms.projects,
                trees,
                rooms.environments,
                workbench,
                Reproducing.KINDS,
                () -> rooms.certificates.keys().trusted(),
                () -> Reproducing.served(rooms.deployments, rooms.versions),
                rooms.data.resolve("reproductions"));
        var settings = ReproductionSettings.of(System.getenv());
        return new Reproductions(
                rooms.database,
                rooms.ledger,
                rooms.users.access(),
                rooms.models,
                rooms.versions,
                bench,
                settings,
                rooms.clock,
                rooms.ids);
    }
}
