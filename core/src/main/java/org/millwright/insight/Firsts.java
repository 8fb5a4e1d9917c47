package org.millwright.insight;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.millwright.ledger.Ledger;

/**
 * The first entry of an action about an asset. Once found it stays the first; where there is none yet it is sought from there on
 * the next time, so that a long history is walked once.
 */
final class Firsts {
    private final Ledger ledger;
    private final Map<String, Sought> known = new ConcurrentHashMap<>();

    Firsts(Ledger ledger) {
        this.ledger = ledger;
    }

    /** @param next place in the log from which on nobody looked */
    private record Sought(Optional<First> first, long next) {}

    private record First(long at, String subject) {}

    /**
     * What the first entry of an action about an asset changed, if that was by a moment.
     *
     * @param size of the log
     */
    Optional<String> subject(String asset, String action, long at, long size) {
        String key = action + " " + asset;
        Sought sought = known.getOrDefault(key, new Sought(Optional.empty(), 0));
        if (sought.first.isEmpty() && sought.next < size) {
            sought = new Sought(
                    ledger.about(asset, sought.next, size, Set.of(action), 1).stream()
                            .findFirst()
                            .map(entry -> new First(entry.at(), entry.subjects().getFirst())),
                    size);
            known.put(key, sought);
        }
        return sought.first.filter(first -> first.at <= at).map(First::subject);
    }
}
