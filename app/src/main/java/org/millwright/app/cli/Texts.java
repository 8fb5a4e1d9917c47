package org.millwright.app.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;

/** Times, durations and counts as people read them. */
final class Texts {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Texts() {}

    /** UTC to the second, from milliseconds since the epoch. */
    static String time(long millis) {
        return TIME.format(Instant.ofEpochMilli(millis)) + "Z";
    }

    /** The same of a time as the server's API writes it; any other text as it is. */
    static String time(String text) {
        try {
            return time(Instant.parse(text).toEpochMilli());
        } catch (DateTimeParseException e) {
            return text;
        }
    }

    /** {@code 0.8 s}, {@code 12.3 s}, {@code 4 min 05 s}. */
    static String duration(Duration duration) {
        long millis = Math.max(0, duration.toMillis());
        if (millis < 60_000) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
        }
        long seconds = millis / 1000;
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d h %02d min", seconds / 3600, seconds % 3600 / 60);
    }

    /** Thousands with a comma. */
    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** A bar of the share done, of {@code width} characters. */
    static String bar(double share, int width) {
        int full = (int) Math.round(Math.clamp(share, 0, 1) * width);
        return "━".repeat(full) + "╌".repeat(width - full);
    }

    /** The first 12 characters of an id. */
    static String brief(String id) {
        return id.length() > 12 ? id.substring(0, 12) : id;
    }

    /** The first twenty names, and how many there are more. */
    static String some(List<String> names) {
        String first = String.join(", ", names.subList(0, Math.min(20, names.size())));
        return names.size() > 20 ? first + " and " + count(names.size() - 20) + " more" : first;
    }
}
