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

    /** Takes the rows or counts them as dropped; returns how many wait now. */
    int offer(Scored scored) {
        int now = rows.addAndGet(scored.rows());
        if (now > capacity) {
            dropped.add(scored.rows());
            return rows.addAndGet(-scored.rows());
        }
        waiting.add(scored);
        return now;
    }

    boolean isEmpty() {
        return open == null && waiting.isEmpty() && dropped.sum() == 0;
    }

    /** The batch that is not committed yet, or a new one of at most about {@code most} rows; empty ones only for drops. */
    Batch next(int most) {
        if (open == null) {
            List<Scored> taken = new ArrayList<>();
            int count = 0;
            while (count < most) {
                Scored scored = waiting.poll();
                if (scored == null) {
                    break;
                }
                taken.add(scored);
                count += scored.rows();
            }
            open = new Batch(sequence + 1, taken, count, dropped.sumThenReset());
        }
        return open;
    }

    /** Forgets the batch: it is in the windows. */
    void committed(Batch batch) {
        sequence = batch.sequence();
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
