package org.millwright.notification;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.millwright.alert.Subject;

/**
 * A message to a channel about alerts about one subject. Times are milliseconds since the epoch.
 *
 * @param channel the channel's name
 * @param dueAt when it is tried next, while it is pending
 * @param error what went wrong the last time
 * @param settledAt when it was sent or given up
 * @param told what it tells, as {@code ALERT raised}
 */
public record Delivery(
        String id,
        String channelId,
        String channel,
        Subject subject,
        State state,
        int tries,
        long dueAt,
        Optional<String> error,
        long createdAt,
        Optional<Long> settledAt,
        List<String> told) {
    public Delivery {
        told = List.copyOf(told);
    }

    /** Where a delivery stands. */
    public enum State {
        PENDING,
        SENT,
        /** Given up: told to nobody until someone retries it, or there is more to tell about its subject. */
        FAILED,
        /** Given up, and part of a later one. */
        REPLACED;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
