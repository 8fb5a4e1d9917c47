package org.millwright.identity;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;

/** Creates users, gives and takes tokens and roles, and tells who shows a credential. */
public final class Users implements Authenticator {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._@-]{0,63}");
    private final Database database;
    private final Ledger ledger;
    private final Clock clock;
    private final Ids ids;
    private final UserStore store;
    private final Access access;
    private final Grants grants;
    private final Passwords passwords = new Passwords();
    private final Persons persons;
    private final Tokens tokens;
    private final SetUp setUp;
    private final Members members;
    private final Roles roles;
    private final Attempts attempts;
    private final KnownNames names;

    public Users(Database database, Ledger ledger, Clock clock, Ids ids) {
        this(database, ledger, clock, ids, Level.READ);
    }

    /** @param others what people may do with experiments and models outside projects that nobody shared with them */
    public Users(Database database, Ledger ledger, Clock clock, Ids ids, Level others) {
        this.database = database;
        this.ledger = ledger;
        this.clock = clock;
        this.ids = ids;
        this.store = new UserStore(database);
        this.names = new KnownNames(store::all);
        this.grants = new Grants(database, ledger, others);
        this.access = new Access(this, grants);
        this.persons = new Persons(database, ledger, store);
        this.tokens = new Tokens(database, ledger, clock, ids, store, this);
        this.setUp = new SetUp(database, ledger, store, tokens, this);
        this.members = new Members(database, ledger, store);
        this.roles = new Roles(database, ledger, access, clock, new RoleStore(database));
        this.attempts = new Attempts(database, ledger);
        ledger.protect(names);
    }

    /** The roles that there are. */
    public Roles roles() {
        return roles;
    }

    /** Who tried what they may not. */
    public Attempts attempts() {
        return attempts;
    }

    /** The one access check. */
    public Access access() {
        return access;
    }

    /** Adds a person or a machine user, whose owner is the person who adds it. */
    public User add(
            Actor by, String name, String display, Actor.Kind kind, Set<Role> roles, @Nullable String password) {
        return add(by, new NewUser(name, display, kind, roles, Optional.empty()), password);
    }

    /**
     * Someone to add.
     *
     * @param owner user name of the person whose account this is too, or who answers for the machine user
     */
    public record NewUser(String name, String display, Actor.Kind kind, Set<Role> roles, Optional<String> owner) {}

    /** Adds a person or a machine user; who answers for a machine user is its owner, or else the person who adds it. */
    public User add(Actor by, NewUser wanted, @Nullable String password) {
        access.require(by, Permission.MANAGE_USERS);
        String name = wanted.name();
        if (!NAME.matcher(name).matches()) {
            throw new Problem.Invalid("User name '"
                    + name.substring(0, Math.min(100, name.length())).replace('\0', ' ')
                    + "' (expected 1-64 of a-z 0-9 . _ @ - that start with a letter or digit)");
        }
        requireGivable(wanted.roles());
        String hash = password == null ? null : Passwords.hash(password);
        User added = database.write(() -> {
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
            ledger.append(by, "user.added", subject(user), details);
            if (password != null) {
                endSetUp(user, user.roles());
            }
            return user;
        });
        tokens.forget();
        return added;
    }

    private Optional<String> owner(Actor by, NewUser wanted) {
        if (wanted.owner().isPresent()) {
            User owner = get(wanted.owner().get());
            if (owner.kind() != Actor.Kind.PERSON) {
                throw new Problem.Invalid(
                        owner.name() + " is a machine user (expected: the person who answers for " + wanted.name()
                                + ")",
                        "mw user list");
            }
            return Optional.of(personOf(owner.id()));
        }
        return wanted.kind() == Actor.Kind.MACHINE
                ? Optional.of(personOf(by.id())).filter(this::isPerson)
                : Optional.empty();
    }

    private boolean isPerson(String id) {
        return id.equals(Actor.LOCAL.id())
                || store.byId(id)
                        .filter(user -> user.kind() == Actor.Kind.PERSON)
                        .isPresent();
    }

    /** Says that an account belongs to a person who has another: together they count as one wherever two are asked for. */
    public User link(Actor by, String name, String person) {
        access.require(by, Permission.MANAGE_USERS);
        return database.write(() -> {
            persons.link(by, get(name), get(person));
            return get(name);
        });
    }

    /** Takes such a link back; needs a reason, as it makes two people of one. */
    public User unlink(Actor by, String name, String reason) {
        access.require(by, Permission.MANAGE_USERS);
        if (reason.isBlank()) {
            throw new Problem.Invalid("Say why these are two people", "mw user unlink " + name + " --reason …");
        }
        return database.write(() -> {
            persons.unlink(by, get(name), reason);
            return get(name);
        });
    }

    /** The account that stands for the person behind one: of a second account the first, of a machine user its owner's. */
    public String personOf(String id) {
        return persons.of(id);
    }

    /** Whether two accounts are of one person, or one is a machine user that the other answers for. */
    public boolean samePerson(String idA, String idB) {
        return idA.equals(idB) || personOf(idA).equals(personOf(idB));
    }

    /** Every account of the person behind one, also machine users they answer for. */
    public List<User> accounts(String id) {
        return persons.accounts(id);
    }

    /** Gives a role in the whole installation, or in one project. */
    public void grant(Actor by, String name, Role role, Optional<String> project) {
        access.require(by, Permission.MANAGE_USERS);
        requireGivable(Set.of(role));
        database.write(() -> {
            User user = get(name);
            roles.of(role.text());
            if (project.isPresent()) {
                members.add(by, project.get(), user, role);
                return;
            }
            var held = new TreeSet<>(user.roles());
            held.add(role);
            store.setRoles(user.id(), held);
            if (store.passwordHash(user.id()).isPresent()) {
                endSetUp(user, held);
            }
            ledger.append(
                    by,
                    "user.role-granted",
                    subject(user),
                    Json.object().put("role", role.text()).put("project", ""));
        });
        tokens.forget();
    }

    private static void requireGivable(Set<Role> roles) {
        if (roles.contains(Role.LOCAL_OWNER)) {
            throw new Problem.Invalid("Role local-owner cannot be given");
        }
    }

    /**
     * Makes the first administrator of an installation that asks for credentials: the one given, or whoever shows the token
     * that is returned, which lives for a day and dies when an administrator has credentials. Empty when there is one.
     */
    public Optional<String> setUp(Optional<String> name, Optional<String> password) {
        return setUp.begin(name, password, clock.millis());
    }

    void endSetUp(User user, Set<Role> roles) {
        setUp.end(user, roles, clock.millis());
    }

    /** Takes a role in the whole installation away; the last administrator stays one. */
    public void revoke(Actor by, String name, Role role) {
        access.require(by, Permission.MANAGE_USERS);
        database.write(() -> {
            User user = get(name);
            if (role.equals(Role.ADMIN) && user.roles().contains(role)) {
                requireOtherAdmin(user);
            }
            var roles = new TreeSet<>(user.roles());
            if (roles.remove(role)) {
                store.setRoles(user.id(), roles);
                ledger.append(
                        by, "user.role-revoked", subject(user), Json.object().put("role", role.text()));
            }
        });
        tokens.forget();
    }

    /**
     * Changes a password: an administrator anybody's, everyone their own by showing the present one.
     *
     * @param present the present password, "" where none was given
     */
    public void setPassword(Actor by, String name, String password, String present) {
        User user = get(name);
        if (by.id().equals(user.id())) {
            requirePresent(user, present);
        } else {
            access.require(by, Permission.MANAGE_USERS);
        }
        String hash = Passwords.hash(password);
        database.write(() -> {
            store.setPassword(user.id(), hash);
            ledger.append(by, "user.password-changed", subject(user), Json.object());
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

    /** Removes someone with their credentials and rights; the ledger keeps the id, and the name is free again. */
    public void remove(Actor by, String name) {
        access.require(by, Permission.MANAGE_USERS);
        database.write(() -> {
            User user = get(name);
            if (user.roles().contains(Role.ADMIN)) {
                requireOtherAdmin(user);
            }
            store.remove(user.id(), clock.millis());
            grants.forgetPerson(user.id());
            ledger.append(by, "user.removed", subject(user), Json.object());
        });
        tokens.forget();
    }

    /**
     * Removes someone, if they are still here, and erases what the ledger keeps beside its entries that names them; the entries
     * and all proofs stay. Returns how many texts were erased.
     */
    public int forget(Actor by, String name) {
        access.require(by, Permission.MANAGE_USERS);
        int erased = database.write(() -> {
            Optional<User> user = store.byName(name);
            var theirs = KnownNames.of(name, user.map(User::display).orElse(name));
            user.ifPresent(found -> remove(by, name));
            int texts = ledger.erase(theirs::areNamedIn);
            ledger.append(
                    by,
                    "user.forgotten",
                    user.map(Users::subject).orElseGet(ledger::subject),
                    Json.object().put("texts", texts));
            return texts;
        });
        tokens.forget();
        names.forget();
        return erased;
    }

    private void requireOtherAdmin(User user) {
        boolean other = store.all().stream()
                .anyMatch(each -> !each.id().equals(user.id()) && each.roles().contains(Role.ADMIN));
        if (!other) {
            throw new Problem.Invalid(
                    user.name() + " is the last administrator (expected: another one first)",
                    "mw user grant NAME admin");
        }
    }

    private static String subject(User user) {
        return "user:" + user.id();
    }

    /** Makes someone a member of a project; for the room that approves projects, inside its transaction. */
    public void addMember(String project, String userId, Role role) {
        store.addMember(project, userId, role);
        database.afterCommit(tokens::forget);
    }

    /** Takes a role in a project back that its file gave; for the same room, inside its transaction. */
    public void removeMember(String project, String userId, Role role) {
        store.removeMember(project, userId, role);
        database.afterCommit(tokens::forget);
    }

    /** Makes someone a member of a project whose room allowed it; inside its transaction. */
    public void join(Actor by, String project, User user, Role role) {
        members.add(by, project, user, role);
        database.afterCommit(tokens::forget);
    }

    /** Takes a role in a project away, as its room allowed; inside its transaction. */
    public void leave(Actor by, String project, User user, Role role) {
        members.remove(by, project, user, role);
        database.afterCommit(tokens::forget);
    }

    public List<Member> members(String project) {
        return members.of(project);
    }

    public Set<Role> rolesIn(String project, String userId) {
        return members.rolesIn(project, userId);
    }

    Set<Role> rolesAnywhere(String id) {
        return database.read(() -> store.rolesAnywhere(id));
    }

    @Override
    public void requireSomewhere(Actor actor, Set<Permission> any) {
        access.requireSomewhere(actor, any);
    }

    public User get(String name) {
        return find(name)
                .orElseThrow(() -> new Problem.NotFound(
                        "No user named " + name, "mw user add " + name + " --role data-scientist"));
    }

    public Optional<User> find(String name) {
        return database.read(() -> store.byName(name));
    }

    /** The name to show for an id of the ledger. */
    public String nameOf(String id) {
        if (id.equals(Actor.LOCAL.id())) {
            return Actor.LOCAL.name();
        }
        if (id.equals(Actor.SYSTEM.id())) {
            return Actor.SYSTEM.name();
        }
        return database.read(() -> store.byId(id)).map(User::name).orElse(id);
    }

    public List<User> list() {
        return database.read(store::all);
    }

    /** A new token {@code mw_<id>_<secret>} of a user; only its hash is kept. */
    public String issueToken(Actor by, String name, String label, Duration life) {
        return tokens.issue(by, get(name), label, life);
    }

    /** A token for one step: it may write its own run only and dies with {@link #revokeRun}. */
    public String issueRunToken(Actor by, String runId, Duration life) {
        return tokens.issueForRun(by, runId, life);
    }

    public void revokeRun(String runId) {
        tokens.revokeRun(runId);
    }

    public void revokeToken(Actor by, String tokenId) {
        access.require(by, Permission.MANAGE_USERS);
        tokens.revoke(by, tokenId);
    }

    /** Whether {@link #byToken} knows the token without the database; for a second, should it be asked at once. */
    @Override
    public boolean isKnown(String token) {
        return tokens.isKnown(token);
    }

    /** Who shows this token; {@link Problem.Unauthenticated} when it is malformed, unknown, expired or revoked. */
    @Override
    public Actor byToken(String token) {
        return tokens.by(token);
    }

    @Override
    public Actor byPassword(String name, String password) {
        if (password.startsWith("mw_")) {
            return byToken(password);
        }
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
}
