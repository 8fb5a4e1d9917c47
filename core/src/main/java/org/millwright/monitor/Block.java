package org.millwright.monitor;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Vector;
import org.millwright.serving.Scored;

/**
 * Answered rows of one version that wait to be profiled, one below the other in flat arrays. Threads of requests put rows
 * in without a lock: each claims places of its own. Thousands of waiting requests as objects would be copied by the
 * garbage collector again and again; a block is used again when its rows are stored.
 */
final class Block {
    /** What {@code claimed} is while nobody may put rows in. */
    private static final int SEALED = Integer.MIN_VALUE;

    private static final int PREDICTION = 0;
    private static final int TIME = 1;
    private static final int AT = 2;
    private static final int OWN = 3;

    private final int capacity;
    private final String version;
    private final List<String> names;
    private final DataType[] types;
    private final Kind[] kinds;

    /** A row's columns, texts by number, and what is {@link #OWN} before them. */
    private final long[] numbers;

    private final int numbersWide;
    /** A bit for each column of a row. */
    private final long[] nulls;

    private final int nullsWide;
    private final String[] ids;
    private final Texts texts;
    /** Texts without a number, by their cell in {@link #numbers}. */
    private final Map<Integer, String> others = new ConcurrentHashMap<>();

    private final AtomicInteger claimed = new AtomicInteger();
    private final AtomicInteger written = new AtomicInteger();
    private int rows;

    /** How a column's values are held. */
    private enum Kind {
        REAL,
        WHOLE,
        TRUTH,
        TEXT;

        static Kind of(Vector vector) {
            return switch (vector) {
                case Vector.Doubles values -> REAL;
                case Vector.Longs values -> WHOLE;
                case Vector.Booleans values -> TRUTH;
                case Vector.Strings values -> TEXT;
            };
        }
    }

    /** Texts that occurred before, by number, so that a category is kept once and rows hold no objects; bounded. */
    static final class Texts {
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

    /** An empty block for rows like these. */
    Block(Scored like, int capacity, Texts texts) {
        Frame inputs = like.inputs();
        this.capacity = capacity;
        this.texts = texts;
        version = like.version();
        names = inputs.names();
        types = new DataType[inputs.width()];
        kinds = new Kind[inputs.width()];
        for (int i = 0; i < kinds.length; i++) {
            types[i] = inputs.type(i);
            kinds[i] = Kind.of(inputs.column(i));
        }
        numbersWide = OWN + kinds.length;
        numbers = new long[capacity * numbersWide];
        nullsWide = (kinds.length + Long.SIZE - 1) / Long.SIZE;
        nulls = new long[capacity * nullsWide];
        ids = new String[capacity];
        Arrays.fill(ids, "");
    }

    int capacity() {
        return capacity;
    }

    /** Rows of a sealed block. */
    int rows() {
        return rows;
    }

    /** Whether it holds rows of this version and of these columns. */
    boolean fits(Scored scored) {
        Frame inputs = scored.inputs();
        if (!version.equals(scored.version()) || !names.equals(inputs.names())) {
            return false;
        }
        for (int i = 0; i < kinds.length; i++) {
            if (types[i] != inputs.type(i) || kinds[i] != Kind.of(inputs.column(i))) {
                return false;
            }
        }
        return true;
    }

    /** Puts rows that fit in; false when there is not enough room, or no more may come. Safe for many threads. */
    boolean offer(Scored scored) {
        int from = claimed.get();
        while (from >= 0 && scored.rows() <= capacity - from) {
            int seen = claimed.compareAndExchange(from, from + scored.rows());
            if (seen == from) {
                try {
                    write(scored, from);
                } finally {
                    written.addAndGet(scored.rows());
                }
                return true;
            }
            from = seen;
        }
        return false;
    }

