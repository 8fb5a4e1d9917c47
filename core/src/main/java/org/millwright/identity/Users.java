package org.millwright.identity;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;

/** Creates users, gives and takes tokens and roles, and tells who shows a credential. */
public final class Users {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._@-]{0,63}");
    private static final Duration LONGEST = Duration.ofDays(366);
    private static final int ROUNDS = 210_000;

    private final Database database;
    private final Ledger ledger;
    private final Clock clock;
    private final Ids ids;
    private final UserStore store;
    private final Access access;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    public Users(Database database, Ledger ledger, Clock clock, Ids ids) {
        this.database = database;
        this.ledger = ledger;
        this.clock = clock;
        this.ids = ids;
        this.store = new UserStore(database);
        this.access = new Access(this);
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
            throw new Problem.Invalid(
                    "User name '" + name + "' (expected 1-64 of a-z 0-9 . _ @ - that start with a letter or digit)");
        }
        if (roles.contains(Role.LOCAL_OWNER)) {
            throw new Problem.Invalid("Role local-owner cannot be given");
        }
        String hash = password == null ? null : hashPassword(password);
        return database.write(() -> {
            if (store.byName(name).isPresent()) {
                throw new Problem.Conflict("User " + name + " exists already", "mw user list");
            }
            var user = new User(ids.next("u"), name, display.isBlank() ? name : display, kind, roles, clock.millis());
            store.insert(user, hash);
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
            return user;
        });
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
            }
            ledger.append(
                    by,
                    "user.role-granted",
                    "user:" + user.id(),
                    Json.object().put("role", role.text()).put("project", project.orElse("")));
        });
        known.clear();
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
        known.clear();
    }

    public void revokeToken(Actor by, String tokenId) {
        access.require(by, Permission.MANAGE_USERS);
        database.write(() -> {
            store.revokeToken(tokenId, clock.millis());
            ledger.append(by, "token.revoked", "token:" + tokenId, Json.object());
        });
        known.clear();
    }

    /** Who shows this token; {@link Problem.Unauthenticated} when it is malformed, unknown, expired or revoked. */
    public Actor byToken(String token) {
        String[] parts = token.split("_", 3);
        if (parts.length != 3 || !parts[0].equals("mw")) {
            throw new Problem.Unauthenticated("Not a Millwright token");
        }
        long now = clock.millis();
        String hash = Json.sha256(token.getBytes(StandardCharsets.UTF_8));
        Known cached = known.get(hash);
        if (cached != null && now - cached.at < 2_000) {
            return cached.actor;
        }
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
        if (known.size() > 10_000) {
            known.clear();
        }
        known.put(hash, new Known(actor, now));
        return actor;
    }

    /** Who shows this name and password; a token is accepted in the password's place. */
    public Actor byPassword(String name, String password) {
        if (password.startsWith("mw_")) {
            return byToken(password);
        }
        return database.read(() -> {
            Optional<User> user = store.byName(name);
            String stored =
                    user.flatMap(found -> store.passwordHash(found.id())).orElse("");
            if (user.isEmpty() || stored.isEmpty() || !matches(password, stored)) {
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
            }
        });
        return token;
    }

    private String hashPassword(String password) {
        if (password.length() < 12) {
            throw new Problem.Invalid("A password needs at least 12 characters");
        }
        var salt = new byte[16];
        random.nextBytes(salt);
        var encoder = Base64.getEncoder();
        return "pbkdf2$" + ROUNDS + "$" + encoder.encodeToString(salt) + "$"
                + encoder.encodeToString(derive(password, salt, ROUNDS));
    }

    private static boolean matches(String password, String stored) {
        String[] parts = stored.split("\\$");
        byte[] salt = Base64.getDecoder().decode(parts[2]);
        byte[] expected = Base64.getDecoder().decode(parts[3]);
        return MessageDigest.isEqual(expected, derive(password, salt, Integer.parseInt(parts[1])));
    }

    private static byte[] derive(String password, byte[] salt, int rounds) {
        try {
            var spec = new PBEKeySpec(password.toCharArray(), salt, rounds, 256);
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Known(Actor actor, long at) {}
}
