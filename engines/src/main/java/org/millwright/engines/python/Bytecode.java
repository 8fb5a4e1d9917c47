package org.millwright.engines.python;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.millwright.engines.process.CleanEnvironment;
import org.millwright.kernel.Problem;
import org.millwright.pipeline.Cancellation;
import org.millwright.pipeline.ProcessRunner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compiles the modules of new environments behind the work, at the lowest priority: imports of the next run are twice as
 * fast, and the first run does not wait for it.
 */
final class Bytecode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Bytecode.class);
    private static final String DONE = "compiled";
    /** Two processes of the lowest priority would still take turns with the step on a small machine. */
    private static final Duration LONGEST = Duration.ofMinutes(30);

    private final ProcessRunner runner;
    private final Map<String, String> env;
    private final Map<Path, Compilation> running = new ConcurrentHashMap<>();
    private volatile boolean closed;

    Bytecode(ProcessRunner runner, Map<String, String> env) {
        this.runner = runner;
        this.env = env;
    }

    /** Starts to compile the environment in the folder, unless that was done or is under way. */
    void compile(Path folder, Path python) {
        var compilation = new Compilation(new Cancellation(), new CountDownLatch(1));
        if (Files.exists(folder.resolve(DONE)) || closed || running.putIfAbsent(folder, compilation) != null) {
            return;
        }
        Thread.ofVirtual().name("bytecode").start(() -> {
            try {
                if (runner.run(command(folder, python), line -> {}, compilation.stop())
                                .end()
                        == ProcessRunner.End.EXITED) {
                    ReadOnly.folders(folder.resolve("venv"));
                    Files.writeString(folder.resolve(DONE), "");
                }
            } catch (IOException | RuntimeException e) {
                LOG.info("Modules of {} are compiled as they are imported: {}", folder, e.toString());
            } finally {
                running.remove(folder, compilation);
                compilation.ended().countDown();
            }
        });
        if (closed) {
            stop(folder);
        }
    }

    /** Ends the compiling of the folder and waits until nothing writes into it any more. */
    void stop(Path folder) {
        Compilation compilation = running.get(folder);
        if (compilation == null) {
            return;
        }
        compilation.stop().cancel();
        try {
            compilation.ended().await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem.Unavailable("Interrupted while waiting for " + folder, "Try again.", e);
        }
    }

    private record Compilation(Cancellation stop, CountDownLatch ended) {}

    private ProcessRunner.Command command(Path folder, Path python) {
        var argv = new ArrayList<String>();
        CleanEnvironment.find("nice", env, folder).ifPresent(nice -> {
            argv.addAll(List.of(nice.toString(), "-n", "19"));
        });
        argv.addAll(List.of(python.toString(), "-m", "compileall", "-q", "-x", "/tests?/"));
        argv.add(folder.resolve("venv").toString());
        return new ProcessRunner.Command(argv, Map.of(), folder, LONGEST);
    }

    @Override
    public void close() {
        closed = true;
        running.keySet().forEach(this::stop);
    }
}
