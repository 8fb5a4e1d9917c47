package org.millwright.monitor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Vector;

/** Which rows belong to which declared segment. */
final class SegmentRows {
    /** No value is so long. */
    private static final String MISSING = "\0".repeat(KeptRows.LONGEST_VALUE + 2);

    private int[] rows = new int[16];
    private int size;

    private SegmentRows() {}

    /** The rows of each segment by its name, such as {@code origin=JFK}; a row without a value is in no segment of that column. */
    static Map<String, int[]> of(Frame inputs, Segments split) {
        if (split.isEmpty()) {
            return Map.of();
        }
        Map<String, int[]> all = new LinkedHashMap<>();
        for (List<String> group : split.groups()) {
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
                String value = KeptRows.text(column.value(row));
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
}
