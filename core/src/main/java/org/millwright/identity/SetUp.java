package org.millwright.identity;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.ledger.Ledger;

/** How an installation that asks for credentials comes to its first administrator. */
final class SetUp {
    /** Who makes the first administrator; gone afterwards. */
    private static final String NAME = "set-up";

    private final Database database;
    private final Ledger ledger;
    private final UserStore store;
    private final Tokens tokens;
    private final Users users;

    SetUp(Database database, Ledger ledger, UserStore store, Tokens tokens, Users users) {
        this.database = database;
        this.ledger = ledger;
        this.store = store;
        this.tokens = tokens;
        this.users = users;
    }

    Optional<String> begin(Optional<String> name, Optional<String> password, long now) {
        boolean done = users.list().stream()
                .anyMatch(user ->
                        user.roles().contains(Role.ADMIN) && !user.name().equals(NAME));
        if (done) {
            return Optional.empty();
        }
        if (name.isPresent() && password.isPresent()) {
            users.add(
                    Actor.SYSTEM,
                    name.get(),
                    "",
                    Actor.Kind.PERSON,
                    Set.of(Role.ADMIN, Role.DATA_SCIENTIST),
                    password.get());
            return Optional.empty();
        }
        if (users.find(NAME).isEmpty()) {
            users.add(Actor.SYSTEM, NAME, "Set-up", Actor.Kind.MACHINE, Set.of(Role.ADMIN), null);
        }
        database.write(() -> store.revokeAll(users.get(NAME).id(), now));
        tokens.forget();
        return Optional.of(users.issueToken(Actor.SYSTEM, NAME, "set-up", Duration.ofDays(1)));
    }

    /** Takes the set-up token when someone else administrates; inside the transaction. */
    void end(User user, Set<Role> roles, long now) {
        if (roles.contains(Role.ADMIN) && !user.name().equals(NAME)) {
            store.byName(NAME).ifPresent(setUp -> {
                store.remove(setUp.id(), now);
                ledger.append(Actor.SYSTEM, "user.removed", "user:" + setUp.id(), Json.object());
                database.afterCommit(tokens::forget);
            });
        }
    }
}
