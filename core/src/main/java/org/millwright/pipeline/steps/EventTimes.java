package org.millwright.pipeline.steps;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import org.millwright.scoring.Frame;

/** Times of rows, which tables give as texts. */
final class EventTimes {
    private EventTimes() {}

    /** Milliseconds since the epoch, of a time without a zone as UTC; 0 for what is no time. */
    static long millis(String text) {
        try {
            String iso = text.replace(' ', 'T');
            return iso.endsWith("Z")
                    ? Instant.parse(iso).toEpochMilli()
                    : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC).toEpochMilli();
        } catch (DateTimeParseException e) {
            return 0;
        }
    }

    /** Of a column; {@code otherwise} for a row without one, and where there is no such column. */
    static long[] of(Frame rows, String column, long otherwise) {
        long[] times = new long[rows.rows()];
        int position = rows.position(column);
        Arrays.setAll(times, row -> {
            Object value = position < 0 ? null : rows.value(position, row);
            long time = value instanceof String text ? millis(text) : 0;
            return time == 0 ? otherwise : time;
        });
        return times;
    }
}
