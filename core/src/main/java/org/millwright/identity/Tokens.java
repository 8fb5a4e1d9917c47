package org.millwright.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;

/** Tokens {@code mw_<id>_<secret>} of users and of steps; only their hashes are kept. */
final class Tokens {
    private static final Duration LONGEST = Duration.ofDays(366);

    private final Database database;
    private final Ledger ledger;
    private final Clock clock;
    private final Ids ids;
    private final UserStore store;
    private final Users users;
    private final SecureRandom random = new SecureRandom();
    private final KnownTokens known = new KnownTokens();

    Tokens(Database database, Ledger ledger, Clock clock, Ids ids, UserStore store, Users users) {
        this.database = database;
        this.ledger = ledger;
        this.clock = clock;
        this.ids = ids;
        this.store = store;
        this.users = users;
    }

    /** Makes the next use of each token ask the database: whose rights changed, or who is gone. */
    void forget() {
        known.forget();
    }

    /** The roles that somebody has in some project; within a transaction those that it sees, which nobody else may believe. */
    Set<Role> rolesAnywhere(String person) {
        if (database.isInside()) {
            return store.rolesAnywhere(person);
        }
        long now = clock.millis();
        Set<Role> cached = known.roles(person, now);
        if (cached != null) {
            return cached;
        }
        long before = known.changes();
        Set<Role> held = database.read(() -> store.rolesAnywhere(person));
        known.putRoles(person, held, now, before);
        return held;
    }

    String issue(Actor by, User user, String label, Duration life) {
        if (!by.id().equals(user.id())) {
            users.access().require(by, Permission.MANAGE_USERS);
        }
        if (life.isNegative() || life.isZero() || life.compareTo(LONGEST) > 0) {
            throw new Problem.Invalid("A token lives between 1 second and " + LONGEST.toDays() + " days, not " + life);
        }
        return issue(by, user.id(), label, null, life);
    }

    String issueForRun(Actor by, String runId, Duration life) {
        return issue(by, by.id(), "run " + runId, runId, life);
    }

    private String issue(Actor by, String userId, String label, @Nullable String run, Duration life) {
        var secret = new byte[32];
        random.nextBytes(secret);
        String id = ids.random().substring(0, 16);
        String token =
                "mw_" + id + "_" + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        String hash = Json.sha256(token.getBytes(StandardCharsets.UTF_8));
        long now = clock.millis();
        database.write(() -> {
            store.insertToken(id, userId, hash, label, run, now, now + life.toMillis());
            if (run == null) {
                ledger.append(by, "token.issued", "token:" + id, Json.object().put("user", userId));
                store.byId(userId).ifPresent(user -> users.endSetUp(user, user.roles()));
                database.afterCommit(known::forget);
            }
        });
        return token;
    }

    void revokeRun(String runId) {
        database.write(() -> {
            store.revokeRun(runId, clock.millis());
            database.afterCommit(known::forget);
        });
    }

    void revoke(Actor by, User user, String id) {
        if (!by.id().equals(user.id())) {
            users.access().require(by, Permission.MANAGE_USERS);
        }
        database.write(() -> {
            if (!store.revokeToken(user.id(), id, clock.millis())) {
                throw new Problem.NotFound(
                        user.name() + " has no token " + id + " that is not revoked yet",
                        "The id stands between the underscores of mw_ID_SECRET.");
            }
            ledger.append(by, "token.revoked", "token:" + id, Json.object().put("user", user.id()));
            database.afterCommit(known::forget);
        });
    }

    boolean isKnown(String token) {
        return known.has(Json.sha256(token.getBytes(StandardCharsets.UTF_8)), clock.millis());
    }

    Actor by(String token) {
        String[] parts = token.split("_", 3);
        if (parts.length != 3 || !parts[0].equals("mw")) {
            throw new Problem.Unauthenticated("Not a Millwright token");
        }
        long now = clock.millis();
        String hash = Json.sha256(token.getBytes(StandardCharsets.UTF_8));
        Actor cached = known.get(hash, now);
        if (cached != null) {
            return cached;
        }
        long before = known.changes();
        Actor actor = database.read(() -> owner(parts[1], hash, now));
        known.put(hash, actor, now, before);
        return actor;
    }

    private Actor owner(String id, String hash, long now) {
        var live = store.liveToken(id, now)
                .filter(candidate -> MessageDigest.isEqual(
                        candidate.hash().getBytes(StandardCharsets.US_ASCII), hash.getBytes(StandardCharsets.US_ASCII)))
                .orElseThrow(() -> new Problem.Unauthenticated("The token is unknown, expired or revoked"));
        if (live.userId().equals(Actor.LOCAL.id()) || live.userId().equals(Actor.SYSTEM.id())) {
            Actor owner = live.userId().equals(Actor.LOCAL.id()) ? Actor.LOCAL : Actor.SYSTEM;
            return new Actor(
                    owner.id(), owner.name(), Actor.Kind.STEP, owner.authenticated(), owner.roles(), live.run());
        }
        return store.byId(live.userId())
                .map(user -> user.actor(live.run()))
                .orElseThrow(() -> new Problem.Unauthenticated("The token's user is gone"));
    }
}
