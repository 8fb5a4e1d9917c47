package org.millwright.monitor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.millwright.serving.Scored;

/** What a deployment answered and nobody has profiled yet: bounded, so that a burst cannot fill the memory. */
final class Inbox {
    private final int capacity;
    private final ConcurrentLinkedQueue<Scored> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger rows = new AtomicInteger();
    private final LongAdder dropped = new LongAdder();

    /** Held by who profiles, one at a time. */
    final ReentrantLock lock = new ReentrantLock();

    private long sequence;
    private @Nullable Batch open;
    private volatile int taken;

    Inbox(int capacity) {
        this.capacity = capacity;
    }

    /**
     * Rows that enter the windows in one transaction.
     *
     * @param sequence number of this batch, from 1
     * @param dropped rows lost since the batch before
     */
    record Batch(long sequence, List<Scored> scored, int rows, long dropped) {}

    /** Takes the rows or counts them as dropped; returns whether with them as many wait as are worth a batch. */
    boolean offer(Scored scored, int worth) {
        int now = rows.addAndGet(scored.rows());
        if (now > capacity) {
            dropped.add(scored.rows());
            rows.addAndGet(-scored.rows());
            return false;
        }
        waiting.add(scored);
        int fresh = now - taken;
        return fresh >= worth && fresh - scored.rows() < worth;
    }

    boolean isEmpty() {
        return open == null && waiting.isEmpty() && dropped.sum() == 0;
    }

    /** The batch that is not committed yet, or a new one of at most about {@code most} rows; empty ones only for drops. */
    Batch next(int most) {
        if (open == null) {
            List<Scored> part = new ArrayList<>();
            int count = 0;
            while (count < most) {
                Scored scored = waiting.poll();
                if (scored == null) {
                    break;
                }
                part.add(scored);
                count += scored.rows();
            }
            taken = count;
            open = new Batch(sequence + 1, part, count, dropped.sumThenReset());
        }
        return open;
    }

    /** Forgets the batch: it is in the windows. */
    void committed(Batch batch) {
        sequence = batch.sequence();
        taken = 0;
        rows.addAndGet(-batch.rows());
        open = null;
    }

    int waitingRows() {
        return rows.get();
    }

    long droppedNow() {
        return dropped.sum();
    }
}
