package org.millwright.identity;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Who showed a token in the last two seconds, by the token's hash, and which roles people have in projects, by their ids; empty
 * again as soon as a credential or a role changes.
 */
final class KnownTokens {
    private static final long MILLIS = 2_000;
    private static final int MOST = 10_000;

    private final Map<String, Known<Actor>> actors = new ConcurrentHashMap<>();
    private final Map<String, Known<Set<Role>>> roles = new ConcurrentHashMap<>();
    private final AtomicLong changes = new AtomicLong();

    @Nullable
    Actor get(String hash, long now) {
        return get(actors, hash, now);
    }

    /** The roles that somebody has in some project. */
    @Nullable
    Set<Role> roles(String person, long now) {
        return get(roles, person, now);
    }

    private static <T> @Nullable T get(Map<String, Known<T>> known, String key, long now) {
        Known<T> cached = known.get(key);
        return cached != null && now - cached.at < MILLIS ? cached.what : null;
    }

    /** Whether {@link #get} answers, for a second more at least. */
    boolean has(String hash, long now) {
        Known<Actor> cached = actors.get(hash);
        return cached != null && now - cached.at < MILLIS / 2;
    }

    /** What {@link #put} wants to know of the time before the database was asked. */
    long changes() {
        return changes.get();
    }

    /** @param before {@link #changes} before the database was asked: what it said is kept only when nothing changed since */
    void put(String hash, Actor actor, long now, long before) {
        put(actors, hash, actor, now, before);
    }

    /** @param before as with {@link #put} */
    void putRoles(String person, Set<Role> held, long now, long before) {
        put(roles, person, Set.copyOf(held), now, before);
    }

    private <T> void put(Map<String, Known<T>> known, String key, T what, long now, long before) {
        if (known.size() >= MOST) {
            known.clear();
        }
        var mine = new Known<>(what, now);
        known.put(key, mine);
        if (changes.get() != before) {
            known.remove(key, mine);
        }
    }

    void forget() {
        changes.incrementAndGet();
        actors.clear();
        roles.clear();
    }

    private record Known<T>(T what, long at) {}
}
