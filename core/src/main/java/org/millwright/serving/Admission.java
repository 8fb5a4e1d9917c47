package org.millwright.serving;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
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
    private final LongAdder refused = new LongAdder();

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
            refused.increment();
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

    /** Requests that may have a place at the same time. */
    public int mostRequests() {
        return mostRequests;
    }

    /** Bytes of the requests that have a place now. */
    public long bytes() {
        return bytes.get();
    }

    /** Requests that were refused for want of a place since the start. */
    public long refused() {
        return refused.sum();
    }
}
