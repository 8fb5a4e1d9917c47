package org.millwright.serving;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Shows answered requests to versions in the shadow, on one thread beside them; what does not fit its queue is left out. */
final class Mirror implements AutoCloseable {
    private static final int REQUESTS = 1_000;
    private static final long ROWS = 100_000;
    private static final long IDLE_SECONDS = 10;

    private final AtomicLong waiting = new AtomicLong();
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(REQUESTS),
            Thread.ofPlatform()
                    .name("mirror")
                    .daemon()
                    .priority(Thread.MIN_PRIORITY)
                    .factory());

    Mirror() {
        thread.allowCoreThreadTimeOut(true);
    }

    /** Runs the work soon; false when too much waits. */
    boolean offer(int rows, Runnable work) {
        if (waiting.addAndGet(rows) > ROWS || thread.isShutdown()) {
            waiting.addAndGet(-rows);
            return false;
        }
        try {
            thread.execute(() -> {
                try {
                    work.run();
                } finally {
                    waiting.addAndGet(-rows);
                }
            });
            return true;
        } catch (java.util.concurrent.RejectedExecutionException e) {
            waiting.addAndGet(-rows);
            return false;
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
