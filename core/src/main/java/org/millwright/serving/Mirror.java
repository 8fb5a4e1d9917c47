package org.millwright.serving;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.millwright.kernel.Problem;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.ModelFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows answered requests to versions in the shadow, on one thread beside them; what does not fit its queue is left out. */
final class Mirror implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Mirror.class);
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

    /**
     * Lets the version in the shadow answer soon as well, and compares.
     *
     * @param answer what the caller got
     * @param scoring asks the version
     */
    void show(Live shadow, int rows, Answer answer, Supplier<Answer> scoring) {
        if (!offer(rows, () -> compare(shadow, answer, scoring))) {
            shadow.shadowing().leave();
        }
    }

    /** Runs the work soon; false when too much waits. */
    private boolean offer(int rows, Runnable work) {
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
        } catch (RejectedExecutionException e) {
            waiting.addAndGet(-rows);
            return false;
        }
    }

    private static void compare(Live shadow, Answer answer, Supplier<Answer> scoring) {
        if (!shadow.acquire()) {
            return;
        }
        try {
            Answer own = scoring.get();
            if (Scored.isNumeric(own.predictions()) && Scored.isNumeric(answer.predictions())) {
                shadow.shadowing()
                        .compare(
                                own.predictions().doubles(0),
                                answer.predictions().doubles(0));
            }
        } catch (InvalidInput | ModelFailure | Problem e) {
            LOG.debug("{} version {} in the shadow: {}", answer.model(), shadow.version(), e.getMessage());
        } finally {
            shadow.release();
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
