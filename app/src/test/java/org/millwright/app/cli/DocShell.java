package org.millwright.app.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The machine of somebody who follows the documentation: a home folder, a shell, {@code mw} on the PATH.
 *
 * <p>Commands run in this process, as a JVM for each would take minutes. {@code mw serve} runs as a process of its own on a
 * free port, which stands for the pages' 5000 and 5001, and returns when it is healthy; the next one stops the one before. One
 * that only scores runs beside it, on the port that stands for 5002.
 */
final class DocShell implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final String MW = """
            #!/bin/sh
            call=$(mktemp -d "@FOLDER@/call.XXXXXX")
            {
                printf '%s\\0' "$PWD" "$@"
            } > "$call/words"
            for name in MW_SERVER MW_TOKEN MW_OUTPUT MW_CONFIG XDG_CONFIG_HOME MW_DATABASE_USER MW_DATABASE_PASSWORD \
                MW_ADMIN_USER MW_ADMIN_PASSWORD MW_DEFAULT_PERMISSION MW_CHANNEL_HOSTS MW_BASE_URL OTEL_EXPORTER_OTLP_ENDPOINT \
                OTEL_TRACES_SAMPLER OTEL_TRACES_SAMPLER_ARG; do
                eval "printf '%s=%s\\\\0' $name \\"\\${$name-}\\""
            done > "$call/variables"
            curl -sS --fail --data "$call" http://127.0.0.1:@PORT@/ || exit 99
            cat "$call/err" >&2
            cat "$call/out"
            exit "$(cat "$call/code")"
            """;
    private static final String OLD_MLFLOW = "http://mlflow.example:5000";
    private static final String PYTHON = """
            #!/bin/sh
            for python in "$HOME"/.millwright/environments/*/venv/bin/python; do exec "$python" "$@"; done
            """;

    private final Path folder;
    private final Path home;
    private final int port;
    private final int scorerPort;
    private final int receiverPort;
    private final HttpServer commands;
    private final HttpClient http = HttpClient.newHttpClient();
    private @Nullable Process server;
    private @Nullable Process scorer;
    private @Nullable EmbeddedPostgres postgres;
    private @Nullable OldMlflow mlflow;

    DocShell(Path folder) throws IOException {
        this.folder = folder;
        home = Files.createDirectories(folder.resolve("home"));
        port = freePort();
        scorerPort = freePort();
        receiverPort = freePort();
        commands = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        commands.createContext("/", this::answer);
        commands.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        commands.start();
        String mw = MW.replace("@FOLDER@", folder.toString())
                .replace("@PORT@", Integer.toString(commands.getAddress().getPort()));
        program("bin/mw", mw);
        program("bin/python", PYTHON);
        Files.createSymbolicLink(home.resolve("mw"), folder.resolve("bin/mw"));
        Files.createSymbolicLink(home.resolve("acceptance"), DocPage.root().resolve("acceptance"));
    }

    /** How a page's commands ended, and what each block wrote, by its line. */
    record Ran(int exit, Map<Integer, String> outputs, String all) {}

    /** Runs the blocks of a page in one session, which ends at the first command that does not exit as it should. */
    Ran run(DocPage page) throws IOException, InterruptedException {
        Path script = Files.writeString(folder.resolve("page.sh"), script(page));
        Path output = folder.resolve("output");
        var builder = new ProcessBuilder("bash", script.toString())
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("MW_"));
        builder.environment().putAll(variables());
        Process session = builder.start();
        session.getOutputStream().close();
        boolean ended = session.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (!ended) {
            session.descendants().forEach(ProcessHandle::destroyForcibly);
            session.destroyForcibly().waitFor();
        }
        String all = Files.readString(output);
        return new Ran(ended ? session.exitValue() : -1, outputs(all), all);
    }

    private Map<String, String> variables() {
        var variables = new HashMap<String, String>();
        variables.put("HOME", home.toString());
        variables.put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
        variables.put("XDG_CONFIG_HOME", home.resolve(".config").toString());
        variables.put("MW_SERVER", "http://127.0.0.1:" + port);
        Path own = Path.of(System.getProperty("user.home"));
        variables.put("GOMODCACHE", own.resolve("go/pkg/mod").toString());
        variables.put("GOCACHE", own.resolve(".cache/go-build").toString());
        for (String who : List.of("AUTHOR", "COMMITTER")) {
            variables.put("GIT_" + who + "_NAME", "Ana");
            variables.put("GIT_" + who + "_EMAIL", "ana@example.org");
        }
        return variables;
    }

    private String script(DocPage page) throws IOException, InterruptedException {
        var script = new StringBuilder("set -e -o pipefail\n");
        for (DocPage.Block block : page.blocks()) {
            if (block.notRun().isEmpty()) {
                script.append("printf '\\n@@ %s\\n' ").append(block.line()).append("\n");
                for (String line : block.commands()) {
                    script.append(checked(here(line))).append('\n');
                }
            }
        }
        return script.append("printf '\\n@@ 0\\n'\n").toString();
    }

    /** A command that says how it exits must exit so. */
    private static String checked(String line) {
        int at = line.indexOf("  # exits ");
        if (at < 0) {
            return line;
        }
        String code = line.substring(at + "  # exits ".length()).split("[: ]", 2)[0];
        return "code=0; " + line.substring(0, at) + " || code=$?; " + "[ $code = " + code
                + " ] || { echo \"exit code $code, expected " + code + "\"; exit 70; }";
    }

    /** The line with the addresses of this machine's servers in place of the usual ones. */
    private String here(String line) throws IOException, InterruptedException {
        String here = line.replaceAll("(localhost|127\\.0\\.0\\.1):500[01]", "$1:" + port)
                .replaceAll("--port 500[01]", "--port " + port)
                .replaceAll("(localhost|127\\.0\\.0\\.1):5002", "$1:" + scorerPort)
                .replaceAll("--port 5002", "--port " + scorerPort)
                .replaceAll("127\\.0\\.0\\.1:9099", "127.0.0.1:" + receiverPort);
        if (here.contains("127.0.0.1:5432")) {
            return here.replace("127.0.0.1:5432", "127.0.0.1:" + postgres().getPort());
        }
        return here.contains(OLD_MLFLOW) ? here.replace(OLD_MLFLOW, mlflow().url()) : here;
    }

    private static Map<Integer, String> outputs(String all) {
        var outputs = new HashMap<Integer, String>();
        for (String part : all.split("(?m)^@@ ", -1)) {
            String[] pieces = part.split("\n", 2);
            if (pieces.length == 2 && pieces[0].matches("\\d+")) {
                outputs.put(Integer.parseInt(pieces[0]), pieces[1]);
            }
        }
        return outputs;
    }

    /** A call of the program {@code mw}: its words are in the folder that the body names, the answer is left there. */
    private void answer(HttpExchange exchange) throws IOException {
        Path call = Path.of(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        List<String> words = texts(call.resolve("words"));
        var variables = new HashMap<String, String>();
        for (String pair : texts(call.resolve("variables"))) {
            variables.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        var out = new StringWriter();
        var err = new StringWriter();
        int code = run(words, variables, new PrintWriter(out, true), new PrintWriter(err, true));
        Files.writeString(call.resolve("out"), out.toString());
        Files.writeString(call.resolve("err"), err.toString());
        Files.writeString(call.resolve("code"), Integer.toString(code));
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
    }

    private int run(List<String> words, Map<String, String> variables, PrintWriter out, PrintWriter err)
            throws IOException {
        Path at = Path.of(words.getFirst());
        List<String> arguments = words.subList(1, words.size());
        if (arguments.contains("serve")) {
            return serve(arguments, at, variables, err);
        }
        var around = new Surroundings(at, variables, new Screen(err, false, false));
        return Mw.commandLine(around, out, err).execute(arguments.toArray(String[]::new));
    }

    /** Starts a server in place of the one before; its exit code when it ends instead of serving. */
    private int serve(List<String> arguments, Path at, Map<String, String> variables, PrintWriter err)
            throws IOException {
        boolean beside = arguments.contains("scorer");
        stop(beside ? scorer : server);
        var line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Duser.home=" + home,
                "-cp",
                System.getProperty("java.class.path"),
                "org.millwright.app.Main"));
        line.addAll(arguments);
        if (arguments.contains("--grpc-port")) {
            line.set(line.lastIndexOf("--grpc-port") + 1, "0");
        }
        if (!arguments.contains("--port")) {
            line.addAll(List.of("--port", Integer.toString(port)));
        }
        Path log = folder.resolve(beside ? "scorer.log" : "server.log");
        var builder = new ProcessBuilder(line)
                .directory(at.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        variables.forEach((name, value) -> {
            if (name.matches("(MW_(DATABASE|ADMIN|DEFAULT|CHANNEL|BASE)|OTEL)_.*")) {
                builder.environment().put(name, value);
            }
        });
        builder.environment()
                .put(
                        "MW_SHARED",
                        Path.of(System.getProperty("user.home"), ".cache", "millwright-test")
                                .toString());
        Process started = builder.start();
        if (beside) {
            scorer = started;
        } else {
            server = started;
        }
        int code = awaitHealth(started, beside ? scorerPort : port);
        err.print(Files.readString(log));
        err.flush();
        return code;
    }

    private int awaitHealth(Process started, int at) {
        long until = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        var health = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + at + "/health"))
                .build();
        try {
            while (System.nanoTime() < until) {
                if (started.waitFor(50, TimeUnit.MILLISECONDS)) {
                    return started.exitValue();
                }
                try {
                    if (http.send(health, HttpResponse.BodyHandlers.discarding())
                                    .statusCode()
                            == 200) {
                        return 0;
                    }
                } catch (IOException e) {
                    // does not listen yet
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return 98;
    }

    private static void stop(@Nullable Process running) {
        if (running != null) {
            running.destroy();
            try {
                if (!running.waitFor(20, TimeUnit.SECONDS)) {
                    running.destroyForcibly().waitFor();
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** A PostgreSQL server with the user and the database that the pages name. */
    private EmbeddedPostgres postgres() {
        EmbeddedPostgres running = postgres;
        if (running == null) {
            try {
                running = EmbeddedPostgres.builder().start();
                postgres = running;
                try (var connection = running.getPostgresDatabase().getConnection();
                        var statement = connection.createStatement()) {
                    statement.execute("create role millwright login password 'secret'");
                    statement.execute("create database millwright owner millwright");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
        return running;
    }

    /** The MLflow server that the pages move away from, with something in it. */
    private OldMlflow mlflow() throws IOException, InterruptedException {
        OldMlflow running = mlflow;
        if (running == null) {
            running = new OldMlflow(folder.resolve("mlflow"));
            mlflow = running;
            running.run("move.py", "fill=" + running.url());
        }
        return running;
    }

    private static List<String> texts(Path file) throws IOException {
        return List.of(Files.readString(file).split("\0"));
    }

    private void program(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        if (!file.toFile().setExecutable(true)) {
            throw new IOException("Cannot make " + file + " executable");
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Stops what was started and removes the folder, in which environments are read-only. */
    @Override
    public void close() throws IOException {
        stop(scorer);
        stop(server);
        commands.stop(0);
        if (postgres != null) {
            postgres.close();
        }
        if (mlflow != null) {
            mlflow.close();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            all.filter(Files::isDirectory).forEach(dir -> dir.toFile().setWritable(true));
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
