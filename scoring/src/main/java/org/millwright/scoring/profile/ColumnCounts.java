package org.millwright.scoring.profile;

import java.util.HashMap;
import java.util.Map;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Vector;

/** All values of one raw column with how often each occurs: what can be said of a column when the order of rows means nothing. */
public sealed interface ColumnCounts {
    String name();

    /** Rows with a usable value. */
    long present();

    /** Rows without one: null, NaN or infinite. */
    long missing();

    /** Number of distinct values. */
    int distinct();

    default long rows() {
        return present() + missing();
    }

    /** Share of rows without a usable value, 0 to 1; 0 when there are no rows. */
    default double missingShare() {
        return rows() == 0 ? 0 : (double) missing() / rows();
    }

    /** The same with each number as a category of its own. */
    default ColumnCounts categories() {
        if (!(this instanceof Numbers numbers)) {
            return this;
        }
        Map<String, Long> counts = new HashMap<>();
        double[] values = numbers.sample().values();
        for (int i = 0; i < values.length; i++) {
            String text = values[i] == Math.rint(values[i]) && Math.abs(values[i]) < 1L << 53
                    ? Long.toString((long) values[i])
                    : Double.toString(values[i]);
            counts.put(text, numbers.sample().weight(i));
        }
        return new Categories(numbers.name(), counts, numbers.missing());
    }

    /**
     * A column of numbers.
     *
     * @param sample its finite values, each once
     */
    record Numbers(String name, Sample sample, long missing) implements ColumnCounts {
        @Override
        public long present() {
            return sample.size();
        }

        @Override
        public int distinct() {
            return sample.values().length;
        }
    }

    /** A column of categories: texts or truth values. */
    record Categories(String name, Map<String, Long> counts, long present, long missing) implements ColumnCounts {
        public Categories(String name, Map<String, Long> counts, long missing) {
            this(
                    name,
                    counts,
                    counts.values().stream().mapToLong(Long::longValue).sum(),
                    missing);
        }

        @Override
        public int distinct() {
            return counts.size();
        }
    }

    /**
     * A column of dates or times, which move on by themselves and so are not compared.
     *
     * @param first earliest as text, empty without rows
     * @param last latest as text, empty without rows
     */
    record Times(String name, String first, String last, int distinct, long present, long missing)
            implements ColumnCounts {}

    /** A column of texts of which nearly each is another one, too many to count. */
    record Identifiers(String name, int distinct, long present, long missing) implements ColumnCounts {}

    /** Counts a column of a frame; texts and truth values are categories. */
    static ColumnCounts of(Frame frame, int column) {
        String name = frame.name(column);
        if (frame.type(column) != DataType.BOOLEAN && frame.type(column).isNumeric()) {
            return of(name, frame.doubles(column));
        }
        Vector vector = frame.column(column);
        Map<String, Long> counts = new HashMap<>();
        long missing = 0;
        for (int i = 0; i < vector.size(); i++) {
            Object value = vector.value(i);
            if (value == null) {
                missing++;
            } else {
                counts.merge(value.toString(), 1L, Long::sum);
            }
        }
        return new Categories(name, counts, missing);
    }

    /** Counts numbers. */
    static Numbers of(String name, double[] values) {
        Sample sample = Sample.distinct(values);
        return new Numbers(name, sample, values.length - sample.size());
    }
}
