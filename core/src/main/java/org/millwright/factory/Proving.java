package org.millwright.factory;

import org.millwright.ledger.Entry;
import org.millwright.reproduction.Reproductions;

/** From a version's certificate to the version made again, once, when no run needs the machine. */
public final class Proving {
    private final Reproductions reproductions;

    public Proving(Reproductions reproductions) {
        this.reproductions = reproductions;
    }

    /** Names the reactions of this file. */
    public void register(Outbox outbox) {
        outbox.on("model.version-certified", entry -> certified(entry, true))
                .on("model.certificate-renewed", entry -> certified(entry, false))
                .on("pipeline-run.ended", entry -> reproductions.wake());
    }

    private void certified(Entry entry, boolean registered) {
        if (entry.details().path("reproduce").asBoolean(true)) {
            reproductions.certified(entry.subject(), entry.actor(), entry.at(), registered);
        }
    }
}
