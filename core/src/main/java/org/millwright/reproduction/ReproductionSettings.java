package org.millwright.reproduction;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.millwright.kernel.Problem;
import org.millwright.project.CronTimes;
import org.millwright.project.Trigger;

/**
 * What the server makes again by itself, and how long that may take.
 *
 * @param calendar when all that is in production is made again; empty for never
 * @param certified whether what is certified is made again once
 * @param timeLimit of one reproduction
 */
public record ReproductionSettings(Optional<CronTimes> calendar, boolean certified, Duration timeLimit) {
    /** Sets the calendar: five fields of cron in UTC, {@code certified} for none, or {@code off} for nothing at all. */
    public static final String VARIABLE = "MW_REPRODUCE";

    /** The night to Sunday: training again costs as much as training. */
    static final String WEEKLY = "0 3 * * 0";

    private static final String OFF = "off";
    private static final String CERTIFIED = "certified";
    private static final Duration LIMIT = Duration.ofHours(4);

    /** A time that no server saw is made up for within a day; later the next one is waited for. */
    private static final Duration LATE = Duration.ofDays(1);

    public static ReproductionSettings of(Map<String, String> environment) {
        String text = environment.getOrDefault(VARIABLE, WEEKLY).strip();
        if (text.equals(OFF) || text.equals(CERTIFIED)) {
            return new ReproductionSettings(Optional.empty(), text.equals(CERTIFIED), LIMIT);
        }
        try {
            var cron = new Trigger.Cron(text, ZoneOffset.UTC, Trigger.CatchUp.NONE);
            return new ReproductionSettings(Optional.of(new CronTimes(cron)), true, LIMIT);
        } catch (IllegalArgumentException e) {
            throw new Problem.Invalid(
                    VARIABLE + ": '" + text + "' (expected: five fields of cron such as '" + WEEKLY + "', " + CERTIFIED
                            + " or " + OFF + ")",
                    "Correct or unset it.");
        }
    }

    static String text(Duration limit) {
        return limit.toHours() > 0 ? limit.toHours() + " hours" : limit.toMillis() + " ms";
    }

    /** Whether a time of the calendar came since the last one. */
    boolean isDue(Instant now, long last) {
        return calendar.flatMap(times -> times.upTo(now))
                .filter(time -> time.toEpochMilli() > last && time.plus(LATE).isAfter(now))
                .isPresent();
    }
}
