package org.millwright.identity;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Who showed a token in the last two seconds, by the token's hash; empty again as soon as a credential or a role changes. */
final class KnownTokens {
    private static final long MILLIS = 2_000;
    private static final int MOST = 10_000;

    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final AtomicLong changes = new AtomicLong();

    @Nullable
    Actor get(String hash, long now) {
        Known cached = known.get(hash);
        return cached != null && now - cached.at < MILLIS ? cached.actor : null;
    }

    /** Whether {@link #get} answers, for a second more at least. */
    boolean has(String hash, long now) {
        Known cached = known.get(hash);
        return cached != null && now - cached.at < MILLIS / 2;
    }

    /** What {@link #put} wants to know of the time before the database was asked. */
    long changes() {
        return changes.get();
    }

    /** @param before {@link #changes} before the database was asked: what it said is kept only when nothing changed since */
    void put(String hash, Actor actor, long now, long before) {
        if (known.size() >= MOST) {
            known.clear();
        }
        var mine = new Known(actor, now);
        known.put(hash, mine);
        if (changes.get() != before) {
            known.remove(hash, mine);
        }
    }

    void forget() {
        changes.incrementAndGet();
        known.clear();
    }

    private record Known(Actor actor, long at) {}
}
