package org.millwright.registry;

import java.util.List;
import java.util.Optional;

/**
 * An address that is told of events in the registry; its secret is never shown.
 *
 * @param active whether it is told at present
 * @param createdAt milliseconds since the epoch, as updatedAt
 */
public record Webhook(
        String id,
        String name,
        String url,
        Optional<String> description,
        List<WebhookEvent> events,
        boolean active,
        long createdAt,
        long updatedAt) {
    public Webhook {
        events = List.copyOf(events);
    }
}
