package org.millwright.factory;

import org.millwright.ledger.Entry;
import org.millwright.notification.Deliverer;
import org.millwright.notification.Notifications;

/** From an alert that changed to those who are told. */
public final class Telling {
    private static final String ALERT = "alert:";

    private final Notifications notifications;
    private final Deliverer deliverer;

    public Telling(Notifications notifications, Deliverer deliverer) {
        this.notifications = notifications;
        this.deliverer = deliverer;
    }

    /** Names the reactions of this file. */
    public void register(Outbox outbox) {
        outbox.on("alert.raised", this::tell)
                .on("alert.acknowledged", this::tell)
                .on("alert.resolved", this::tell);
    }

    private void tell(Entry entry) {
        notifications.look(entry.subject().substring(ALERT.length()));
        deliverer.signal();
    }
}
