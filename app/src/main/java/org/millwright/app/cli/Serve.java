package org.millwright.app.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.millwright.anchor.AnchorSettings;
import org.millwright.app.Compatibility;
import org.millwright.app.Millwright;
import org.millwright.app.ScorerProcess;
import org.millwright.app.Settings;
import org.millwright.app.Variables;
import org.millwright.engines.otlp.Collector;
import org.millwright.engines.worker.WorkerSettings;
import org.millwright.kernel.Problem;
import org.millwright.kubernetes.ClusterFile;
import org.millwright.notification.NotificationSettings;
import org.millwright.project.Durations;
import org.millwright.replica.ReplicaSettings;
import org.millwright.web.WebSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mw serve}: runs the factory until it is told to stop. */
@Command(name = "serve", description = "Run the server.", mixinStandardHelpOptions = true)
final class Serve implements Callable<Integer> {
    @Option(
            names = "--port",
            description = "Port to listen on, 0 for a free one.",
            defaultValue = "" + Settings.DEFAULT_PORT)
    private int port;

    @Option(
            names = "--grpc-port",
            description = "Port for the Open Inference Protocol over gRPC, 0 for a free one; off by default.")
    private Optional<Integer> grpcPort = Optional.empty();

    @Option(names = "--host", description = "Address to listen on.", defaultValue = "127.0.0.1")
    private String host = "127.0.0.1";

    @Option(
            names = "--data",
            description = "Folder that keeps everything.",
            defaultValue = "${sys:user.home}/.millwright")
    private Path data = Path.of(".millwright");

    @Option(names = "--auth", description = "Ask every caller for credentials.")
    private boolean auth;

    @Option(names = "--allowed-hosts", split = ",", description = "Names beside localhost in the Host header.")
    private Set<String> allowedHosts = Set.of();

    @Option(
            names = "--cors-allowed-origins",
            split = ",",
            description = "Origins beside localhost whose pages may call MLflow's API, such as https://ml.example.com.")
    private Set<String> corsOrigins = Set.of();

    @Option(
            names = "--static-prefix",
            description = "Path before MLflow's browser paths (ajax-api, get-artifact), such as /mlflow.")
    private String prefix = "";

    @Option(
            names = "--database",
            description = "JDBC URL of PostgreSQL; user and password by MW_DATABASE_USER, MW_DATABASE_PASSWORD.")
    private Optional<String> database = Optional.empty();

    @Option(names = "--without-monitoring", description = "Do not watch what deployments answer.")
    private boolean withoutMonitoring;

    @Option(
            names = "--kubernetes",
            paramLabel = "FILE",
            description =
                    "Make and keep the scorers that this file declares in the cluster, by its API; off by default.")
    private Optional<Path> kubernetes = Optional.empty();

    @Option(
            names = "--python-workers",
            paramLabel = "N",
            description = "Processes of each model version that only Python runs (default: ${DEFAULT-VALUE}).",
            defaultValue = "2")
    private int workers;

    @Option(
            names = "--python-load-timeout",
            paramLabel = "TIME",
            description = "How long such a process may load its model (default: ${DEFAULT-VALUE}).",
            defaultValue = "60s")
    private String loading = "";

    @Option(
            names = "--python-request-timeout",
            paramLabel = "TIME",
            description = "How long it may take for a request (default: ${DEFAULT-VALUE}).",
            defaultValue = "30s")
    private String answering = "";

    @Option(
            names = "--python-queue-timeout",
            paramLabel = "TIME",
            description = "How long a request waits for a free one (default: ${DEFAULT-VALUE}).",
            defaultValue = "10s")
    private String queueing = "";

    @Option(
            names = "--anchor",
            paramLabel = "PLACE",
            description =
                    "Keep signed checkpoints of the ledger there as well: file:/PATH, git:/FOLDER, https://HOST/PATH or"
                            + " rekor:https://HOST; may be given several times.")
    private List<String> anchors = List.of();

    @Option(
            names = "--anchor-every",
            paramLabel = "TIME",
            description = "How often, when something was appended (default: ${DEFAULT-VALUE}).",
            defaultValue = "1h")
    private String anchorEvery = "";

    @Option(
            names = "--trust-root",
            paramLabel = "FILE",
            description = "The keys of transparency logs: trusted_root.json, or a log's public key as PEM.")
    private Optional<Path> trustRoot = Optional.empty();

    @Option(
            names = "--role",
            description = "all: the whole factory (default). scorer: only answers scoring requests, with what a server"
                    + " that it follows deploys.")
    private Role role = Role.ALL;

    @Mixin
    private ScorerOptions scorer = new ScorerOptions();

    @Spec
    private CommandSpec spec;

    /** What a process is to do. */
    enum Role {
        ALL,
        SCORER
    }

