package org.millwright.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.app.cli.Terminal.Result;

/** What keeps a server from starting is told in one sentence, with what to do, by a process that ends with an error. */
class StartUpTest {
    @TempDir
    Path folder;

    @Test
    void aProcessEndsWithOneSentenceAndAnErrorCode() throws Exception {
        Path used = folder.resolve("used");
        newerMetadata();
        Path classes = folder.resolve("classes");
        var logged = Map.of("JDK_JAVA_OPTIONS", "-XX:DumpLoadedClassList=" + classes);
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerProcess running =
                        ServerProcess.run(folder.resolve("used.log"), logged, "serve", "--port=0", "--data=" + used)) {
            running.port();
            String port = Integer.toString(taken.getLocalPort());
            var refused = Map.of(
                    "Cannot listen on 127.0.0.1:" + port + ": the port is taken",
                    process("port", "--port", port, "--data", path("data")),
                    "Another Millwright server uses the data folder " + used,
                    process("second", "--port", "0", "--data", path("used")),
                    "have version 999, which this program does not know",
                    process("newer", "--port", "0", "--data", path("newer metadata")));

            refused.forEach((sentence, process) -> check(sentence, process.exit(), process.said()));
            assertThat(running.get("/api/1/ledger/verification").path("entries").asInt())
                    .isZero();
            running.terminate();
            assertThat(Files.readString(classes))
                    .as("without a collector nothing of OpenTelemetry is loaded")
                    .contains("org/millwright/engines/otlp/Collector")
                    .doesNotContain("io/opentelemetry/");
        }
    }

    @Test
    @Timeout(60)
    void everyRefusalIsOneSentence() throws Exception {
        Files.writeString(folder.resolve("file"), "not a folder");
        write("newer", "format", "99");
        write("garbled", "format", "one");
        write("broken", "millwright.db", "x".repeat(9000));
        refuses("Cannot write to the data folder " + path("file") + ": " + path("file") + " is a file", "--data=file");
        refuses("Cannot write to the data folder " + path("file/sub"), "--data=file/sub");
        refuses("Cannot write to the data folder /proc/mw: /proc/mw cannot be made there", "--data=/proc/mw");
        refuses("has format 99, this program knows 1", "--data=newer");
        refuses("garbled/format says 'one' (expected: a format number)", "--data=garbled");
        refuses("broken/millwright.db cannot be opened: ", "--data=broken");
        refuses("mw cannot be opened: ", "--database=jdbc:postgresql://127.0.0.1:1/mw?connectTimeout=2");
        refuses("'sqlite:x' is no PostgreSQL database", "--database=sqlite:x");
        refuses("Without --auth the server listens on loopback only, not on 0.0.0.0", "--host=0.0.0.0");
        refuses("Cannot listen on no-such.invalid: there is no such host", "--host=no-such.invalid", "--auth");
        refuses("port: 70000 (expected: 0 to 65535)", "--port=70000");
        refuses("gRPC port: 70000 (expected: 0 to 65535)", "--grpc-port=70000");
        refuses("Unknown option: '--prot=1'", "--prot=1");
        assertThat(folder.resolve("newer/millwright.db")).doesNotExist();
    }

    @Test
    void settingsOfTheEnvironmentAreChecked() {
        refuses(
                "Unknown setting MW_DATABSE_USER in the environment; did you mean MW_DATABASE_USER?",
                Map.of("MW_DATABSE_USER", "x"));
        refuses(
                "OTEL_TRACES_EXPORTER: 'zipkin' (expected: otlp, the only one here)",
                Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318", "OTEL_TRACES_EXPORTER", "zipkin"));
        refuses(
                "MW_ADMIN_USER and MW_ADMIN_PASSWORD go together (expected: both or neither)",
                Map.of("MW_ADMIN_USER", "root"));
        refuses(
                "A password needs at least 12 characters",
                Map.of("MW_ADMIN_USER", "root", "MW_ADMIN_PASSWORD", "short"),
                "--auth");
        refuses(
                "MW_DEFAULT_PERMISSION: 'read' (expected: one of [NO_PERMISSIONS, READ, USE, EDIT, MANAGE])",
                Map.of("MW_DEFAULT_PERMISSION", "read"));
        refuses(
                "MLFLOW_WEBHOOK_ALLOWED_SCHEMES: ftp,https (expected: http, https or both)",
                Map.of("MLFLOW_WEBHOOK_ALLOWED_SCHEMES", "ftp, https"));
        refuses(
                "MLFLOW_WEBHOOK_REQUEST_TIMEOUT: 0 (expected: at least 1 second)",
                Map.of("MLFLOW_WEBHOOK_REQUEST_TIMEOUT", "0"));
    }

    @Test
    void whatAScorerNeedsAndMayNotHaveIsTold() throws IOException {
        Path pem = Files.writeString(folder.resolve("key.pem"), "no key");
        String cluster = Files.writeString(
                        folder.resolve("kubernetes.yaml"),
                        "apiVersion: millwright/v1\nkind: Kubernetes\nimage: millwright:0.1.0\n")
                .toString();
        refuses("--trust belongs to --role scorer", "--trust=" + pem);
        refuses("does not say 'reconcile: true'", "--kubernetes=" + cluster);
        for (String[] wrong : new String[][] {
            {"--data means nothing to --role scorer", "--data=x"},
            {"A scorer follows a server, and none is named", "--trust=" + pem},
            {"A scorer verifies bundles, and no key is named", "--server=http://127.0.0.1:1"},
            {"'ftp://x' is no address", "--server=ftp://x", "--trust=" + pem},
            {"is no P-256 public key in PEM", "--server=http://127.0.0.1:1", "--trust=" + pem},
            {"nowhere.pem is not there or cannot be read", "--server=http://127.0.0.1:1", "--trust=nowhere.pem"}
        }) {
            var command = new ArrayList<>(List.of("serve", "--role=scorer", "--port=0"));
            command.addAll(List.of(wrong).subList(1, wrong.length));
            Result result = Terminal.mw(Map.of(), folder, command.toArray(String[]::new));
            check(wrong[0], result.exit(), result.err());
        }
    }

    private void refuses(String sentence, Map<String, String> environment, String... options) {
        Result result = serve(environment, options);
        check(sentence, result.exit(), result.err());
    }

    private void refuses(String sentence, String... options) {
        Result result = serve(Map.of(), options);
        check(sentence, result.exit(), result.err());
    }

    private Result serve(Map<String, String> environment, String... options) {
        var command = new ArrayList<>(List.of("serve"));
        for (String option : options) {
            command.add(option.startsWith("--data=") ? "--data=" + folder.resolve(option.substring(7)) : option);
        }
        if (Stream.of(options).noneMatch(option -> option.startsWith("--data="))) {
            command.add("--data=" + path("data"));
        }
        if (Stream.of(options).noneMatch(option -> option.startsWith("--port="))) {
            command.add("--port=0");
        }
        return Terminal.mw(environment, folder, command.toArray(String[]::new));
    }

    private static void check(String sentence, int exit, String text) {
        assertThat(exit).as(text).isPositive();
        List<String> said = text.lines().toList();
        assertThat(said)
                .as(text)
                .hasSizeBetween(1, 3)
                .allSatisfy(line -> assertThat(line).doesNotContain("\tat ").doesNotContain("Exception"));
        assertThat(said.getFirst()).startsWith("mw: ").contains(sentence);
    }

    @Test
    void anOlderDataFolderIsCopiedAndMigrated() throws Exception {
        Path data = Files.createDirectories(folder.resolve("older"));
        migrate(data, "051");
        sql(data, "insert into person values ('u-1', 'ana', 'Ana', 'PERSON', '', null, 1, null)");

        try (ServerProcess server = ServerProcess.serve(data)) {
            assertThat(server.get("/api/1/users").at("/users/0/name").asText()).isEqualTo("ana");
            assertThat(server.said())
                    .contains("of version 051 and were migrated; as before, they are in "
                            + data.resolve("backups/millwright-051.db"));
        }
        assertThat(version(data.resolve("millwright.db"))).isGreaterThan("051");
        assertThat(version(data.resolve("backups/millwright-051.db"))).isEqualTo("051");
    }

    @Test
    void aMissingPythonIsNamedWithHowToGetIt() {
        Path project = folder.resolve("small");
        SmallProject.write(project, "3.99", Map.of());
        try (var terminal = new Terminal(folder)) {
            terminal.mw("user", "add", "ana", "--role", "data-scientist");
            terminal.mw("user", "add", "ben", "--role", "approver");
            terminal.cd(project);
            terminal.mw("project", "request", "--as", "ana");
            terminal.mw("approve", "project:small", "--as", "ben");

            var built = terminal.mw("env", "build", "--as", "ana");
            assertThat(built.exit()).isEqualTo(Exit.UNREACHABLE);
            assertThat(built.err())
                    .contains("mw: Python 3.99 was not found on this machine")
                    .contains("apt install python3.99");
            var run = terminal.mw("run", "line", "--gates", folder.toString(), "--as", "ana");
            assertThat(run.exit()).as(run.err()).isEqualTo(Exit.FAILED);
            assertThat(run.err()).contains("Python 3.99 was not found on this machine");
        }
    }

    private ServerProcess process(String name, String... options) {
        var command = new ArrayList<>(List.of("serve"));
        command.addAll(List.of(options));
        return ServerProcess.run(folder.resolve("logs").resolve(name), Map.of(), command.toArray(String[]::new));
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private void write(String name, String file, String text) throws IOException {
        Files.createDirectories(folder.resolve(name));
        Files.writeString(folder.resolve(name).resolve(file), text);
    }

    private void newerMetadata() throws IOException, SQLException {
        Path data = Files.createDirectories(folder.resolve("newer metadata"));
        migrate(data, "latest");
        sql(
                data,
                "insert into flyway_schema_history values (999, '999', 'later', 'SQL', 'V999__later.sql', 1, 'x',"
                        + " '2026-01-01 00:00:00.000', 1, 1)");
    }

    private static void migrate(Path data, String version) {
        Flyway.configure()
                .dataSource("jdbc:sqlite:" + data.resolve("millwright.db"), null, null)
                .locations("classpath:db/migration")
                .placeholders(Map.of("autonumber", "", "clustered", "without rowid", "indexed", "val"))
                .target(version)
                .load()
                .migrate();
    }

    private static void sql(Path data, String statement) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("millwright.db"));
                var run = connection.createStatement()) {
            run.execute(statement);
        }
    }

    private static String version(Path database) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + database);
                var statement = connection.createStatement();
                var found = statement.executeQuery("select max(version) from flyway_schema_history")) {
            return found.getString(1);
        }
    }
}
