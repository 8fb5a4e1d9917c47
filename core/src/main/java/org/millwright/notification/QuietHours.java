package org.millwright.notification;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millwright.kernel.Problem;

/** Hours of each day in which a channel is not told; what came meanwhile is sent when they end. */
public record QuietHours(LocalTime from, LocalTime until, ZoneId zone) {
    private static final Pattern FORM = Pattern.compile("(\\d\\d:\\d\\d)-(\\d\\d:\\d\\d)(?: (\\S{1,40}))?");

    /** Reads {@code 22:00-07:00 Europe/Berlin}; without a zone it is UTC; empty text means none. */
    public static Optional<QuietHours> parse(String text) {
        if (text.isBlank()) {
            return Optional.empty();
        }
        Matcher matcher = FORM.matcher(text.strip());
        try {
            if (matcher.matches()) {
                String zone = matcher.group(3);
                var hours = new QuietHours(
                        LocalTime.parse(matcher.group(1)),
                        LocalTime.parse(matcher.group(2)),
                        ZoneId.of(zone == null ? "UTC" : zone));
                if (!hours.from().equals(hours.until())) {
                    return Optional.of(hours);
                }
            }
        } catch (DateTimeException e) {
            // said below
        }
        throw new Problem.Invalid("quiet: '" + text + "' (expected: hours such as '22:00-07:00 Europe/Berlin')");
    }

    boolean holds(long millis) {
        LocalTime now = LocalTime.ofInstant(Instant.ofEpochMilli(millis), zone);
        return from.isBefore(until)
                ? !now.isBefore(from) && now.isBefore(until)
                : !now.isBefore(from) || now.isBefore(until);
    }

    @Override
    public String toString() {
        return from + "-" + until + " " + zone;
    }
}
