package org.millwright.serving;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.millwright.kernel.Problem;

/**
 * Lets so many scoring requests, and so many bytes of them, be in memory at the same time. Beyond that callers are told at
 * once to come again, so that those who are in are answered in bounded time and memory.
 */
public final class Admission {
    private static final int REQUESTS = 1_024;
    private static final long BYTES = 256L * 1024 * 1024;

    private final int mostRequests;
    private final long mostBytes;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    public Admission() {
        this(REQUESTS, BYTES);
    }

    public Admission(int mostRequests, long mostBytes) {
        this.mostRequests = mostRequests;
        this.mostBytes = mostBytes;
    }

    /** A request's place, until it is closed. */
    public interface Place extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * A place for a request before its body is read.
     *
     * @param size bytes of the body, at most
     * @throws Problem.Busy when no place is free
     */
    public Place admit(long size) {
        int now = requests.incrementAndGet();
        long held = bytes.addAndGet(size);
        if (now > mostRequests || held > mostBytes && now > 1) {
            leave(size);
            throw new Problem.Busy(
                    "Too many requests at once: " + Math.min(now - 1, mostRequests) + " are being answered",
                    "Send it again in a second.");
        }
        return () -> leave(size);
    }

    private void leave(long size) {
        requests.decrementAndGet();
        bytes.addAndGet(-size);
    }

    /** Requests that have a place now. */
    public int requests() {
        return requests.get();
    }
}
