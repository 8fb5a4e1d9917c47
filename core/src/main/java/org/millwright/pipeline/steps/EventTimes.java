package org.millwright.pipeline.steps;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import org.millwright.scoring.Frame;

/** Times of rows, which tables give as texts. */
final class EventTimes {
    /** Digits where zeros stand. */
    private static final String USUAL = "0000-00-00 00:00:00";

    /** Where the day ends. */
    private static final int DAY = 10;
    /** Characters with nanoseconds. */
    private static final int MOST = 29;

    private static final long NONE = Long.MIN_VALUE;

    private EventTimes() {}

    /** Milliseconds since the epoch, of a time without a zone as UTC; 0 for what is no time. */
    static long millis(String text) {
        long usual = usual(text);
        if (usual != NONE) {
            return usual;
        }
        try {
            String iso = text.replace(' ', 'T');
            return iso.endsWith("Z")
                    ? Instant.parse(iso).toEpochMilli()
                    : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC).toEpochMilli();
        } catch (DateTimeParseException e) {
            return 0;
        }
    }

    /** Of the form that the table engine writes, by itself: parsing any form is what reading times would cost; else NONE. */
    private static long usual(String text) {
        int length = text.length();
        boolean whole = length == USUAL.length();
        if (!whole && (length < USUAL.length() + 2 || length > MOST || text.charAt(USUAL.length()) != '.')) {
            return NONE;
        }
        for (int i = 0; i < length; i++) {
            char expected = i < USUAL.length() ? USUAL.charAt(i) : '0';
            char found = text.charAt(i);
            boolean fits = expected == '0' ? found >= '0' && found <= '9' : found == expected;
            if (!fits && !(i == DAY && found == 'T') && i != USUAL.length()) {
                return NONE;
            }
        }
        int month = number(text, 5, 7);
        int day = number(text, 8, DAY);
        int hour = number(text, 11, 13);
        int minute = number(text, 14, 16);
        int second = number(text, 17, 19);
        boolean sound = month >= 1 && month <= 12 && day >= 1 && day <= 28 && hour < 24 && minute < 60 && second < 60;
        if (!sound) {
            return NONE;
        }
        long date = LocalDate.of(number(text, 0, 4), month, day).toEpochDay();
        int millis = whole ? 0 : number((text + "00").substring(20, 23), 0, 3);
        return 1000 * (86_400 * date + 3600 * hour + 60 * minute + second) + millis;
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            number = 10 * number + text.charAt(i) - '0';
        }
        return number;
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
