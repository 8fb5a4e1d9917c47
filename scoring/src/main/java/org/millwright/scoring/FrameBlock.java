package org.millwright.scoring;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Rows of equal columns that wait, one below the other in flat arrays. Threads put rows in without a lock: each claims
 * places of its own. Thousands of waiting rows as objects would be copied by the garbage collector again and again, and
 * joining them costs more than looking at them; a block is used again when its rows were taken.
 */
public final class FrameBlock {
    /** What {@code claimed} is while nobody may put rows in. */
    private static final int SEALED = Integer.MIN_VALUE;

    private final int capacity;
    private final List<String> names;
    private final DataType[] types;
    private final Kind[] kinds;
    /** Numbers of a row that are no column and stand before them. */
    private final int own;

    /** A row's own numbers and columns, texts by number. */
    private final long[] numbers;

    private final int numbersWide;
    /** A bit for each column of a row. */
    private final long[] nulls;

    private final int nullsWide;
    private final Texts texts;
    /** Texts without a number, by their cell in {@link #numbers}. */
    private final Map<Integer, String> others = new ConcurrentHashMap<>();

    private final AtomicInteger claimed = new AtomicInteger();
    private final AtomicInteger written = new AtomicInteger();

    /** How a column's values are held. */
    private enum Kind {
        REAL,
        WHOLE,
        TRUTH,
        TEXT;

        static Kind of(Vector vector) {
            if (vector instanceof Vector.Doubles) {
                return REAL;
            }
            if (vector instanceof Vector.Longs) {
                return WHOLE;
            }
            return vector instanceof Vector.Booleans ? TRUTH : TEXT;
        }
    }

    /** Texts that occurred before, by number, so that a category is kept once and rows hold no objects; bounded. */
    public static final class Texts {
        private static final int MOST = 10_000;
        private static final int LONGEST = 200;
        private static final int UNKNOWN = -1;

        private final Map<String, Integer> numbers = new ConcurrentHashMap<>();
        private volatile String[] known = new String[64];
        private int size;

        /** The text's number, or {@link #UNKNOWN} when there are too many others or it is too long. */
        private int number(String text) {
            Integer number = numbers.get(text);
            return number != null ? number : text.length() > LONGEST || numbers.size() >= MOST ? UNKNOWN : add(text);
        }

        private synchronized int add(String text) {
            Integer number = numbers.get(text);
            if (number != null) {
                return number;
            }
            if (size == known.length) {
                known = Arrays.copyOf(known, 2 * size);
            }
            known[size] = text;
            numbers.put(text, size);
            return size++;
        }
    }

    /**
     * An empty block.
     *
     * @param like has the columns that rows will have
     * @param capacity rows that fit in
     * @param own numbers that each row has beside its columns, see {@link #set}
     */
    public FrameBlock(Frame like, int capacity, int own, Texts texts) {
        this.capacity = capacity;
        this.own = own;
        this.texts = texts;
        names = like.names();
        types = new DataType[like.width()];
        kinds = new Kind[like.width()];
        for (int i = 0; i < kinds.length; i++) {
            types[i] = like.type(i);
            kinds[i] = Kind.of(like.column(i));
        }
        numbersWide = own + kinds.length;
        numbers = new long[capacity * numbersWide];
        nullsWide = (kinds.length + Long.SIZE - 1) / Long.SIZE;
        nulls = new long[capacity * nullsWide];
    }

    public int capacity() {
        return capacity;
    }

