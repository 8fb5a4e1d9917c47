package org.millwright.engines.duckdb;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Problem;

/**
 * Runs pieces of database work on a few platform threads, which end when idle: native calls would hold the carriers of
 * virtual threads, and more of them than cores would only wait for each other.
 *
 * <p>A database that ran only our own SQL is emptied and used again within seconds: starting one costs more than most work.
 */
final class Ducks implements AutoCloseable {
    private static final Duration FOREVER = Duration.ofDays(365);
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final Path folder;
    private final int memoryMb;
    private final int atOnce;
    private final ThreadPoolExecutor threads;
    private final Deque<Idle> idle = new ArrayDeque<>();

    Ducks(Path folder, int memoryMb, int atOnce) {
        this.folder = folder.toAbsolutePath();
        this.memoryMb = memoryMb;
        this.atOnce = atOnce;
        this.threads = new ThreadPoolExecutor(
                atOnce,
                atOnce,
                IDLE.toMillis(),
                TimeUnit.MILLISECONDS,
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
        Duck duck = open();
        boolean done = false;
        try {
            T result = on(duck, what, timeout, work);
            done = true;
            return result;
        } finally {
            end(duck, done);
        }
    }

    /** A database that outlives one piece of work; the caller ends it. */
    Duck open() {
        try {
            return threads.submit(() -> {
                        Duck kept = take();
                        return kept == null ? Duck.open(folder, memoryMb) : kept;
                    })
                    .get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem.Unavailable("Interrupted", "Try again.", e);
        } catch (ExecutionException e) {
            throw new Problem.Unavailable("DuckDB does not start: " + e.getCause(), "See the server's log.", e);
        }
    }

    private @Nullable Duck take() {
        synchronized (idle) {
            return idle.isEmpty() ? null : idle.pop().duck();
        }
    }

    /**
     * Keeps the database for other work, or closes it.
     *
     * @param done whether all its work succeeded
     */
    void end(Duck duck, boolean done) {
        if (!done || !duck.empty()) {
            duck.close();
            return;
        }
        synchronized (idle) {
            if (idle.size() < atOnce && !threads.isShutdown()) {
                idle.push(new Idle(duck, System.nanoTime()));
                CompletableFuture.delayedExecutor(IDLE.toMillis(), TimeUnit.MILLISECONDS, threads)
                        .execute(this::expire);
                return;
            }
        }
        duck.close();
    }

    private void expire() {
        List<Duck> old = new ArrayList<>();
        synchronized (idle) {
            while (!idle.isEmpty() && System.nanoTime() - idle.getLast().since() >= IDLE.toNanos()) {
                old.add(idle.removeLast().duck());
            }
        }
        old.forEach(Duck::close);
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
        List<Duck> kept = new ArrayList<>();
        synchronized (idle) {
            idle.forEach(entry -> kept.add(entry.duck()));
            idle.clear();
        }
        kept.forEach(Duck::close);
    }

    /** A database without work. */
    private record Idle(Duck duck, long since) {}

    /** Something to do with a database. */
    interface Work<T> {
        T on(Duck duck) throws Exception;
    }
}