    /** Options that say where and how a process listens, whatever its role. */
    private static final Set<String> COMMON =
            Set.of("--role", "--port", "--grpc-port", "--host", "--auth", "--allowed-hosts");

    @Override
    public Integer call() throws InterruptedException {
        Surroundings around = ((Mw) spec.root().userObject()).around();
        Variables.requireKnown(around.environment());
        if (!auth && !isLoopback(host)) {
            throw new Problem.Invalid(
                    "Without --auth the server listens on loopback only, not on " + host,
                    "mw serve --host " + host + " --auth");
        }
        requireFitting();
        return role == Role.SCORER ? serveScorer(around) : serveAll(around);
    }

    /** Refuses an option that would have no effect in this role. */
    private void requireFitting() {
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
            String name = option.longestName();
            boolean ofScorer = ScorerOptions.NAMES.contains(name);
            if (!COMMON.contains(name) && ofScorer != (role == Role.SCORER)) {
                throw new Problem.Invalid(
                        name + (ofScorer ? " belongs to --role scorer" : " means nothing to --role scorer"),
                        "mw serve --help");
            }
        }
    }

    private int serveScorer(Surroundings around) throws InterruptedException {
        ReplicaSettings settings = scorer.settings(around);
        ScorerProcess process = ScorerProcess.start(
                new WebSettings(host, port, auth, allowedHosts),
                grpcPort,
                settings,
                Collector.variables(around.environment()),
                Clock.systemUTC());
        return serve(
                process,
                "A scorer is at http://" + host + ":" + process.port() + "/ (follows " + settings.server()
                        + "). Stop with Ctrl-C.",
                process.grpcPort(),
                Optional.empty());
    }

    private int serveAll(Surroundings around) throws InterruptedException {
        Map<String, String> environment = around.environment();
        var url = database.map(jdbc -> new Settings.DatabaseUrl(
                jdbc,
                environment.getOrDefault("MW_DATABASE_USER", ""),
                environment.getOrDefault("MW_DATABASE_PASSWORD", "")));
        var settings = new Settings(
                data.toAbsolutePath().normalize(),
                Settings.sharedFolder(),
                new WebSettings(host, port, auth, allowedHosts, corsOrigins, prefix),
                url,
                Compatibility.of(environment),
                !withoutMonitoring,
                grpcPort,
                new WorkerSettings(
                        workers,
                        time("--python-load-timeout", loading),
                        time("--python-request-timeout", answering),
                        time("--python-queue-timeout", queueing),
                        WorkerSettings.DEFAULT.limit()),
                kubernetes.map(around::resolve).map(Serve::reconciled),
                Collector.variables(environment),
                NotificationSettings.of(environment),
                new AnchorSettings(
                                anchors,
                                time("--anchor-every", anchorEvery),
                                NotificationSettings.of(environment).destinations())
                        .with(trustRoot.map(around::resolve)));
        Millwright millwright = Millwright.start(settings, Clock.systemUTC());
        millwright
                .unsigned()
                .ifPresent(lost ->
                        spec.commandLine().getErr().println("mw: " + lost.getMessage() + "\n    " + lost.next()));
        return serve(
                millwright,
                "Millwright is at http://" + host + ":" + millwright.port() + "/ (data in " + settings.data()
                        + "). Stop with Ctrl-C.",
                millwright.grpcPort(),
                millwright.setUpToken());
    }

    private static ClusterFile reconciled(Path path) {
        ClusterFile file = KubernetesCommand.clusterFile(path);
        if (!file.reconcile()) {
            throw new Problem.Invalid(
                    "--kubernetes: " + path + " does not say 'reconcile: true'",
                    "Add the line, or apply it by hand: mw kubernetes manifests");
        }
        return file;
    }

    private int serve(AutoCloseable process, String where, Optional<Integer> grpc, Optional<String> setUp)
            throws InterruptedException {
        var stopped = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            try {
                process.close();
            } catch (Exception e) {
                spec.commandLine().getErr().println("mw: " + e);
            }
            stopped.countDown();
        }));
        spec.commandLine().getErr().println(where);
        grpc.ifPresent(open -> spec.commandLine().getErr().println("gRPC is at " + host + ":" + open + "."));
        setUp.ifPresent(this::explainSetUp);
        stopped.await();
        return Exit.OK;
    }

    static Duration time(String option, String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new Problem.Invalid(option + ": '" + text + "' (expected: a time such as 90s or 15m)");
        }
    }

    private void explainSetUp(String token) {
        spec.commandLine()
                .getErr()
                .println(
                        "Nobody administrates this server yet. This token makes the first administrator, within a day and"
                                + " once:\n  " + token + "\n  MW_TOKEN=" + token + " mw user add NAME --role admin");
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
    }
}
