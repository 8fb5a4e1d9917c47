package org.millwright.app;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.millwright.anchor.AnchorSettings;
import org.millwright.engines.worker.WorkerSettings;
import org.millwright.kernel.Problem;
import org.millwright.kubernetes.ClusterFile;
import org.millwright.notification.NotificationSettings;
import org.millwright.web.WebSettings;

/**
 * What an operator may set.
 *
 * @param data folder with everything this server keeps
 * @param shared folder for downloaded programs and packages, which several servers may share
 * @param database JDBC URL of PostgreSQL; empty for SQLite in the data folder
 * @param compatibility what operators of MLflow set by environment variables
 * @param monitoring whether what deployments answer is watched
 * @param grpcPort where the Open Inference Protocol is spoken over gRPC, 0 for a free port; empty for nowhere
 * @param workers how models are served that only Python runs
 * @param kubernetes the scorers to keep in the cluster that this server runs in; empty for none
 * @param traces variables of OpenTelemetry, which say where traces go
 * @param notifications how alerts are sent
 * @param anchors where checkpoints of the ledger are kept outside
 */
public record Settings(
        Path data,
        Path shared,
        WebSettings web,
        Optional<DatabaseUrl> database,
        Compatibility compatibility,
        boolean monitoring,
        Optional<Integer> grpcPort,
        WorkerSettings workers,
        Optional<ClusterFile> kubernetes,
        Map<String, String> traces,
        NotificationSettings notifications,
        AnchorSettings anchors) {
    public Settings {
        traces = Map.copyOf(traces);
        grpcPort.filter(port -> port < 0 || port > 65_535).ifPresent(port -> {
            throw new Problem.Invalid("gRPC port: " + port + " (expected: 0 to 65535)");
        });
    }

    /** Alerts are sent to public addresses only. */
    public Settings(
            Path data,
            Path shared,
            WebSettings web,
            Optional<DatabaseUrl> database,
            Compatibility compatibility,
            boolean monitoring,
            Optional<Integer> grpcPort,
            WorkerSettings workers,
            Optional<ClusterFile> kubernetes,
            Map<String, String> traces) {
        this(
                data,
                shared,
                web,
                database,
                compatibility,
                monitoring,
                grpcPort,
                workers,
                kubernetes,
                traces,
                NotificationSettings.DEFAULT,
                AnchorSettings.NONE);
    }

    public Settings(Path data, Path shared, WebSettings web, Optional<DatabaseUrl> database) {
        this(
                data,
                shared,
                web,
                database,
                Compatibility.DEFAULT,
                true,
                Optional.empty(),
                WorkerSettings.DEFAULT,
                Optional.empty(),
                Map.of());
    }

    /** The same with variables that say where traces go. */
    public Settings with(Map<String, String> variables) {
        return new Settings(
                data,
                shared,
                web,
                database,
                compatibility,
                monitoring,
                grpcPort,
                workers,
                kubernetes,
                variables,
                notifications,
                anchors);
    }

    /** The same with another way of sending alerts. */
    public Settings with(NotificationSettings sending) {
        return new Settings(
                data,
                shared,
                web,
                database,
                compatibility,
                monitoring,
                grpcPort,
                workers,
                kubernetes,
                traces,
                sending,
                anchors);
    }

    /** The same with places where checkpoints of the ledger are kept. */
    public Settings with(AnchorSettings kept) {
        return new Settings(
                data,
                shared,
                web,
                database,
                compatibility,
                monitoring,
                grpcPort,
                workers,
                kubernetes,
                traces,
                notifications,
                kept);
    }

    /** Port of {@code mw serve} unless told otherwise; MLflow's clients expect it. */
    public static final int DEFAULT_PORT = 5000;

    /** A PostgreSQL database and who connects to it. */
    public record DatabaseUrl(String url, String user, String password) {
        public DatabaseUrl {
            if (!url.startsWith("jdbc:postgresql:")) {
                throw new Problem.Invalid(
                        "'" + url + "' is no PostgreSQL database (expected: jdbc:postgresql://HOST:PORT/NAME)");
            }
        }
    }

    /** Embedded defaults: SQLite, loopback, no accounts. */
    public static Settings embedded(Path data, int port) {
        return new Settings(
                data, sharedFolder(), new WebSettings("127.0.0.1", port, false, Set.of()), Optional.empty());
    }

    /** {@code MW_SHARED}, or a folder of the user's own cache. */
    public static Path sharedFolder() {
        String chosen = System.getenv("MW_SHARED");
        return chosen != null && !chosen.isBlank()
                ? Path.of(chosen)
                : Path.of(System.getProperty("user.home"), ".cache", "millwright");
    }
}
