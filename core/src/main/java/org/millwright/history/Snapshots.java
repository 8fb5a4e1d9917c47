package org.millwright.history;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.millwright.ledger.Entry;
import org.millwright.ledger.Ledger;

/**
 * Keeps places of the facts about assets with many entries as entries come, so that no question about one has to read them all.
 * Where it is is noted in the log's delivery marks; what it makes may be thrown away.
 */
public final class Snapshots {
    private static final String CONSUMER = "history";
    private static final int PAGE = 1_000;
    private static final int MOST_COUNTED = 200_000;

    private final Ledger ledger;
    private final History history;
    /** Entries about each asset that is told of, since its last snapshot. */
    private final Map<String, Integer> since = new HashMap<>();

    /** Entries after which an asset gets its next snapshot, where that is not {@link History#PAGE}. */
    private final Map<String, Integer> most = new HashMap<>();

    private long next = -1;

    public Snapshots(Ledger ledger, History history) {
        this.ledger = ledger;
        this.history = history;
    }

    /** Looks at some of what was appended since the last time; returns whether there is more. */
    public synchronized boolean step() {
        if (next < 0) {
            next = ledger.delivered(CONSUMER);
        }
        List<Entry> page = ledger.from(next, PAGE);
        page.forEach(this::count);
        if (page.isEmpty()) {
            return false;
        }
        next = page.getLast().index() + 1;
        if (page.size() < PAGE) {
            return false;
        }
        ledger.setDelivered(CONSUMER, next);
        if (since.size() > MOST_COUNTED) {
            since.clear();
            most.clear();
        }
        return true;
    }

    private void count(Entry entry) {
        for (String ref : new HashSet<>(entry.subjects())) {
            if (!Tellings.kind(ref).isEmpty()
                    && since.merge(ref, 1, Integer::sum) >= most.getOrDefault(ref, History.PAGE)) {
                since.remove(ref);
                most.put(ref, Math.max(History.PAGE, history.keep(ref, entry.index() + 1)));
            }
        }
    }
}
