package org.millwright.notification;

import java.util.Locale;
import java.util.Optional;
import org.millwright.alert.Subject;

/**
 * That a channel is to be told of a change of an alert: once for each alert, event and channel.
 *
 * @param subject what the alert is about
 * @param notedAt milliseconds since the epoch
 * @param waiting whether it is in no delivery yet; neither waiting nor in one, it was dropped
 * @param deliveryId the delivery that tells it
 */
record Notice(
        String alertId,
        Event event,
        String channelId,
        Subject subject,
        long notedAt,
        boolean waiting,
        Optional<String> deliveryId) {

    /** What became of the alert. */
    enum Event {
        RAISED,
        /** Nobody acknowledged it in time. */
        ESCALATED,
        ACKNOWLEDGED,
        RESOLVED;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Whether it is how a channel hears of the alert in the first place. */
        boolean first() {
            return this == RAISED || this == ESCALATED;
        }
    }

    boolean dropped() {
        return !waiting && deliveryId.isEmpty();
    }
}
