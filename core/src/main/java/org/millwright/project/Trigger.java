package org.millwright.project;

import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What has to happen since the last training for a pipeline to start by itself. */
public sealed interface Trigger {
    /** One of them. */
    record Any(List<Trigger> of) implements Trigger {
        public Any {
            of = List.copyOf(of);
        }
    }

    /** Every one of them, in any order. */
    record All(List<Trigger> of) implements Trigger {
        public All {
            of = List.copyOf(of);
        }
    }

    /** A time of the calendar. */
    record Cron(String expression, ZoneId zone, CatchUp catchUp) implements Trigger {}

    /** A new version of a data set; "" for any that the project made. */
    record NewData(String dataset) implements Trigger {}

    /** So many outcomes that came since. */
    record NewLabels(long atLeast) implements Trigger {}

    /** A broken clause of this kind, or the clause of this key, that is an alert. */
    record Broken(String clause) implements Trigger {
        /** Whether the clause with this key is meant. */
        public boolean isAbout(String key) {
            return key.equals(clause) || key.startsWith(clause + ":");
        }
    }

    /** So long since the last training began. */
    record Every(Duration time) implements Trigger {}

    /** A push of the project's files. */
    record Push() implements Trigger {}

    /** What becomes of the times at which no server ran. */
    enum CatchUp {
        NONE,
        LAST,
        ALL;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Throws IllegalArgumentException for an unknown word. */
        static CatchUp of(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT));
        }
    }

    /** The conditions that it is made of. */
    default Stream<Trigger> leaves() {
        return switch (this) {
            case Any any -> any.of().stream().flatMap(Trigger::leaves);
            case All all -> all.of().stream().flatMap(Trigger::leaves);
            default -> Stream.of(this);
        };
    }

    /** Whether a broken clause with this key has a part in it. */
    default boolean watches(String clause) {
        return leaves().anyMatch(leaf -> leaf instanceof Broken broken && broken.isAbout(clause));
    }

    /** As it is written in the file. */
    default String text() {
        return switch (this) {
            case Any any -> "any of (" + texts(any.of()) + ")";
            case All all -> "all of (" + texts(all.of()) + ")";
            case Cron cron -> "cron " + cron.expression() + " " + cron.zone();
            case NewData data -> "new-data" + (data.dataset().isEmpty() ? "" : " " + data.dataset());
            case NewLabels labels -> "new-labels " + labels.atLeast();
            case Broken broken -> broken.clause();
            case Every every -> "every " + every.time().toDays() + "d";
            case Push push -> "push";
        };
    }

    private static String texts(List<Trigger> triggers) {
        return String.join(", ", triggers.stream().map(Trigger::text).toList());
    }
}
