package org.millwright.evidence;

import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.millwright.ledger.Entry;
import org.millwright.ledger.Ledger;

/** The entries of the ledger that tell about a model version, by index. */
final class Concerned {
    /** What this room itself notes of packs: it would make every pack differ from the one before. */
    static final String EXPORTED = "evidence.exported";

    private final Ledger ledger;
    private final TreeMap<Long, Entry> entries = new TreeMap<>();

    Concerned(Ledger ledger) {
        this.ledger = ledger;
    }

    Concerned about(String subject) {
        return about(subject, action -> true);
    }

    Concerned about(String subject, Predicate<String> action) {
        for (Entry entry : ledger.about(subject)) {
            if (!entry.action().equals(EXPORTED) && action.test(entry.action())) {
                entries.put(entry.index(), entry);
            }
        }
        return this;
    }

    /** Oldest first. */
    List<Entry> all() {
        return List.copyOf(entries.values());
    }
}
