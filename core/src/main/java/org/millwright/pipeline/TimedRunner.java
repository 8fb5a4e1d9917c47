package org.millwright.pipeline;

import java.time.Duration;
import java.util.function.Consumer;

/** Runs commands by another runner, and knows how long at least one of them was at work. */
public final class TimedRunner implements ProcessRunner {
    private final ProcessRunner runner;
    private int running;
    private long since;
    private long nanos;

    public TimedRunner(ProcessRunner runner) {
        this.runner = runner;
    }

    @Override
    public Outcome run(Command command, Consumer<LogLine> log, Cancellation cancellation) {
        begin();
        try {
            return runner.run(command, log, cancellation);
        } finally {
            end();
        }
    }

    private synchronized void begin() {
        if (running++ == 0) {
            since = System.nanoTime();
        }
    }

    private synchronized void end() {
        if (--running == 0) {
            nanos += System.nanoTime() - since;
        }
    }

    /** How long commands were at work up to now; several at the same time count once. */
    public synchronized Duration atWork() {
        return Duration.ofNanos(nanos + (running > 0 ? System.nanoTime() - since : 0));
    }
}
