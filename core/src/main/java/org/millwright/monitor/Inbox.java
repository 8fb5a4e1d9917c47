package org.millwright.monitor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    /** Held by who stores, one at a time; packing goes on meanwhile. */
    final ReentrantLock lock = new ReentrantLock();

    /** Rows that are not packed yet. */
    private final AtomicInteger loose = new AtomicInteger();

    private final Deque<Pack> packs = new ArrayDeque<>();
    private final Map<String, String> texts = new HashMap<>();
    private int packed;
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
    record Batch(long sequence, List<Pack> packs, int rows, long dropped) {}

    /** Takes the rows or counts them as dropped; returns whether with them as many are loose as are worth packing. */
    boolean offer(Scored scored, int worth) {
        if (rows.addAndGet(scored.rows()) > capacity) {
            dropped.add(scored.rows());
            rows.addAndGet(-scored.rows());
            return false;
        }
        waiting.add(scored);
        int now = loose.addAndGet(scored.rows());
        return now >= worth && now - scored.rows() < worth;
    }

    /** Packs what is loose now; returns how many packed rows wait for a batch. */
    synchronized int pack() {
        var part = new ArrayList<Scored>();
        int count = 0;
        for (int left = loose.get(); count < left; ) {
            Scored scored = waiting.poll();
            if (scored == null) {
                break;
            }
            part.add(scored);
            count += scored.rows();
        }
        loose.addAndGet(-count);
        packs.addAll(Pack.of(part, texts));
        packed += count;
        return packed;
    }

    synchronized boolean isEmpty() {
        return open == null && packs.isEmpty() && waiting.isEmpty() && dropped.sum() == 0;
    }

    /** The batch that is not committed yet, or a new one of at most about {@code most} rows; empty ones only for drops. */
    synchronized Batch next(int most) {
        if (open == null) {
            pack();
            var part = new ArrayList<Pack>();
            int count = 0;
            while (count < most && !packs.isEmpty()) {
                Pack pack = packs.removeFirst();
                part.add(pack);
                count += pack.rows();
            }
            packed -= count;
            open = new Batch(sequence + 1, part, count, dropped.sumThenReset());
        }
        return open;
    }

    /** Forgets the batch: it is in the windows. */
    synchronized void committed(Batch batch) {
        sequence = batch.sequence();
        rows.addAndGet(-batch.rows());
        open = null;
    }

    int waitingRows() {
        return rows.get();
    }
}
