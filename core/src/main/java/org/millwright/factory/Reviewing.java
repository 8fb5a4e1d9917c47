package org.millwright.factory;

import org.millwright.alert.LateReviews;
import org.millwright.ledger.Entry;

/** From a review that is late, or that was done, to the alert about it. */
public final class Reviewing {
    private static final String PROJECT = "project:";

    private final LateReviews late;

    public Reviewing(LateReviews late) {
        this.late = late;
    }

    /** Names the reactions of this file. */
    public void register(Outbox outbox) {
        outbox.on("project.review-overdue", this::look)
                .on("project.reviewed", this::look)
                .on("project.retired", this::look);
    }

    private void look(Entry entry) {
        late.look(entry.subject().substring(PROJECT.length()));
    }
}
