package org.millwright.web.ui;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers and times as people read them. */
public final class Text {
    private static final Pattern LONG_ID = Pattern.compile("([0-9a-f]{12})[0-9a-f]{8,}");
    private static final DateTimeFormatter EXACT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Text() {}

    /** Up to four significant digits, thousands grouped, trailing zeros dropped. */
    public static String number(double value) {
        if (!Double.isFinite(value) || Math.abs(value) == Double.MAX_VALUE) {
            return Double.isNaN(value) ? "–" : value > 0 ? "∞" : "−∞";
        }
        double size = Math.abs(value);
        if (size < 1e-12) {
            return "0";
        }
        if (size >= 1e9 || size < 1e-4) {
            return minus(String.format(Locale.ROOT, "%.3g", value));
        }
        int decimals = Math.max(0, 3 - (int) Math.floor(Math.log10(size)));
        String text = String.format(Locale.ROOT, "%,." + Math.min(decimals, 7) + "f", value);
        return minus(text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text);
    }

    /** A metric's value; a value that is no number is told apart from none at all. */
    public static String metric(double value) {
        return Double.isNaN(value) ? "NaN" : number(value);
    }

    /** A number as a URL and a form write it. */
    public static String form(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    public static boolean isNumber(String text) {
        return Column.isNumber(text);
    }

    /** Every digit of a value. */
    public static String digits(double value) {
        return Math.abs(value) == Double.MAX_VALUE ? number(value) : Double.toString(value);
    }

    /** A value as short as it can be said: a double that holds a single-precision number without that one's noise. */
    static @Nullable Object brief(@Nullable Object value) {
        return value instanceof Double wide && wide.floatValue() == wide
                ? Double.valueOf(Float.toString(wide.floatValue()))
                : value;
    }

    public static String number(long value) {
        return minus(String.format(Locale.ROOT, "%,d", value));
    }

    /** {@code 1 row}, {@code 2,000 rows}. */
    public static String count(long n, String noun) {
        return number(n) + " " + noun + (n == 1 ? "" : "s");
    }

    public static String millis(double value) {
        return Double.isNaN(value) ? "–" : number(value) + " ms";
    }

    public static String percent(double share) {
        return Double.isNaN(share) ? "–" : number(Math.rint(share * 1000) / 10) + " %";
    }

    /** A difference with its sign. */
    public static String signed(double value) {
        return value > 0 ? "+" + number(value) : number(value);
    }

    public static String bytes(long size) {
        if (size < 1000) {
            return size + " B";
        }
        String[] units = {"kB", "MB", "GB", "TB"};
        double value = size;
        int unit = -1;
        while (value >= 1000 && unit < units.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, value < 10 ? "%.1f %s" : "%.0f %s", value, units[unit]);
    }

    public static String duration(long millis) {
        if (millis < 1000) {
            return millis + " ms";
        }
        if (millis < 60_000) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
        }
        Duration duration = Duration.ofMillis(millis);
        if (duration.toDays() > 1) {
            return duration.toDays() + " days " + duration.toHoursPart() + " h";
        }
        return duration.toHours() > 0
                ? duration.toHours() + " h " + duration.toMinutesPart() + " min"
                : duration.toMinutes() + " min " + duration.toSecondsPart() + " s";
    }

    /** {@code 3 minutes ago}; the exact time belongs into the title of the element. */
    public static String ago(long then, long now) {
        long seconds = Math.max(0, (now - then) / 1000);
        if (seconds < 60) {
            return seconds < 5 ? "just now" : seconds + " s ago";
        } else if (seconds < 3600) {
            return seconds / 60 + " min ago";
        } else if (seconds < 86_400) {
            return seconds / 3600 + " h ago";
        }
        return seconds / 86_400 + (seconds < 172_800 ? " day ago" : " days ago");
    }

    public static String exact(long millis) {
        return EXACT.format(Instant.ofEpochMilli(millis));
    }

    /** The time for programs. */
    public static String iso(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }

    /** The day, UTC. */
    public static String day(long millis) {
        return EXACT.format(Instant.ofEpochMilli(millis)).substring(0, 10);
    }

    /** A counter that went no further than {@code most}. */
    public static String counted(int count, int most) {
        return number((long) count) + (count >= most ? "+" : "");
    }

    public static String brief(String id) {
        return id.length() > 12 ? id.substring(0, 12) : id;
    }

    public static String cut(String text, int limit) {
        return text.length() > limit ? text.substring(0, limit) + "…" : text;
    }

    /** The kind of asset that a reference names: {@code alert} of {@code alert:12}. */
    public static String kind(String reference) {
        int colon = reference.indexOf(':');
        return colon < 0 ? reference : reference.substring(0, colon);
    }

    /** A reference to read: long ids in it are cut, as nobody reads them; the whole belongs beside it, as a title. */
    public static String ref(String reference) {
        return LONG_ID.matcher(reference).replaceAll("$1…");
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String minus(String text) {
        return text.startsWith("-") ? "−" + text.substring(1) : text;
    }
}
