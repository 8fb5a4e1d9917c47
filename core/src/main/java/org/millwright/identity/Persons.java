package org.millwright.identity;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;

/** Which accounts are one person: separation of duties is between people, whatever they sign in as. */
final class Persons {
    private final Database database;
    private final Ledger ledger;
    private final UserStore store;

    Persons(Database database, Ledger ledger, UserStore store) {
        this.database = database;
        this.ledger = ledger;
        this.store = store;
    }

    /** The account at the root of those that belong to one person; the id itself where nothing else is known. */
    String of(String id) {
        return database.read(() -> root(id));
    }

    private String root(String id) {
        return root(id, store::byId);
    }

    private static String root(String id, Function<String, Optional<User>> known) {
        var seen = new HashSet<String>();
        String at = id;
        while (seen.add(at)) {
            Optional<String> owner = known.apply(at).flatMap(User::owner);
            if (owner.isEmpty()) {
                return at;
            }
            at = owner.get();
        }
        return at;
    }

    /** Every account of one person, themselves first, also machine users they own. */
    List<User> accounts(String person) {
        return database.read(() -> {
            String root = root(person);
            List<User> all = store.all();
            Map<String, User> byId = all.stream().collect(Collectors.toMap(User::id, user -> user));
            return all.stream()
                    .filter(user -> root(
                                    user.id(),
                                    id -> Optional.ofNullable(byId.get(id)).or(() -> store.byId(id)))
                            .equals(root))
                    .sorted(java.util.Comparator.comparing(
                                    (User user) -> !user.id().equals(root))
                            .thenComparing(User::name))
                    .toList();
        });
    }

    /** Inside the transaction of the verb. */
    void link(Actor by, User user, User person) {
        if (person.kind() != Actor.Kind.PERSON) {
            throw new Problem.Invalid(
                    person.name() + " is a machine user (expected: a person's account)", "mw user list");
        }
        String root = root(person.id());
        if (root(user.id()).equals(root)) {
            throw new Problem.Conflict(
                    user.name() + " and " + person.name() + " are accounts of one person already", "mw user list");
        }
        store.setOwner(user.id(), root);
        ledger.append(by, "user.linked", "user:" + user.id(), Json.object().put("person", root));
    }

    /** Inside the transaction of the verb. */
    void unlink(Actor by, User user, String reason) {
        String owner = user.owner()
                .orElseThrow(() -> new Problem.Conflict(
                        user.name() + " is linked to no other account",
                        "mw user link " + user.name() + " --person NAME"));
        store.setOwner(user.id(), null);
        ledger.append(
                by,
                "user.unlinked",
                "user:" + user.id(),
                Json.object().put("person", owner).put("reason", reason));
    }
}
