package org.millwright.engines.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.millwright.kernel.Problem;
import org.millwright.pipeline.Cancellation;
import org.millwright.pipeline.LogLine;
import org.millwright.pipeline.ProcessRunner;

/**
 * Runs commands as operating system processes, each in a session of its own, with a clean environment and no input.
 *
 * <p>Safe for use by many threads. While a process runs, a file named by its mark lies in the folder, so that {@link
 * #stopLeftovers()} can end what a killed server left behind.
 */
public final class StepProcess implements ProcessRunner {
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final long LOG_LIMIT = 32L * 1024 * 1024;

    private final Path folder;
    private final Clock clock;
    private final long logLimit;
    private final Map<String, String> inherited;

    /** @param folder where the marks of running processes are kept */
    public StepProcess(Path folder, Clock clock) {
        this(folder, clock, LOG_LIMIT, System.getenv());
    }

    /**
     * @param logLimit bytes of a process's output that are passed on
     * @param inherited variables of which a process gets the few that are allowed
     */
    public StepProcess(Path folder, Clock clock, long logLimit, Map<String, String> inherited) {
        this.folder = folder;
        this.clock = clock;
        this.logLimit = logLimit;
        this.inherited = Map.copyOf(inherited);
    }

    @Override
    public Outcome run(Command command, Consumer<LogLine> log, Cancellation cancellation) {
        String mark = UUID.randomUUID().toString();
        var lines = new Lines(clock, log, logLimit);
        Path file = note(mark);
        try {
            Process process = start(command, mark);
            var tree = new ProcessTree(Optional.of(process.toHandle()), mark);
            List<Thread> readers = List.of(
                    reader(() -> lines.drain(process.getInputStream(), LogLine.Stream.OUT)),
                    reader(() -> lines.drain(process.getErrorStream(), LogLine.Stream.ERR)));
            End end = await(process, tree, command.timeout(), cancellation);
            tree.kill();
            int exit = process.waitFor();
            for (Thread reader : readers) {
                reader.join(5_000);
            }
            remark(end, command, lines);
            return new Outcome(exit, end, lines.isCut());
        } catch (InterruptedException e) {
            new ProcessTree(Optional.empty(), mark).kill();
            Thread.currentThread().interrupt();
            throw new Problem.Unavailable(
                    "Interrupted while running " + command.argv().getFirst(), "Run it again.", e);
        } finally {
            forget(file);
        }
    }

    /** Ends the processes that an earlier server, killed before it could do so, left running in this folder. */
    public int stopLeftovers() {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (var marks = Files.list(folder)) {
            List<Path> files = marks.toList();
            for (Path file : files) {
                new ProcessTree(Optional.empty(), file.getFileName().toString()).kill();
                forget(file);
            }
            return files.size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process start(Command command, String mark) {
        var own = new HashMap<>(command.env());
        own.put(ProcessTree.MARK, mark);
        Map<String, String> env = CleanEnvironment.of(inherited, own);
        String program = command.argv().getFirst();
        Path found = CleanEnvironment.find(program, env, command.dir())
                .orElseThrow(() -> new Problem.Invalid(
                        "Cannot run '" + program + "': no executable file of that name",
                        "Install it, or give its path."));
        var argv = new ArrayList<String>();
        CleanEnvironment.find("setsid", inherited, command.dir()).ifPresent(setsid -> argv.add(setsid.toString()));
        argv.add(found.toString());
        argv.addAll(command.argv().subList(1, command.argv().size()));
        var builder = new ProcessBuilder(argv).directory(command.dir().toFile());
        builder.environment().clear();
        builder.environment().putAll(env);
        builder.redirectInput(ProcessBuilder.Redirect.from(new File(File.separatorChar == '/' ? "/dev/null" : "NUL")));
        try {
            return builder.start();
        } catch (IOException e) {
            throw new Problem.Unavailable(
                    "Cannot run " + found + ": " + e.getMessage(), "Is it made for this system?", e);
        }
    }

    private static End await(Process process, ProcessTree tree, Duration timeout, Cancellation cancellation)
            throws InterruptedException {
        var why = new AtomicReference<>(End.EXITED);
        Runnable stop = () -> {
            if (process.isAlive() && why.compareAndSet(End.EXITED, End.CANCELLED)) {
                Thread.ofVirtual().start(() -> tree.stop(GRACE));
            }
        };
        try (var listening = cancellation.onCancel(stop)) {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    && why.compareAndSet(End.EXITED, End.TIMED_OUT)) {
                tree.stop(GRACE);
            }
            process.waitFor();
        }
        return why.get();
    }

    private static void remark(End end, Command command, Lines lines) {
        switch (end) {
            case TIMED_OUT ->
                lines.remark("Stopped: still running after " + command.timeout().toSeconds() + " s");
            case CANCELLED -> lines.remark("Stopped: cancelled");
            case EXITED -> {}
        }
    }

    private static Thread reader(Runnable work) {
        return Thread.ofPlatform().daemon().name("step-output").start(work);
    }

    private Path note(String mark) {
        try {
            Files.createDirectories(folder);
            return Files.createFile(folder.resolve(mark));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void forget(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // The mark of an ended process finds nothing to stop.
        }
    }
}
