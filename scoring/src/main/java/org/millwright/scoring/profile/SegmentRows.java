package org.millwright.scoring.profile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Vector;

/** Which rows belong to which declared segment, such as {@code origin=JFK} or {@code carrier=UA,origin=JFK}. */
public final class SegmentRows {
    /** Segments of a window that are profiled, those that come first. */
    public static final int MOST_PROFILED = 24;

    /** Characters of a segment's value; longer ones are cut, and those with the same beginning are one. */
    public static final int LONGEST_VALUE = 60;

    /** No value is so long. */
    private static final String MISSING = "\0".repeat(LONGEST_VALUE + 2);

    private int[] rows = new int[16];
    private int size;

    private SegmentRows() {}

    /**
     * The rows of each segment by its name; a row without a value is in no segment of that column.
     *
     * @param groups columns whose values, together, make segments
     */
    public static Map<String, int[]> of(Frame inputs, List<List<String>> groups) {
        Map<String, int[]> all = new LinkedHashMap<>();
        for (List<String> group : groups) {
            List<Vector> columns = new ArrayList<>();
            group.stream()
                    .mapToInt(inputs::position)
                    .filter(at -> at >= 0)
                    .forEach(at -> columns.add(inputs.column(at)));
            if (columns.size() == group.size()) {
                split(inputs.rows(), columns).forEach((values, rows) -> {
                    String name = name(group, values);
                    if (!name.isEmpty()) {
                        all.put(name, Arrays.copyOf(rows.rows, rows.size));
                    }
                });
            }
        }
        return all;
    }

    /** The rows by their values in the columns. */
    private static Map<List<String>, SegmentRows> split(int rows, List<Vector> columns) {
        Map<List<String>, SegmentRows> found = new LinkedHashMap<>();
        for (int row = 0; row < rows; row++) {
            List<String> values = new ArrayList<>(columns.size());
            for (Vector column : columns) {
                String value = text(column.value(row));
                values.add(value == null ? MISSING : value);
            }
            found.computeIfAbsent(values, made -> new SegmentRows()).add(row);
        }
        return found;
    }

    /** What the segment is called; "" when a value is missing. */
    private static String name(List<String> group, List<String> values) {
        var name = new StringBuilder();
        for (int i = 0; i < group.size(); i++) {
            if (values.get(i).equals(MISSING)) {
                return "";
            }
            name.append(i == 0 ? "" : ",").append(group.get(i)).append('=').append(values.get(i));
        }
        return name.toString();
    }

    private void add(int row) {
        if (size == rows.length) {
            rows = Arrays.copyOf(rows, 2 * size);
        }
        rows[size++] = row;
    }

    /** Whether one of the groups has segments of such a name. */
    public static boolean isOf(String name, List<List<String>> groups) {
        for (List<String> group : groups) {
            int at = 0;
            boolean fits = !group.isEmpty();
            for (String column : group) {
                String start = (at == 0 ? "" : ",") + column + "=";
                at = at == 0 ? (name.startsWith(start) ? 0 : -1) : name.indexOf(start, at);
                if (at < 0) {
                    fits = false;
                    break;
                }
                at += start.length();
            }
            if (fits && name.length() - at <= LONGEST_VALUE + 1) {
                return true;
            }
        }
        return false;
    }

    /** A value as segments are called after it; null when it is missing. */
    public static @Nullable String text(@Nullable Object value) {
        if (value == null || value instanceof Double number && number.isNaN()) {
            return null;
        }
        String text = value instanceof Double number ? plain(number) : value.toString();
        return text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE) + "…";
    }

    /** A number as a name: whole numbers read alike, however they are held. */
    public static String plain(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1L << 53
                ? Long.toString((long) number)
                : Double.toString(number);
    }
}
