package org.millwright.identity;

import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;

/** Makes and removes accounts, and holds their passwords. */
final class Accounts {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._@-]{0,63}");

    private final Database database;
    private final Ledger ledger;
    private final Clock clock;
    private final Ids ids;
    private final UserStore store;
    private final Users users;
    private final Tokens tokens;
    private final KnownNames names;
    private final Passwords passwords = new Passwords();

    Accounts(
            Database database,
            Ledger ledger,
            Clock clock,
            Ids ids,
            UserStore store,
            Users users,
            Tokens tokens,
            KnownNames names) {
        this.database = database;
        this.ledger = ledger;
        this.clock = clock;
        this.ids = ids;
        this.store = store;
        this.users = users;
        this.tokens = tokens;
        this.names = names;
    }

    User add(Actor by, Users.NewUser wanted, @Nullable String password) {
        users.access().require(by, Permission.MANAGE_USERS);
        String name = wanted.name();
        if (!NAME.matcher(name).matches()) {
            throw new Problem.Invalid("User name '"
                    + name.substring(0, Math.min(100, name.length())).replace('\0', ' ')
                    + "' (expected 1-64 of a-z 0-9 . _ @ - that start with a letter or digit)");
        }
        requireGivable(wanted.roles());
        String hash = password == null ? null : Passwords.hash(password);
        return database.write(() -> {
            if (store.byName(name).isPresent()) {
                throw new Problem.Conflict("User " + name + " exists already", "mw user list");
            }
            String display = wanted.display().isBlank() ? name : wanted.display();
            Optional<String> owner = owner(by, wanted);
            var user = new User(ids.next("u"), name, display, wanted.kind(), wanted.roles(), owner, clock.millis());
            store.insert(user, hash);
            names.forget();
            var details = Json.object().put("kind", user.kind().name());
            details.put("roles", Role.texts(user.roles()).toString());
            owner.ifPresent(person -> details.put("person", person));
            ledger.append(by, "user.added", user.ref(), details);
            if (password != null) {
                users.endSetUp(user, user.roles());
            }
            database.afterCommit(tokens::forget);
            return user;
        });
    }

    private Optional<String> owner(Actor by, Users.NewUser wanted) {
        if (wanted.owner().isPresent()) {
            User owner = users.get(wanted.owner().get());
            if (owner.kind() != Actor.Kind.PERSON) {
                throw new Problem.Invalid(
                        owner.name() + " is a machine user (expected: the person who answers for " + wanted.name()
                                + ")",
                        "mw user list");
            }
            return Optional.of(users.personOf(owner.id()));
        }
        return wanted.kind() == Actor.Kind.MACHINE
                ? Optional.of(users.personOf(by.id())).filter(this::isPerson)
                : Optional.empty();
    }

    private boolean isPerson(String id) {
        return id.equals(Actor.LOCAL.id())
                || store.byId(id)
                        .filter(user -> user.kind() == Actor.Kind.PERSON)
                        .isPresent();
    }

    static void requireGivable(Set<Role> roles) {
        if (roles.contains(Role.LOCAL_OWNER)) {
            throw new Problem.Invalid("Role local-owner cannot be given");
        }
    }

    void setPassword(Actor by, String name, String password, String present) {
        User user = users.get(name);
        if (by.id().equals(user.id())) {
            requirePresent(user, present);
        } else {
            users.access().require(by, Permission.MANAGE_USERS);
        }
        String hash = Passwords.hash(password);
        database.write(() -> {
            store.setPassword(user.id(), hash);
            ledger.append(by, "user.password-changed", user.ref(), Json.object());
        });
    }

    private void requirePresent(User user, String present) {
        String stored = database.read(() -> store.passwordHash(user.id())).orElse("");
        if (!stored.isEmpty() && present.isEmpty()) {
            throw new Problem.Invalid("Current password is required to change your own password.");
        }
        if (!stored.isEmpty() && !passwords.matches(present, stored)) {
            throw new Problem.Invalid("Current password does not match.");
        }
    }

    Actor byPassword(String name, String password) {
        return database.read(() -> {
            Optional<User> user = store.byName(name);
            String stored =
                    user.flatMap(found -> store.passwordHash(found.id())).orElse("");
            if (user.isEmpty() || stored.isEmpty() || !passwords.matches(password, stored)) {
                throw new Problem.Unauthenticated("Unknown user or wrong password");
            }
            return user.get().actor(Optional.empty());
        });
    }

    void remove(Actor by, String name) {
        users.access().require(by, Permission.MANAGE_USERS);
        database.write(() -> {
            User user = users.get(name);
            if (user.roles().contains(Role.ADMIN)) {
                requireOtherAdmin(user);
            }
            store.remove(user.id(), clock.millis());
            users.access().grants().forgetPerson(user.id());
            ledger.append(by, "user.removed", user.ref(), Json.object());
            database.afterCommit(tokens::forget);
        });
    }

    int forget(Actor by, String name) {
        users.access().require(by, Permission.MANAGE_USERS);
        int erased = database.write(() -> {
            Optional<User> user = store.byName(name);
            var theirs = KnownNames.of(name, user.map(User::display).orElse(name));
            user.ifPresent(found -> remove(by, name));
            int texts = ledger.erase(theirs::areNamedIn);
            ledger.append(
                    by,
                    "user.forgotten",
                    user.map(User::ref).orElseGet(ledger::subject),
                    Json.object().put("texts", texts));
            database.afterCommit(tokens::forget);
            return texts;
        });
        names.forget();
        return erased;
    }

    void requireOtherAdmin(User user) {
        boolean other = store.all().stream()
                .anyMatch(each -> !each.id().equals(user.id()) && each.roles().contains(Role.ADMIN));
        if (!other) {
            throw new Problem.Invalid(
                    user.name() + " is the last administrator (expected: another one first)",
                    "mw user grant NAME admin");
        }
    }
}
