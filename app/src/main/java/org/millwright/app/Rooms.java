package org.millwright.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.millwright.alert.Alerts;
import org.millwright.alert.BrokenConditions;
import org.millwright.alert.Expiries;
import org.millwright.anchor.Anchors;
import org.millwright.approval.Approvals;
import org.millwright.approval.ProtectedNames;
import org.millwright.approval.Releases;
import org.millwright.artifact.Artifacts;
import org.millwright.dataset.Datasets;
import org.millwright.engines.duckdb.DuckTables;
import org.millwright.engines.kubernetes.Fabric8Cluster;
import org.millwright.engines.otlp.Collector;
import org.millwright.engines.process.StepProcess;
import org.millwright.engines.python.UvEnvironments;
import org.millwright.engines.worker.PythonWorkers;
import org.millwright.environment.Environments;
import org.millwright.gate.Gates;
import org.millwright.history.History;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Users;
import org.millwright.insight.Insights;
import org.millwright.insight.Rates;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kubernetes.ClusterFile;
import org.millwright.kubernetes.Reconciler;
import org.millwright.ledger.Ledger;
import org.millwright.ledger.NoteKey;
import org.millwright.ledger.Witness;
import org.millwright.lineage.Certificates;
import org.millwright.lineage.Edges;
import org.millwright.monitor.BatchJobs;
import org.millwright.monitor.HeldTraffic;
import org.millwright.monitor.Labels;
import org.millwright.monitor.Monitor;
import org.millwright.monitor.MonitorSettings;
import org.millwright.monitor.Overviews;
import org.millwright.monitor.Replicas;
import org.millwright.monitor.Signals;
import org.millwright.monitor.Versus;
import org.millwright.pipeline.PipelineRuns;
import org.millwright.pipeline.RecentRuns;
import org.millwright.pipeline.Sources;
import org.millwright.pipeline.StepKinds;
import org.millwright.pipeline.TimedRunner;
import org.millwright.pipeline.Trees;
import org.millwright.pipeline.steps.BatchListener;
import org.millwright.project.Agreements;
import org.millwright.project.ProjectMembers;
import org.millwright.project.ProjectReviews;
import org.millwright.project.Projects;
import org.millwright.project.Questionnaire;
import org.millwright.registry.Models;
import org.millwright.registry.Narrowings;
import org.millwright.registry.Versions;
import org.millwright.registry.Webhooks;
import org.millwright.reproduction.Reproductions;
import org.millwright.retraining.Retrainings;
import org.millwright.serving.Bundles;
import org.millwright.serving.Deployments;
import org.millwright.serving.Examples;
import org.millwright.serving.Renewals;
import org.millwright.serving.RequestLog;
import org.millwright.serving.RolloutJudge;
import org.millwright.serving.Scorer;
import org.millwright.serving.Terms;
import org.millwright.serving.WorkerModels;
import org.millwright.trace.Tracing;
import org.millwright.tracking.ArtifactTree;
import org.millwright.tracking.Experiments;
import org.millwright.tracking.Imports;
import org.millwright.tracking.LoggedModels;
import org.millwright.tracking.RunTables;
import org.millwright.tracking.Runs;
import org.millwright.verdict.ClockClauses;
import org.millwright.web.ui.InstallationDesk;
import org.millwright.window.References;

/** The rooms of the factory, built in floor order and closed in reverse. */
final class Rooms {
    /** Steps that work at the same time; more would fight for the cores. */
    private static final int STEPS_TOGETHER = 2;

    // floors 0 to 2
    final Clock clock;
    final Ids ids;
    final Path data;
    final Tracing tracing;
    final Database database;
    final Ledger ledger;
    final Artifacts artifacts;
    final Users users;
    // floors 3 and 4
    final Anchors anchors;
    final Projects projects;
    final ProjectMembers projectMembers;
    final ProjectReviews projectReviews;
    final Agreements agreements;
    final Experiments experiments;
    final Runs runs;
    final Imports imports;
    final RunTables runTables;
    final ArtifactTree artifactTree;
    final LoggedModels loggedModels;
    final Models models;
    final Versions versions;
    final Webhooks webhooks;
    // floor 4
    final TimedRunner processes;
    final Environments environments;
    // floors 3 to 6; the steps are part of floor 5
    final DuckTables tables;
    final Datasets datasets;
    final Edges edges;
    final Certificates certificates;
    final Narrowings narrowings;
    final Gates gates;
    final Approving deciding;
    final Approvals approvals;
    final Releases releases;
    final Vouching vouching;
    final PythonWorkers workers;
    final Bundles bundles;
    final Scorer scorer;
    final Deployments deployments;
    final Examples examples;
    final Renewals renewals;
    final RolloutJudge rollouts;
    final Distributing distributing;
    // floors 5 and 6
    final Sources sources;
    final PipelineRuns pipelineRuns;
    final RecentRuns recentRuns;
    final Governing governing;
    private final Optional<Reconciler> reconciler;
    final Reproductions reproductions;
    // floors 7 to 12
    final Alerts alerts;
    final Monitor monitor;
    final Replicas replicas;
    final Optional<BatchListener> batchJobs;
    final Expiries expiries;
    final BrokenConditions brokenConditions;
    final Labels labels;
    final Retrainings retrainings;
    final Overviews overviews;
    final ClockClauses clockClauses;
    final Signals signals;
    final HeldTraffic heldTraffic;
    // floors 8 to 13
    final Notifying notifying;
    final Reacting reacting;
    final Insights insights;
    final Looking looking;
    final Health health;
    final History history;

