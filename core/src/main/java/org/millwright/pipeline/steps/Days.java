package org.millwright.pipeline.steps;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.millwright.dataset.Column;
import org.millwright.dataset.TableEngine;
import org.millwright.scoring.Frame;

/** Which rows of a table are of the same day, whose weather or market makes models wrong together. */
final class Days {
    /** With fewer days nothing could be said of their spread, and each row stands for itself. */
    static final int LEAST = 10;

    private static final int BATCH = 16_384;
    private static final int DATE = "2013-01-01".length();

    private Days() {}

    /** A number for each row, the same for rows of one day; empty when the column does not tell at least ten days. */
    static long[] of(TableEngine tables, Path parquet, String column) {
        if (column.isEmpty()
                || tables.columns(parquet).stream().map(Column::name).noneMatch(column::equals)) {
            return new long[0];
        }
        var frames = new ArrayList<Frame>();
        tables.read(parquet, List.of(column), BATCH, frames::add);
        return frames.isEmpty() ? new long[0] : of(Frame.concat(frames));
    }

    /** Of the first column; a row without a day is a day of its own. */
    private static long[] of(Frame times) {
        Map<String, Long> days = new HashMap<>();
        long[] numbers = new long[times.rows()];
        for (int row = 0; row < numbers.length; row++) {
            boolean isTime =
                    times.value(0, row) instanceof String text && text.length() >= DATE && text.charAt(4) == '-';
            if (isTime) {
                String day = String.valueOf(times.value(0, row)).substring(0, DATE);
                numbers[row] = days.computeIfAbsent(day, found -> (long) days.size());
            } else {
                numbers[row] = -1L - row;
            }
        }
        return days.size() < LEAST ? new long[0] : numbers;
    }
}
