package org.millwright.engines.worker;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.millwright.pipeline.Cancellation;
import org.millwright.pipeline.ProcessRunner;

/** A Python process under way, with the end of its log. */
final class WorkerProcess {
    private final Cancellation stopping = new Cancellation();
    private final LogTail log = new LogTail();
    private final CompletableFuture<ProcessRunner.Outcome> ended = new CompletableFuture<>();

    /** Starts the command; it runs until it ends or is stopped, and nothing that it started stays. */
    static WorkerProcess start(ProcessRunner processes, ProcessRunner.Command command) {
        var process = new WorkerProcess();
        Thread.ofVirtual().name("python-worker").start(() -> {
            try {
                process.ended.complete(processes.run(command, process.log, process.stopping));
            } catch (RuntimeException e) {
                process.ended.completeExceptionally(e);
            }
        });
        return process;
    }

    /** Ends it, without waiting. */
    void stop() {
        stopping.cancel();
    }

    /** Runs the action once the process is gone, at once when it is. */
    void onEnd(Runnable action) {
        ended.whenComplete((outcome, failure) -> action.run());
    }

    /** How it ended, for a sentence; waits at most that long for the end. */
    String end(Duration most) {
        try {
            ProcessRunner.Outcome outcome = ended.get(most.toMillis(), TimeUnit.MILLISECONDS);
            return "ended with exit code " + outcome.exit();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "closed its connection";
        } catch (ExecutionException e) {
            return "cannot be run (" + e.getMessage() + ")";
        } catch (TimeoutException e) {
            return "closed its connection";
        }
    }

    /** The last lines that it printed, in one; empty when there are none. */
    String log(int lines) {
        return log.last(lines);
    }
}