    /** The URL under which steps reach this server; set once it listens. */
    private volatile String address = "";

    /** @param closing takes what must be closed, in the order of opening */
    Rooms(Settings settings, Clock clock, Consumer<AutoCloseable> closing) {
        this.clock = clock;
        this.ids = new Ids(clock);
        tracing = Collector.tracing(settings.traces());
        closing.accept(tracing);
        DataFolder folder = DataFolder.open(settings.data());
        closing.accept(folder);
        data = folder.path();
        database = settings.database()
                .map(url -> Database.postgres(url.url(), url.user(), url.password()))
                .orElseGet(() -> Database.sqlite(data.resolve("millwright.db")));
        closing.accept(database);
        NoteKey ledgerKey = NoteKey.open(data.resolve("keys/ledger.key"), "millwright");
        ledger = new Ledger(database, clock, ids, ledgerKey, new Witness(data.resolve("ledger.checkpoint")));
        closing.accept(this::signLedger);
        ledger.keys().tellContradiction(Actor.SYSTEM);
        artifacts = new Artifacts(data.resolve("artifacts"), ids);
        users = new Users(database, ledger, clock, ids, settings.compatibility().others());
        Access access = users.access();
        anchors = new Anchors(database, ledger, access, clock, settings.anchors(), data.resolve("keys/anchors.key"));
        closing.accept(anchors);

        projects = new Projects(database, ledger, users, clock);
        projects.askBy(Questionnaire.of(data));
        projectMembers = new ProjectMembers(database, users, projects);
        projectReviews = new ProjectReviews(database, ledger, users, projects, clock);
        closing.accept(projectReviews);
        agreements = new Agreements(database, ledger, users, projects, clock, ids);
        experiments = new Experiments(database, ledger, clock, access);
        runs = new Runs(database, ledger, clock, ids, access, experiments);
        imports = new Imports(database, ledger, access, experiments);
        runTables = new RunTables(database, ledger, clock, access, experiments);
        artifactTree = new ArtifactTree(database, ledger, clock, access, artifacts);
        closing.accept(new Housekeeping(artifactTree));
        loggedModels = new LoggedModels(database, ledger, clock, ids, access, experiments, artifactTree);
        models = new Models(database, ledger, clock, access);
        versions = new Versions(models, runs, loggedModels, artifactTree);
        settings.compatibility().sources().ifPresent(versions::requireSources);
        webhooks = new Webhooks(
                database,
                ledger,
                access,
                models,
                settings.compatibility().webhooks(),
                data.resolve("keys/webhooks.key"),
                clock);
        closing.accept(webhooks);

        var behind = new StepProcess(data.resolve("work"), clock);
        behind.stopLeftovers();
        processes = new TimedRunner(behind);
        var uv = new UvEnvironments(
                settings.shared().resolve("tools"),
                settings.shared().resolve("packages"),
                data.resolve("environments"),
                processes,
                behind);
        closing.accept(uv);
        environments = new Environments(database, ledger, access, artifacts, uv, clock);

        tables = new DuckTables(data.resolve("tables"));
        closing.accept(tables);
        datasets = new Datasets(database, ledger, access, artifacts, tables, data.resolve("incoming"), clock, ids);
        edges = new Edges(database, clock);
        certificates = new Certificates(
                database, ledger, artifacts, data.resolve("keys/bundles.pem"), SigningStore.of(System.getenv()), clock);
        narrowings = new Narrowings(models, artifacts, certificates, data.resolve("bundles"), ids);

        gates = new Gates(database, ledger, artifacts, clock, ids);
        deciding = new Approving(
                database,
                ledger,
                new Releases.Rooms(users, projects, agreements, models, versions, certificates),
                clock,
                ids);
        closing.accept(deciding);
        approvals = deciding.approvals;
        releases = deciding.releases;
        var protectedNames = new ProtectedNames(projects, models, versions, approvals, certificates, () -> address);
        workers = new PythonWorkers(
                data.resolve("workers"),
                new StepProcess(data.resolve("work"), clock, Long.MAX_VALUE, withoutIndexes(System.getenv())),
                settings.workers());
        closing.accept(workers);
        bundles = new Bundles(
                artifacts,
                data.resolve("bundles"),
                () -> certificates.keys().trusted(),
                ids,
                new WorkerModels(environments, workers));
        scorer = new Scorer(access, clock, ids);
        var requestLog =
                new RequestLog(data.resolve("requests"), data.resolve("keys/requests.key"), tables, clock, ids);
        closing.accept(requestLog);
        scorer.logTo(requestLog);
        deployments = new Deployments(
                database,
                ledger,
                access,
                clock,
                bundles,
                scorer,
                new Cleared(releases, certificates),
                Terms.of(projects));
        examples = new Examples(deployments, bundles);
        renewals = new Renewals(database, access, projects, models, versions, certificates, bundles, clock);
        rollouts = new RolloutJudge(deployments, scorer, Thread::startVirtualThread);
        closing.accept(rollouts);
        scorer.add(rollouts);
        distributing = new Distributing(this);

        var trees = new Trees(artifacts);
        sources = new Sources(database, ledger, access, clock, trees);
        pipelineRuns = new PipelineRuns(
                database,
                ledger,
                users,
                projects,
                edges,
                sources,
                new StepKinds(new Steps(this, () -> address).kinds()),
                data.resolve("runs"),
                clock,
                ids,
                STEPS_TOGETHER);
        pipelineRuns.traceBy(tracing);
        closing.accept(pipelineRuns);
        vouching = new Vouching(this);
        reproductions = new Steps(this, () -> address).reproductions();
        closing.accept(reproductions);
        governing = new Governing(this);

        alerts = new Alerts(database, ledger, access, clock, ids);
        expiries = new Expiries(deployments, projects, alerts, clock, ids);
        closing.accept(expiries);
        brokenConditions =
                new BrokenConditions(database, ledger, approvals.conditions(), deployments::list, users, alerts, clock);
        closing.accept(brokenConditions);
        var references = References.of(deployments, bundles, versions);
        monitor = new Monitor(
                database, ledger, access, projects, alerts, references, MonitorSettings.DEFAULT, clock, ids);
        closing.accept(monitor);
        if (settings.monitoring()) {
            scorer.add(monitor);
        }
        deployments.compareBy(new Versus(database, monitor, clock));
        replicas = new Replicas(monitor, deployments, models, versions, references, access, clock);
        batchJobs = settings.monitoring()
                ? Optional.of(new BatchJobs(monitor, replicas, references, deployments, clock))
                : Optional.empty();
        labels = new Labels(database, ledger, access, monitor, clock, ids);
        retrainings = new Retrainings(database, ledger, projects, agreements, monitor, references, alerts, clock);
        overviews = new Overviews(database, projects, monitor, alerts);
        clockClauses = new ClockClauses(
                database,
                ledger,
                projects,
                alerts,
                references,
                new Serving(deployments, versions, scorer, Looking.rates(data.resolve(Rates.FILE)), clock),
                clock);
        closing.accept(clockClauses);
        signals = new Signals(database, ledger, projects, edges, monitor, clockClauses);
        heldTraffic = new HeldTraffic(database, edges, monitor, references);

        reconciler = settings.kubernetes().map(this::reconciler);
        reconciler.ifPresent(closing);

        notifying = new Notifying(this, settings.notifications(), () -> address);
        closing.accept(notifying);
        reacting = new Reacting(this);
        closing.accept(reacting);

        recentRuns = new RecentRuns(database, access);
        insights = new Insights(projects, recentRuns, approvals, deployments, alerts, users);
        history = new History(database, ledger, access, clock);
        looking = new Looking(this, data);
        closing.accept(looking);
        health = new Health(database, scorer);
    }

