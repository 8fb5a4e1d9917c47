package org.millwright.scoring.remote;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.Frame;
import org.millwright.scoring.FrameBlock;

/** Rows that were scored and that nobody has profiled yet: few at a time in flat blocks, many as they came. */
final class Waiting {
    private static final int LEAST = 64;
    private static final int MOST = 1_024;
    /** Rows of one call that are worth more than a place in a block. */
    private static final int LARGE = 128;

    private static final int SPARE = 8;

    private final FrameBlock.Texts texts = new FrameBlock.Texts();
    /** Where rows of each version go. */
    private final Map<String, Block> open = new ConcurrentHashMap<>();

    private final Deque<Block> sealed = new ArrayDeque<>();
    private final Deque<Block> spare = new ArrayDeque<>();
    private final Deque<Rows> large = new ArrayDeque<>();
    private int size = LEAST;

    /**
     * What a version scored on one day.
     *
     * @param last when its last row was scored
     */
    record Rows(Recorder.By by, Frame inputs, Frame outputs, long last) {}

    /** Rows of a version and day; {@code outputs} is filled in step with {@code inputs}. */
    private static final class Block {
        private static final int AT = 0;

        final Recorder.By by;
        final long day;
        final FrameBlock inputs;
        final FrameBlock outputs;
        int rows;

        Block(Rows like, int capacity, FrameBlock.Texts texts) {
            by = like.by();
            day = Recorder.day(like.last());
            inputs = new FrameBlock(like.inputs(), capacity, 1, texts);
            outputs = new FrameBlock(like.outputs(), capacity, 0, texts);
        }

        boolean fits(Rows some) {
            return by == some.by()
                    && day == Recorder.day(some.last())
                    && inputs.fits(some.inputs())
                    && outputs.fits(some.outputs());
        }

        boolean offer(Rows some) {
            int count = some.inputs().rows();
            int from = inputs.claim(count);
            if (from < 0) {
                return false;
            }
            try {
                for (int row = from; row < from + count; row++) {
                    inputs.set(row, AT, some.last());
                }
                inputs.write(some.inputs(), from);
                outputs.write(some.outputs(), from);
            } finally {
                inputs.written(count);
            }
            return true;
        }

        Rows taken() {
            long last = 0;
            for (int row = 0; row < rows; row++) {
                last = Math.max(last, inputs.get(row, AT));
            }
            return new Rows(by, inputs.frame(rows), outputs.frame(rows), last);
        }

        void reopen() {
            outputs.clear();
            inputs.open();
        }
    }

    /** Takes rows of one time; safe for many threads. */
    void offer(Rows some) {
        if (some.inputs().rows() >= LARGE) {
            synchronized (this) {
                large.add(some);
            }
            return;
        }
        Block block = open.get(some.by().version());
        while (block == null || !block.fits(some) || !block.offer(some)) {
            block = another(block, some);
        }
    }

    /** The block to use instead of one that is full or does not fit. */
    private synchronized Block another(@Nullable Block old, Rows some) {
        Block now = open.get(some.by().version());
        if (now != null && now != old) {
            return now;
        }
        if (now != null) {
            size = now.fits(some) ? Math.min(MOST, 2 * size) : LEAST;
            seal(now);
        }
        Block block = empty(some);
        open.put(some.by().version(), block);
        return block;
    }

    private Block empty(Rows some) {
        for (Block block : spare) {
            if (block.fits(some)) {
                spare.remove(block);
                block.reopen();
                return block;
            }
        }
        return new Block(some, Math.max(size, LARGE), texts);
    }

    private void seal(Block block) {
        block.rows = block.inputs.seal();
        sealed.add(block);
    }

    /** Hands over everything that waits, one block or call after the other. For one thread at a time. */
    void drain(Consumer<Rows> taker) {
        List<Rows> calls;
        List<Block> blocks;
        synchronized (this) {
            open.values().forEach(this::seal);
            open.clear();
            blocks = new ArrayList<>(sealed);
            sealed.clear();
            calls = new ArrayList<>(large);
            large.clear();
        }
        for (Block block : blocks) {
            if (block.rows > 0) {
                taker.accept(block.taken());
            }
            giveBack(block);
        }
        calls.forEach(taker);
    }

    private synchronized void giveBack(Block block) {
        if (block.inputs.capacity() >= size) {
            spare.addFirst(block);
            if (spare.size() > SPARE) {
                spare.removeLast();
            }
        }
    }
}