    private void write(Scored scored, int from) {
        Frame inputs = scored.inputs();
        int to = from + scored.rows();
        for (int row = from, i = 0; row < to; row++, i++) {
            int number = row * numbersWide;
            numbers[number + PREDICTION] = Double.doubleToRawLongBits(scored.predictions()[i]);
            numbers[number + TIME] = scored.times()[i];
            numbers[number + AT] = scored.at();
            if (!scored.ids()[i].isEmpty()) {
                ids[row] = scored.ids()[i];
            }
        }
        Arrays.fill(nulls, from * nullsWide, to * nullsWide, 0);
        for (int column = 0; column < kinds.length; column++) {
            write(inputs.column(column), column, from);
        }
    }

    private void write(Vector vector, int column, int from) {
        int cell = from * numbersWide + OWN + column;
        switch (vector) {
            case Vector.Doubles values -> {
                for (int i = 0; i < values.size(); i++, cell += numbersWide) {
                    numbers[cell] = Double.doubleToRawLongBits(values.values()[i]);
                }
                mark(values.nulls(), column, from);
            }
            case Vector.Longs values -> {
                for (int i = 0; i < values.size(); i++, cell += numbersWide) {
                    numbers[cell] = values.values()[i];
                }
                mark(values.nulls(), column, from);
            }
            case Vector.Booleans values -> {
                for (int i = 0; i < values.size(); i++, cell += numbersWide) {
                    numbers[cell] = values.values()[i] ? 1 : 0;
                }
                mark(values.nulls(), column, from);
            }
            case Vector.Strings values -> {
                for (int i = 0; i < values.size(); i++, cell += numbersWide) {
                    String text = values.values()[i];
                    numbers[cell] = text == null ? Long.MIN_VALUE : texts.number(text);
                    if (text != null && numbers[cell] == Texts.UNKNOWN) {
                        others.put(cell, text);
                    }
                }
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
    int seal() {
        int count = claimed.getAndSet(SEALED);
        while (written.get() < count) {
            Thread.yield();
        }
        rows = count;
        return count;
    }

    /** Forgets the rows of a sealed block and lets new ones in. */
    void open() {
        others.clear();
        Arrays.fill(ids, "");
        written.set(0);
        claimed.set(0);
    }

    /** The rows of a sealed block, column by column. */
    Pack pack() {
        var predictions = new double[rows];
        var times = new long[rows];
        var at = new long[rows];
        long[] missing = new long[nullsWide];
        for (int row = 0; row < rows; row++) {
            int number = row * numbersWide;
            predictions[row] = Double.longBitsToDouble(numbers[number + PREDICTION]);
            times[row] = numbers[number + TIME];
            at[row] = numbers[number + AT];
            for (int i = 0; i < nullsWide; i++) {
                missing[i] |= nulls[row * nullsWide + i];
            }
        }
        var inputs = Frame.of(rows);
        for (int column = 0; column < kinds.length; column++) {
            boolean any = (missing[column / Long.SIZE] >>> column & 1) != 0;
            inputs.column(names.get(column), types[column], vector(column, any ? missing(column) : null));
        }
        return new Pack(version, inputs.build(), predictions, Arrays.copyOf(ids, rows), times, at);
    }

    private BitSet missing(int column) {
        var bits = new BitSet(rows);
        for (int row = 0; row < rows; row++) {
            bits.set(row, (nulls[row * nullsWide + column / Long.SIZE] >>> column & 1) != 0);
        }
        return bits;
    }

    private Vector vector(int column, @Nullable BitSet missing) {
        int cell = OWN + column;
        switch (kinds[column]) {
            case REAL -> {
                var values = new double[rows];
                for (int row = 0; row < rows; row++, cell += numbersWide) {
                    values[row] = Double.longBitsToDouble(numbers[cell]);
                }
                return new Vector.Doubles(values, missing);
            }
            case WHOLE -> {
                var values = new long[rows];
                for (int row = 0; row < rows; row++, cell += numbersWide) {
                    values[row] = numbers[cell];
                }
                return new Vector.Longs(values, missing);
            }
            case TRUTH -> {
                var values = new boolean[rows];
                for (int row = 0; row < rows; row++, cell += numbersWide) {
                    values[row] = numbers[cell] != 0;
                }
                return new Vector.Booleans(values, missing);
            }
            default -> {
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
    }
}
