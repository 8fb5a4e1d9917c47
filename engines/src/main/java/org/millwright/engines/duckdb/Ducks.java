package org.millwright.engines.duckdb;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.millwright.kernel.Problem;

/**
 * Runs pieces of database work on a few platform threads, which end when idle: native calls would hold the carriers of
 * virtual threads, and more of them than cores would only wait for each other.
 */
final class Ducks implements AutoCloseable {
    private static final Duration FOREVER = Duration.ofDays(365);

    private final Path folder;
    private final int memoryMb;
    private final ThreadPoolExecutor threads;

    Ducks(Path folder, int memoryMb, int atOnce) {
        this.folder = folder.toAbsolutePath();
        this.memoryMb = memoryMb;
        this.threads = new ThreadPoolExecutor(
                atOnce,
                atOnce,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("duckdb-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
        Duck.delete(this.folder);
    }

    /** Does the work on a new database; {@code what} names it in messages. */
    <T> T work(String what, Work<T> work) {
        return work(what, FOREVER, work);
    }

    <T> T work(String what, Duration timeout, Work<T> work) {
        try (Duck duck = open()) {
            return on(duck, what, timeout, work);
        }
    }

    /** A database that outlives one piece of work; the caller closes it. */
    Duck open() {
        try {
            return threads.submit(() -> Duck.open(folder, memoryMb)).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem.Unavailable("Interrupted", "Try again.", e);
        } catch (ExecutionException e) {
            throw new Problem.Unavailable("DuckDB does not start: " + e.getCause(), "See the server's log.", e);
        }
    }

    <T> T on(Duck duck, String what, Work<T> work) {
        return on(duck, what, FOREVER, work);
    }

    /** Does the work on that database and waits; interrupting the caller or reaching the timeout cancels it. */
    <T> T on(Duck duck, String what, Duration timeout, Work<T> work) {
        Future<T> future = threads.submit(() -> work.on(duck));
        try {
            return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            stop(duck, future);
            Thread.currentThread().interrupt();
            throw new Problem.Unavailable(what + " was interrupted", "Run it again.", e);
        } catch (TimeoutException e) {
            stop(duck, future);
            throw new Problem.Unavailable(
                    what + " still ran after " + timeout.toSeconds() + " s",
                    "Make it smaller or give it more time.",
                    e);
        } catch (ExecutionException e) {
            throw problem(what, Objects.requireNonNullElse(e.getCause(), e));
        }
    }

    private static void stop(Duck duck, Future<?> future) {
        boolean interrupted = false;
        while (!future.isDone()) {
            duck.cancel();
            try {
                future.get(50, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (ExecutionException | TimeoutException e) {
                // Cancelled, or not yet.
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private RuntimeException problem(String what, Throwable cause) {
        if (cause instanceof RuntimeException own) {
            return own;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        String message = String.valueOf(cause.getMessage()).strip();
        if (cause instanceof SQLException && message.contains("Out of Memory Error")) {
            return new Problem.Unavailable(
                    what + " needs more than " + memoryMb + " MiB of memory: " + message,
                    "Select fewer rows or columns, or raise the limit.",
                    cause);
        }
        return new Problem.Invalid(what + ": " + message);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    /** Something to do with a database. */
    interface Work<T> {
        T on(Duck duck) throws Exception;
    }
}
