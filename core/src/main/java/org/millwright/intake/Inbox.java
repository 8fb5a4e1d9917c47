package org.millwright.intake;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Problem;
import org.millwright.scoring.FrameBlock;
import org.millwright.serving.Scored;

/** What a deployment answered and nobody has profiled yet: bounded, so that a burst cannot fill the memory. */
public final class Inbox {
    private static final int LEAST = 64;
    private static final int MOST = 4_096;
    private static final int SPARE = 8;
    /** How long rows of a batch job wait for their turn. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final int capacity;
    private final AtomicInteger rows = new AtomicInteger();
    private final LongAdder dropped = new LongAdder();
    /** The same, of all batches. */
    private final LongAdder allDropped = new LongAdder();

    private final ReentrantLock lock = new ReentrantLock();

    /** Where rows of each version go. */
    private final Map<String, Block> open = new ConcurrentHashMap<>();

    private final FrameBlock.Texts texts = new FrameBlock.Texts();
    private final Deque<Block> sealed = new ArrayDeque<>();
    private final Deque<Block> spare = new ArrayDeque<>();
    private int size = LEAST;
    private int sealedRows;
    private long sequence;
    private @Nullable Batch batch;

    public Inbox(int capacity) {
        this.capacity = capacity;
    }

    /**
     * Rows that enter the windows in one transaction.
     *
     * @param sequence number of this batch, from 1
     * @param blocks sealed
     * @param dropped rows lost since the batch before
     */
    public record Batch(long sequence, List<Block> blocks, int rows, long dropped) {
        Iterable<Pack> packs() {
            return () -> blocks.stream().map(Block::pack).iterator();
        }
    }

    /** Runs what takes batches, one at a time; rows come in meanwhile. */
    public void alone(Runnable work) {
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    /** The same for who may be stopped by an interrupt; waits ten minutes at most. */
    public void inTurn(Runnable work) {
        awaitTurn();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
    }

    private void awaitTurn() {
        try {
            if (lock.tryLock(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem.Unavailable(
                    "Stopped while rows waited to be noted for monitoring", "mw run resume RUN", e);
        }
        throw new Problem.Unavailable(
                "Rows waited " + PATIENCE.toMinutes() + " minutes to be noted for monitoring while others were",
                "mw run resume RUN");
    }

    /** Takes the rows or counts them as dropped; returns whether with them as many wait as are worth storing. */
    public boolean offer(Scored scored, int worth) {
        int now = rows.addAndGet(scored.rows());
        if (now > capacity) {
            dropped.add(scored.rows());
            allDropped.add(scored.rows());
            rows.addAndGet(-scored.rows());
            return false;
        }
        Block block = open.get(scored.version());
        while (block == null || !block.fits(scored) || !block.offer(scored)) {
            block = another(block, scored);
        }
        return now >= worth && now - scored.rows() < worth;
    }

    /** The block to use instead of one that is full or does not fit. */
    private synchronized Block another(@Nullable Block old, Scored scored) {
        Block now = open.get(scored.version());
        if (now != null && now != old) {
            return now;
        }
        int room = LEAST;
        if (now == null || now.fits(scored)) {
            size = now == null ? size : Math.min(MOST, 2 * size);
            room = size;
        }
        if (now != null) {
            seal(now);
        }
        Block block = empty(scored, Math.max(room, scored.rows()));
        open.put(scored.version(), block);
        return block;
    }

    private Block empty(Scored scored, int room) {
        for (Block block : spare) {
            if (block.capacity() >= room && block.fits(scored)) {
                spare.remove(block);
                block.open();
                return block;
            }
        }
        return new Block(scored, room, texts);
    }

    private void seal(Block block) {
        sealedRows += block.seal();
        sealed.add(block);
    }

    public boolean isEmpty() {
        return rows.get() == 0 && dropped.sum() == 0;
    }

    /** The batch that is not committed yet, or a new one of at most about {@code most} rows; empty ones only for drops. */
    public synchronized Batch next(int most) {
        if (batch == null) {
            if (sealedRows < most) {
                open.values().forEach(this::seal);
                open.clear();
            }
            var part = new ArrayList<Block>();
            int count = 0;
            while (count < most && !sealed.isEmpty()) {
                Block block = sealed.removeFirst();
                part.add(block);
                count += block.rows();
            }
            sealedRows -= count;
            batch = new Batch(sequence + 1, part, count, dropped.sumThenReset());
        }
        return batch;
    }

    /** Forgets the batch: it is in the windows. */
    public synchronized void committed(Batch stored) {
        sequence = stored.sequence();
        rows.addAndGet(-stored.rows());
        batch = null;
        for (Block block : stored.blocks()) {
            if (spare.size() < SPARE && block.capacity() == size) {
                spare.add(block);
            }
        }
    }

    public int waitingRows() {
        return rows.get();
    }

    /** Rows that were not taken since the start. */
    public long droppedRows() {
        return allDropped.sum();
    }
}
