package org.millwright.notification;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.millwright.alert.Alert;
import org.millwright.kernel.Problem;

/**
 * A way to tell people, or their tools, of alerts; its secrets are never shown.
 *
 * @param project whose alerts it is told of; empty for those of all projects
 * @param target where it leads, without what is secret
 * @param escalatesAfter how long an alert must have been unacknowledged before it is told; zero tells it at once
 * @param failing since when, in milliseconds since the epoch, and why it cannot be told
 */
public record Channel(
        String id,
        String name,
        Optional<String> project,
        Kind kind,
        String target,
        Route route,
        Duration escalatesAfter,
        Optional<QuietHours> quiet,
        Optional<Failing> failing,
        long createdAt,
        String createdBy) {

    /** Since when and why a channel cannot be told. */
    public record Failing(long since, String error) {}

    /** How it is told. */
    public enum Kind {
        WEBHOOK,
        EMAIL,
        SLACK,
        TEAMS,
        ALERTMANAGER;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Kind of(String text) {
            for (Kind kind : values()) {
                if (kind.text().equals(text)) {
                    return kind;
                }
            }
            throw new Problem.Invalid("kind: '" + text + "' (expected: one of "
                    + Arrays.stream(values()).map(Kind::text).collect(Collectors.joining(", ")) + ")");
        }
    }

    public String ref() {
        return "channel:" + name;
    }

    /** Whether it is told of the alert, be it at once or when nobody acknowledges it. */
    boolean takes(Alert alert) {
        return project.filter(own -> !own.equals(alert.project())).isEmpty()
                && route.takes(alert)
                && (alert.isOpen() || alert.raisedAt() >= createdAt);
    }
}