    /** Whether rows have the columns that this block was made for. */
    public boolean fits(Frame rows) {
        if (!names.equals(rows.names())) {
            return false;
        }
        for (int i = 0; i < kinds.length; i++) {
            if (types[i] != rows.type(i) || kinds[i] != Kind.of(rows.column(i))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Reserves places for rows; who got some must {@link #write} and say {@link #written}. Safe for many threads.
     *
     * @return the first of them, or -1 when there is not enough room or no more may come
     */
    public int claim(int rows) {
        int from = claimed.get();
        while (from >= 0 && rows <= capacity - from) {
            int seen = claimed.compareAndExchange(from, from + rows);
            if (seen == from) {
                return from;
            }
            from = seen;
        }
        return -1;
    }

    /** Says that claimed rows are in. */
    public void written(int rows) {
        written.addAndGet(rows);
    }

    /** Puts a number of its own to a row. */
    public void set(int row, int which, long number) {
        numbers[row * numbersWide + which] = number;
    }

    public long get(int row, int which) {
        return numbers[row * numbersWide + which];
    }

    /** Puts rows that fit into places that were claimed here, or in a block that is filled in step with this one. */
    public void write(Frame rows, int from) {
        Arrays.fill(nulls, from * nullsWide, (from + rows.rows()) * nullsWide, 0);
        for (int column = 0; column < kinds.length; column++) {
            write(rows.column(column), column, from);
        }
    }

    private void write(Vector vector, int column, int from) {
        int cell = from * numbersWide + own + column;
        if (vector instanceof Vector.Doubles) {
            Vector.Doubles values = (Vector.Doubles) vector;
            for (int i = 0; i < values.size(); i++, cell += numbersWide) {
                numbers[cell] = Double.doubleToRawLongBits(values.values()[i]);
            }
            mark(values.nulls(), column, from);
        } else if (vector instanceof Vector.Longs) {
            Vector.Longs values = (Vector.Longs) vector;
            for (int i = 0; i < values.size(); i++, cell += numbersWide) {
                numbers[cell] = values.values()[i];
            }
            mark(values.nulls(), column, from);
        } else if (vector instanceof Vector.Booleans) {
            Vector.Booleans values = (Vector.Booleans) vector;
            for (int i = 0; i < values.size(); i++, cell += numbersWide) {
                numbers[cell] = values.values()[i] ? 1 : 0;
            }
            mark(values.nulls(), column, from);
        } else {
            write((Vector.Strings) vector, cell);
        }
    }

    private void write(Vector.Strings values, int first) {
        int cell = first;
        for (int i = 0; i < values.size(); i++, cell += numbersWide) {
            String text = values.values()[i];
            numbers[cell] = text == null ? Long.MIN_VALUE : texts.number(text);
            if (text != null && numbers[cell] == Texts.UNKNOWN) {
                others.put(cell, text);
            }
        }
    }

    private void mark(@Nullable BitSet missing, int column, int from) {
        if (missing != null) {
            for (int i = missing.nextSetBit(0); i >= 0; i = missing.nextSetBit(i + 1)) {
                nulls[(from + i) * nullsWide + column / Long.SIZE] |= 1L << column;
            }
        }
    }

    /** Lets no more rows in, waits for those that are being written, and returns how many there are. */
    public int seal() {
        int count = claimed.getAndSet(SEALED);
        while (written.get() < count) {
            Thread.yield();
        }
        return count;
    }

    /** Forgets the rows of a sealed block and lets new ones in. */
    public void open() {
        clear();
        written.set(0);
        claimed.set(0);
    }

    /** Forgets the rows of a block that is filled in step with another. */
    public void clear() {
        others.clear();
    }

    /** The first rows of a block into which nobody writes any more, column by column. */
    public Frame frame(int rows) {
        long[] missing = new long[nullsWide];
        for (int i = 0; i < rows * nullsWide; i++) {
            missing[i % nullsWide] |= nulls[i];
        }
        var frame = Frame.of(rows);
        for (int column = 0; column < kinds.length; column++) {
            boolean any = (missing[column / Long.SIZE] >>> column & 1) != 0;
            frame.column(names.get(column), types[column], vector(column, rows, any ? missing(column, rows) : null));
        }
        return frame.build();
    }

    private BitSet missing(int column, int rows) {
        var bits = new BitSet(rows);
        for (int row = 0; row < rows; row++) {
            bits.set(row, (nulls[row * nullsWide + column / Long.SIZE] >>> column & 1) != 0);
        }
        return bits;
    }

    private Vector vector(int column, int rows, @Nullable BitSet missing) {
        int cell = own + column;
        switch (kinds[column]) {
            case REAL: {
                var values = new double[rows];
                for (int row = 0; row < rows; row++, cell += numbersWide) {
                    values[row] = Double.longBitsToDouble(numbers[cell]);
                }
                return new Vector.Doubles(values, missing);
            }
            case WHOLE: {
                var values = new long[rows];
                for (int row = 0; row < rows; row++, cell += numbersWide) {
                    values[row] = numbers[cell];
                }
                return new Vector.Longs(values, missing);
            }
            case TRUTH: {
                var values = new boolean[rows];
                for (int row = 0; row < rows; row++, cell += numbersWide) {
                    values[row] = numbers[cell] != 0;
                }
                return new Vector.Booleans(values, missing);
            }
            default:
                return texts(cell, rows);
        }
    }

    private Vector texts(int first, int rows) {
        int cell = first;
        String[] known = texts.known;
        var values = new @Nullable String[rows];
        for (int row = 0; row < rows; row++, cell += numbersWide) {
            int number = (int) numbers[cell];
            if (numbers[cell] != Long.MIN_VALUE) {
                values[row] = number == Texts.UNKNOWN ? others.get(cell) : known[number];
            }
        }
        return new Vector.Strings(values);
    }
}
