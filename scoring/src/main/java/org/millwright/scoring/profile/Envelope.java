package org.millwright.scoring.profile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Vector;

/**
 * What training rows had in each column: numbers from the least to the greatest, and these texts. A row with a value beyond
 * is one of which the model knows little. Missing values are not beyond.
 */
public final class Envelope {
    /** Rows are counted up to so many columns beyond: profiles count so few values exactly. */
    private static final int MOST = 63;

    private static final String ROWS = "columns outside of training";
    private static final String COLUMNS = "outside of training";
    private static final String TYPES = "texts in columns of numbers";

    private final Map<String, Range> ranges = new HashMap<>();

    /** The derived columns that it keeps in a window's profile. */
    public static final Set<String> DERIVED = Set.of(ROWS, COLUMNS, TYPES);

    /** @param texts null of numbers; of texts that were too many to know them all, the column has no range */
    private record Range(
            double least, double most, @Nullable Set<String> texts) {}

    private Envelope() {}

    /** The envelope of the inputs that a profile of training rows knows. */
    public static Envelope of(Profile inputs) {
        var envelope = new Envelope();
        for (ColumnProfile column : inputs.columns()) {
            if (column instanceof NumericProfile numbers && numbers.present() > 0) {
                envelope.ranges.put(column.name(), new Range(numbers.min(), numbers.max(), null));
            } else if (column instanceof CategoryProfile texts && texts.isExact() && texts.present() > 0) {
                envelope.ranges.put(
                        column.name(), new Range(0, 0, Set.copyOf(texts.counts().keySet())));
            }
        }
        return envelope;
    }

    /** Finds what of these rows lies beyond. */
    public RowFindings look(Frame inputs) {
        int[] outside = new int[inputs.rows()];
        List<RowFindings> all = new ArrayList<>();
        for (int c = 0; c < inputs.width(); c++) {
            Range range = ranges.get(inputs.name(c));
            if (range == null) {
                continue;
            }
            long beyond = beyond(inputs, c, range, outside);
            if (beyond > 0) {
                all.add(some(COLUMNS, inputs, c, beyond, column -> beyond(column, 0, range, new int[column.rows()])));
            }
        }
        for (int c = 0; c < inputs.width(); c++) {
            Range range = ranges.get(inputs.name(c));
            long texts = range == null || range.texts() != null ? 0 : texts(inputs, c);
            if (texts > 0) {
                all.add(some(TYPES, inputs, c, texts, column -> texts(column, 0)));
            }
        }
        double[] counts = new double[outside.length];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = Math.min(MOST, outside[i]);
        }
        all.add(RowFindings.numbers(ROWS, counts));
        return RowFindings.of(all);
    }

    /** A column of which some rows are to be counted; of a part of them it is counted anew, and mostly there is none. */
    private static RowFindings some(
            String derived, Frame inputs, int column, long count, ToLongFunction<Frame> counting) {
        String name = inputs.name(column);
        return (window, rows) -> {
            long found = rows == null
                    ? count
                    : counting.applyAsLong(inputs.select(List.of(name)).pick(rows));
            if (found > 0) {
                window.derivedTexts(derived).add(name, found);
            }
        };
    }

    private static long texts(Frame inputs, int column) {
        return inputs.column(column) instanceof Vector.Strings texts
                ? Arrays.stream(texts.values()).filter(Objects::nonNull).count()
                : 0;
    }

    /** Rows with a text where training had numbers, by column. */
    public static Map<String, Long> wrongTypes(Profile window) {
        return window.derivedTexts(TYPES).counts();
    }

    private static long beyond(Frame inputs, int column, Range range, int[] outside) {
        Vector values = inputs.column(column);
        boolean texts = inputs.type(column) == DataType.STRING || inputs.type(column) == DataType.BOOLEAN;
        long count = 0;
        if (range.texts() != null && values instanceof Vector.Strings strings) {
            for (int i = 0; i < outside.length; i++) {
                String text = strings.values()[i];
                if (text != null && !range.texts().contains(CategoryProfile.key(text))) {
                    outside[i]++;
                    count++;
                }
            }
        } else if (range.texts() != null) {
            for (int i = 0; i < outside.length; i++) {
                Object value = values.value(i);
                boolean beyond = value != null && !range.texts().contains(CategoryProfile.text(value));
                outside[i] += beyond ? 1 : 0;
                count += beyond ? 1 : 0;
            }
        } else if (!texts) {
            double[] numbers = inputs.doubles(column);
            double least = range.least();
            double most = range.most();
            for (int i = 0; i < outside.length; i++) {
                if (numbers[i] < least || numbers[i] > most) {
                    outside[i]++;
                    count++;
                }
            }
        }
        return count;
    }

    /**
     * What of a window lies beyond.
     *
     * @param rows that were looked at
     * @param outside of these, with a value beyond
     * @param columns rows with a value beyond, by column; without those that have none
     */
    public record Outside(long rows, long outside, Map<String, Long> columns) {
        public double share() {
            return rows == 0 ? Double.NaN : (double) outside / rows;
        }
    }

    /** What the window's profile has counted; no rows when it was made without an envelope. */
    public static Outside outside(Profile window) {
        NumericProfile rows = window.derived(ROWS);
        long inside = 0;
        double[] values = rows.fewValues().orElse(new double[0]);
        for (int i = 0; i < values.length; i++) {
            inside += values[i] == 0 ? rows.fewCounts()[i] : 0;
        }
        return new Outside(
                rows.rows(), rows.rows() - inside, window.derivedTexts(COLUMNS).counts());
    }
}