    /** The Kubernetes client is loaded here and nowhere else. */
    private Reconciler reconciler(ClusterFile file) {
        return new Reconciler(new Fabric8Cluster(file.namespace()), file, database, ledger);
    }

    /** A model that is served needs no package index, nor the credentials for one. */
    private static Map<String, String> withoutIndexes(Map<String, String> environment) {
        return environment.entrySet().stream()
                .filter(entry -> !entry.getKey().matches("(?i)(PIP|UV)_.*|NETRC"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Takes up the runs that the last stop interrupted, now that the server listens on the port. */
    void begin(String host, int port) {
        boolean everywhere = host.equals("0.0.0.0") || host.equals("::");
        address = "http://" + (everywhere ? "127.0.0.1" : host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        deployments.restore();
        rollouts.start();
        expiries.start();
        brokenConditions.start();
        projectReviews.start();
        deciding.start();
        clockClauses.start();
        pipelineRuns.recover();
        reproductions.start();
        reacting.start();
        webhooks.start();
        notifying.start();
        anchors.start();
        reconciler.ifPresent(Reconciler::start);
    }

    private void signLedger() {
        if (ledger.size() > 0 && ledger.keys().unsigned().isEmpty()) {
            ledger.checkpoint();
        }
    }

    /** Copies everything into a new or empty folder and tells what the copy holds; the ledger notes it afterwards. */
    JsonNode backup(Actor by, Path target) {
        JsonNode made = artifacts.withoutCollecting(() -> Backup.write(data, database, ledger, clock, target));
        database.write(() -> ledger.append(by, InstallationDesk.BACKUP, "backup:" + ids.next(), made));
        return made;
    }
}
