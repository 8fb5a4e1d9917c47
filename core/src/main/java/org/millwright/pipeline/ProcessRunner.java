package org.millwright.pipeline;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Runs the command of a step as a process of its own, with an environment of its own. */
public interface ProcessRunner {
    /**
     * Runs the command until it ends, its time is over or it is cancelled; nothing that it started is left running.
     *
     * @param log gets the lines in order, one call at a time
     */
    Outcome run(Command command, Consumer<LogLine> log, Cancellation cancellation);

    /**
     * What to run.
     *
     * @param argv program and arguments, passed as they are: never through a shell
     * @param env variables besides the few that every step inherits (path, home, proxy, certificates, package index)
     * @param dir working directory
     * @param timeout after which the process is stopped
     */
    record Command(List<String> argv, Map<String, String> env, Path dir, Duration timeout) {
        public Command {
            argv = List.copyOf(argv);
            env = Map.copyOf(env);
            if (argv.isEmpty()) {
                throw new IllegalArgumentException("argv: empty (expected: a program and its arguments)");
            }
            if (timeout.isNegative() || timeout.isZero()) {
                throw new IllegalArgumentException("timeout: " + timeout + " (expected: > 0)");
            }
        }
    }

    /**
     * How it ended.
     *
     * @param exit exit code of the process; 128 + signal number when a signal ended it
     * @param logCut whether lines beyond the size limit were dropped
     */
    record Outcome(int exit, End end, boolean logCut) {
        public boolean ok() {
            return end == End.EXITED && exit == 0;
        }
    }

    /** By itself, by its timeout, or because somebody cancelled it. */
    enum End {
        EXITED,
        TIMED_OUT,
        CANCELLED
    }
}
