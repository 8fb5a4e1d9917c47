package org.millwright.kernel;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * The threads that read from SQLite for virtual threads.
 *
 * <p>SQLite works inside the calling thread, and a virtual thread in native code holds its carrier: a few long searches would
 * keep every other request waiting. On threads of their own the operating system shares the processors among them.
 */
final class SqliteReaders implements AutoCloseable {
    private final ExecutorService threads;

    SqliteReaders(int count) {
        threads = Executors.newFixedThreadPool(
                count, Thread.ofPlatform().name("metadata-reader-", 0).daemon().factory());
    }

    <T> T run(Supplier<T> work) {
        Future<T> result = threads.submit(work::get);
        try {
            return result.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem.Unavailable("Reading was interrupted", "Try again.");
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
