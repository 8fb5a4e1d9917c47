package org.millwright.project;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.ledger.Ledger;

/** Notes half-way to a deadline and on its last day that people are to be reminded; the ledger knows what was noted. */
final class Reminders {
    private static final int MOST = 1_000;

    private final Database database;
    private final Ledger ledger;
    private final Clock clock;

    Reminders(Database database, Ledger ledger, Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * Something that waits; times in milliseconds since the epoch.
     *
     * @param subjects what the entry is about, the reference of what waits first
     * @param file digest of what waits
     * @param people user names of those whom it waits for
     */
    record Waiting(List<String> subjects, String file, long asked, long due, Supplier<List<String>> people) {}

    /** @param action of the entry, such as {@code project.reminded} */
    void remind(String action, Waiting waiting, WorkingDays days) {
        long now = clock.millis();
        boolean last = now >= days.lastDay(waiting.due());
        if (now >= waiting.due() || !last && now < days.halfWay(waiting.asked(), waiting.due())) {
            return;
        }
        database.write(() -> {
            boolean noted =
                    ledger.about(waiting.subjects().getFirst(), 0, Long.MAX_VALUE, Set.of(action), MOST).stream()
                            .filter(entry -> entry.details().path("asked").asLong() == waiting.asked()
                                    && entry.details().path("file").asText().equals(waiting.file()))
                            .anyMatch(entry ->
                                    !last || entry.details().path("last").asBoolean());
            if (!noted) {
                ObjectNode details = Json.object()
                        .put("file", waiting.file())
                        .put("asked", waiting.asked())
                        .put("due", waiting.due())
                        .put("last", last);
                details.set("approvers", Json.tree(waiting.people().get()));
                ledger.append(Actor.SYSTEM, action, waiting.subjects(), details);
            }
        });
    }
}
