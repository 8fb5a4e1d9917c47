package org.millwright.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
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
    /** Who makes the first administrator; gone afterwards. */
    private static final String SET_UP = "set-up";

    private static final Duration LONGEST = Duration.ofDays(366);

    private final Database database;
    private final Ledger ledger;
    private final Clock clock;
    private final Ids ids;
    private final UserStore store;
    private final Access access;
    private final Grants grants;
    private final Passwords passwords = new Passwords();
    private final SecureRandom random = new SecureRandom();
    private final KnownTokens known = new KnownTokens();
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
        ledger.protect(names);
    }

    /** The one access check. */
    public Access access() {
        return access;
    }

    /** Adds a person or a machine user. */
    public User add(
            Actor by, String name, String display, Actor.Kind kind, Set<Role> roles, @Nullable String password) {
        access.require(by, Permission.MANAGE_USERS);
        if (!NAME.matcher(name).matches()) {
            throw new Problem.Invalid("User name '"
                    + name.substring(0, Math.min(100, name.length())).replace('\0', ' ')
                    + "' (expected 1-64 of a-z 0-9 . _ @ - that start with a letter or digit)");
        }
        if (roles.contains(Role.LOCAL_OWNER)) {
            throw new Problem.Invalid("Role local-owner cannot be given");
        }
        String hash = password == null ? null : Passwords.hash(password);
        User added = database.write(() -> {
            if (store.byName(name).isPresent()) {
                throw new Problem.Conflict("User " + name + " exists already", "mw user list");
            }
            var user = new User(ids.next("u"), name, display.isBlank() ? name : display, kind, roles, clock.millis());
            store.insert(user, hash);
            names.forget();
            ledger.append(
                    by,
                    "user.added",
                    "user:" + user.id(),
                    Json.object()
                            .put("kind", kind.name())
                            .put(
                                    "roles",
                                    roles.stream()
                                            .map(Role::text)
                                            .sorted()
                                            .toList()
                                            .toString()));
            if (password != null) {
                endSetUp(user, roles);
            }
            return user;
        });
        known.forget();
        return added;
    }

    /** Gives a role in the whole installation, or in one project. */
    public void grant(Actor by, String name, Role role, Optional<String> project) {
        access.require(by, Permission.MANAGE_USERS);
        database.write(() -> {
            User user = get(name);
            if (project.isPresent()) {
                store.addMember(project.get(), user.id(), role);
            } else {
                var roles = new TreeSet<>(user.roles());
                roles.add(role);
                store.setRoles(user.id(), roles);
                if (store.passwordHash(user.id()).isPresent()) {
                    endSetUp(user, roles);
                }
            }
            ledger.append(
                    by,
                    "user.role-granted",
                    "user:" + user.id(),
                    Json.object().put("role", role.text()).put("project", project.orElse("")));
        });
        known.forget();
    }

    /**
     * Makes the first administrator of an installation that asks for credentials: the one given, or whoever shows the token
     * that is returned, which lives for a day and dies when an administrator has credentials. Empty when there is one.
     */
    public Optional<String> setUp(Optional<String> name, Optional<String> password) {
        boolean done = list().stream()
                .anyMatch(user ->
                        user.roles().contains(Role.ADMIN) && !user.name().equals(SET_UP));
        if (done) {
            return Optional.empty();
        }
        if (name.isPresent() && password.isPresent()) {
            add(
                    Actor.SYSTEM,
                    name.get(),
                    "",
                    Actor.Kind.PERSON,
                    Set.of(Role.ADMIN, Role.DATA_SCIENTIST),
                    password.get());
            return Optional.empty();
        }
        if (find(SET_UP).isEmpty()) {
            add(Actor.SYSTEM, SET_UP, "Set-up", Actor.Kind.MACHINE, Set.of(Role.ADMIN), null);
        }
        database.write(() -> store.revokeAll(get(SET_UP).id(), clock.millis()));
        known.forget();
        return Optional.of(issueToken(Actor.SYSTEM, SET_UP, "set-up", Duration.ofDays(1)));
    }

    private void endSetUp(User user, Set<Role> roles) {
        if (roles.contains(Role.ADMIN) && !user.name().equals(SET_UP)) {
            store.byName(SET_UP).ifPresent(setUp -> {
                store.remove(setUp.id(), clock.millis());
                ledger.append(Actor.SYSTEM, "user.removed", subject(setUp), Json.object());
                database.afterCommit(known::forget);
            });
        }
    }

    /** Takes a role in the whole installation away; the last administrator stays one. */
    public void revoke(Actor by, String name, Role role) {
        access.require(by, Permission.MANAGE_USERS);
        database.write(() -> {
            User user = get(name);
            if (role == Role.ADMIN && user.roles().contains(role)) {
                requireOtherAdmin(user);
            }
            var roles = new TreeSet<>(user.roles());
            if (roles.remove(role)) {
                store.setRoles(user.id(), roles);
                ledger.append(
                        by, "user.role-revoked", subject(user), Json.object().put("role", role.text()));
            }
        });
        known.forget();
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
        known.forget();
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
        known.forget();
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
    }

    public List<Member> members(String project) {
        return database.read(() -> store.members(project));
    }

    public Set<Role> rolesIn(String project, String userId) {
        return database.read(() -> store.rolesIn(project, userId));
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
        User user = get(name);
        if (!by.id().equals(user.id())) {
            access.require(by, Permission.MANAGE_USERS);
        }
        if (life.isNegative() || life.isZero() || life.compareTo(LONGEST) > 0) {
            throw new Problem.Invalid("A token lives between 1 second and " + LONGEST.toDays() + " days, not " + life);
        }
        return issue(by, user.id(), label, null, life);
    }

    /** A token for one step: it may write its own run only and dies with {@link #revokeRun}. */
    public String issueRunToken(Actor by, String runId, Duration life) {
        return issue(by, by.id(), "run " + runId, runId, life);
    }

    public void revokeRun(String runId) {
        database.write(() -> store.revokeRun(runId, clock.millis()));
        known.forget();
    }

    public void revokeToken(Actor by, String tokenId) {
        access.require(by, Permission.MANAGE_USERS);
        database.write(() -> {
            store.revokeToken(tokenId, clock.millis());
            ledger.append(by, "token.revoked", "token:" + tokenId, Json.object());
        });
        known.forget();
    }

    /** Whether {@link #byToken} knows the token without the database; for a second, should it be asked at once. */
    @Override
    public boolean isKnown(String token) {
        return known.has(Json.sha256(token.getBytes(StandardCharsets.UTF_8)), clock.millis());
    }

    /** Who shows this token; {@link Problem.Unauthenticated} when it is malformed, unknown, expired or revoked. */
    @Override
    public Actor byToken(String token) {
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
        Actor actor = database.read(() -> {
            var live = store.liveToken(parts[1], now)
                    .filter(candidate -> MessageDigest.isEqual(
                            candidate.hash().getBytes(StandardCharsets.US_ASCII),
                            hash.getBytes(StandardCharsets.US_ASCII)))
                    .orElseThrow(() -> new Problem.Unauthenticated("The token is unknown, expired or revoked"));
            if (live.userId().equals(Actor.LOCAL.id()) || live.userId().equals(Actor.SYSTEM.id())) {
                Actor owner = live.userId().equals(Actor.LOCAL.id()) ? Actor.LOCAL : Actor.SYSTEM;
                return new Actor(
                        owner.id(), owner.name(), Actor.Kind.STEP, owner.authenticated(), owner.roles(), live.run());
            }
            return store.byId(live.userId())
                    .map(user -> user.actor(live.run()))
                    .orElseThrow(() -> new Problem.Unauthenticated("The token's user is gone"));
        });
        known.put(hash, actor, now, before);
        return actor;
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
                store.byId(userId).ifPresent(user -> endSetUp(user, user.roles()));
            }
        });
        if (run == null) {
            known.forget();
        }
        return token;
    }
}
