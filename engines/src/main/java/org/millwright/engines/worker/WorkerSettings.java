package org.millwright.engines.worker;

import java.time.Duration;
import org.millwright.kernel.Problem;

/**
 * How models are run in Python.
 *
 * @param processes of one model version, at most; never more than there are cores
 * @param load how long a process may take to load its model
 * @param request how long it may take to answer a request
 * @param queue how long a request waits for a process that is free
 * @param limit most bytes of a message to or from a process
 */
public record WorkerSettings(int processes, Duration load, Duration request, Duration queue, int limit) {
    private static final Duration LEAST = Duration.ofMillis(100);
    private static final Duration MOST = Duration.ofHours(1);

    public static final WorkerSettings DEFAULT =
            new WorkerSettings(2, Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(10), 64 << 20);

    public WorkerSettings {
        if (processes < 1 || processes > 64) {
            throw new Problem.Invalid("Python workers: " + processes + " (expected: 1 to 64 for each model version)");
        }
        require("to load a model", load);
        require("to answer a request", request);
        require("to wait for a free one", queue);
        if (limit < 1 << 10 || limit > 1 << 30) {
            throw new Problem.Invalid("Python workers: messages of " + limit + " bytes (expected: 1 KiB to 1 GiB)");
        }
    }

    /** A step has time: nobody waits for its answer, and its batches are large. */
    WorkerSettings forSteps() {
        Duration longer = request.compareTo(Duration.ofMinutes(10)) < 0 ? Duration.ofMinutes(10) : request;
        return new WorkerSettings(processes, load, longer, MOST, limit);
    }

    private static void require(String what, Duration time) {
        if (time.compareTo(LEAST) < 0 || time.compareTo(MOST) > 0) {
            throw new Problem.Invalid(
                    "Python workers: " + time.toMillis() + " ms " + what + " (expected: 100 ms to 1 hour)");
        }
    }
}
