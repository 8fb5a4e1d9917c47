package org.millwright.engines.worker;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.millwright.engines.python.ReadOnly;
import org.millwright.environment.Environments;
import org.millwright.environment.PythonModels.PythonModel;
import org.millwright.pipeline.ProcessRunner;
import org.millwright.scoring.ModelFailure;

/**
 * Starts one process and brings it to the point where it has loaded the model.
 *
 * <p>It listens in a folder that only this user may enter, takes the one connection that knows the token, and stops
 * listening.
 */
final class WorkerStart {
    private static final byte PROTOCOL = 1;
    private static final Duration FOREVER = Duration.ofDays(10_000);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final PythonModel model;
    private final WorkerSettings settings;
    private final ProcessRunner processes;
    private final ScheduledExecutorService timer;
    private final WorkerFolder folder;
    private volatile boolean late;
    private volatile boolean cancelled;
    private @Nullable ServerSocketChannel listener;
    private @Nullable WorkerProcess process;
    private @Nullable Messages messages;

    WorkerStart(
            PythonModel model,
            WorkerSettings settings,
            ProcessRunner processes,
            ScheduledExecutorService timer,
            WorkerFolder folder) {
        this.model = model;
        this.settings = settings;
        this.processes = processes;
        this.timer = timer;
        this.folder = folder;
    }

    /** The process with its model loaded; throws {@link ModelFailure} that says why there is none, once it is gone. */
    Worker run() {
        Path interpreter = model.interpreter().get();
        ScheduledFuture<?> watch = timer.schedule(this::expire, settings.load().toMillis(), TimeUnit.MILLISECONDS);
        try {
            Path sockets = Files.createTempDirectory("mw");
            try {
                return start(interpreter, sockets.resolve("s"));
            } finally {
                ReadOnly.delete(sockets);
            }
        } catch (IOException e) {
            ModelFailure failed = failed(e);
            end();
            throw failed;
        } catch (RuntimeException e) {
            end();
            throw e;
        } finally {
            watch.cancel(false);
        }
    }

    private Worker start(Path interpreter, Path socket) throws IOException {
        String token = token();
        try (var open = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            open.bind(UnixDomainSocketAddress.of(socket), 1);
            WorkerProcess started = WorkerProcess.start(processes, command(interpreter, socket, token));
            begun(open, started);
            started.onEnd(() -> close(open));
            Messages connection = new Messages(accept(open), settings.limit());
            connected(connection);
            welcome(connection.receive(), token);
            return loaded(connection, started);
        }
    }

    private Worker loaded(Messages connection, WorkerProcess started) throws IOException {
        Messages.Message message = connection.receive();
        if (message.kind() == Messages.FAILED) {
            String why = StandardCharsets.UTF_8.decode(message.body()).toString();
            throw new ModelFailure("The Python worker of " + model.name() + " cannot load the model: " + why);
        }
        if (message.kind() != Messages.READY) {
            throw new Messages.Strange("sent a message of kind " + message.kind() + " while it was loading");
        }
        return new Worker(model.name(), started, connection, timer);
    }

    private static SocketChannel accept(ServerSocketChannel open) throws IOException {
        return open.accept();
    }

    private static void welcome(Messages.Message hello, String token) throws Messages.Strange {
        ByteBuffer body = hello.body();
        if (hello.kind() != Messages.HELLO || body.remaining() < 1 + Long.BYTES || body.get() != PROTOCOL) {
            throw new Messages.Strange("does not speak this server's protocol");
        }
        body.getLong();
        var shown = new byte[body.remaining()];
        body.get(shown);
        if (!MessageDigest.isEqual(shown, token.getBytes(StandardCharsets.UTF_8))) {
            throw new Messages.Strange("does not know the token that the worker was given");
        }
    }

    private ProcessRunner.Command command(Path interpreter, Path socket, String token) {
        var variables = new LinkedHashMap<>(Environments.pinned(model.threads()));
        variables.putAll(Map.of(
                "PYTHONUNBUFFERED", "1",
                "PYTHONDONTWRITEBYTECODE", "1",
                "PYTHONNOUSERSITE", "1",
                "MLFLOW_DISABLE_TELEMETRY", "true",
                "DO_NOT_TRACK", "true",
                "GIT_PYTHON_REFRESH", "quiet",
                "HOME", folder.scratch().toString(),
                "TMPDIR", folder.scratch().toString(),
                "MW_WORKER_TOKEN", token));
        var argv = List.of(
                interpreter.toString(),
                folder.script().toString(),
                "--socket",
                socket.toString(),
                "--model",
                folder.model().toString(),
                "--limit",
                Integer.toString(settings.limit()));
        return new ProcessRunner.Command(argv, variables, folder.scratch(), FOREVER);
    }

    private static String token() {
        var bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private synchronized void begun(ServerSocketChannel open, WorkerProcess started) throws IOException {
        listener = open;
        process = started;
        if (late || cancelled) {
            throw new IOException("stopped while it started");
        }
    }

    private synchronized void connected(Messages connection) throws IOException {
        messages = connection;
        if (late || cancelled) {
            throw new IOException("stopped while it started");
        }
    }

    private void expire() {
        late = true;
        stop();
    }

    /** Gives up; {@link #run} then fails. */
    void cancel() {
        cancelled = true;
        stop();
    }

    /** Stops it, and waits until it writes no more. */
    private void end() {
        stop();
        WorkerProcess begun = process;
        if (begun != null) {
            begun.end(Duration.ofSeconds(5));
        }
    }

    private synchronized void stop() {
        if (listener != null) {
            close(listener);
        }
        if (messages != null) {
            messages.close();
        }
        if (process != null) {
            process.stop();
        }
    }

    private static void close(ServerSocketChannel open) {
        try {
            open.close();
        } catch (IOException e) {
            // Nobody connects any more either way.
        }
    }

    private ModelFailure failed(IOException e) {
        String start = "The Python worker of " + model.name() + " ";
        if (cancelled) {
            return ModelFailure.temporary(start + "was stopped while it started");
        }
        WorkerProcess begun = process;
        if (begun == null) {
            return new ModelFailure(start + "cannot be started: " + e.getMessage(), e);
        }
        boolean strange = e instanceof Messages.Strange;
        String end = strange ? e.getMessage() + " and was stopped" : begun.end(Duration.ofSeconds(2));
        String log = begun.log(12);
        String tail = log.isEmpty() ? "; it printed nothing" : "; its log ends: " + log;
        if (late) {
            return new ModelFailure(start + "did not load the model within " + WorkerPool.shown(settings.load())
                    + " and was stopped" + tail);
        }
        return new ModelFailure(start + end + (strange ? "" : " before it had loaded the model") + tail);
    }
}
