package org.millwright.identity;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;

/** Creates users, gives and takes tokens and roles, and tells who shows a credential. */
public final class Users implements Authenticator {
    private final Database database;
    private final Clock clock;
    private final UserStore store;
    private final Access access;
    private final Persons persons;
    private final Tokens tokens;
    private final SetUp setUp;
    private final Accounts accounts;
    private final Members members;
    private final Roles roles;
    private final Attempts attempts;

    public Users(Database database, Ledger ledger, Clock clock, Ids ids) {
        this(database, ledger, clock, ids, Level.READ);
    }

    /** @param others what people may do with experiments and models outside projects that nobody shared with them */
    public Users(Database database, Ledger ledger, Clock clock, Ids ids, Level others) {
        this.database = database;
        this.clock = clock;
        this.store = new UserStore(database);
        var names = new KnownNames(store::all);
        this.access = new Access(this, new Grants(database, ledger, others));
        this.persons = new Persons(database, ledger, store);
        this.tokens = new Tokens(database, ledger, clock, ids, store, this);
        this.setUp = new SetUp(database, ledger, store, tokens, this);
        this.accounts = new Accounts(database, ledger, clock, ids, store, this, tokens, names);
        this.members = new Members(database, ledger, store, this, accounts, tokens);
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
        return accounts.add(by, wanted, password);
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
        members.grant(by, name, role, project);
    }

    /** Takes a role in the whole installation away; the last administrator stays one. */
    public void revoke(Actor by, String name, Role role) {
        members.revoke(by, name, role);
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

    /**
     * Changes a password: an administrator anybody's, everyone their own by showing the present one.
     *
     * @param present the present password, "" where none was given
     */
    public void setPassword(Actor by, String name, String password, String present) {
        accounts.setPassword(by, name, password, present);
    }

    /** Removes someone with their credentials and rights; the ledger keeps the id, and the name is free again. */
    public void remove(Actor by, String name) {
        accounts.remove(by, name);
    }

    /**
     * Removes someone, if they are still here, and erases what the ledger keeps beside its entries that names them; the entries
     * and all proofs stay. Returns how many texts were erased.
     */
    public int forget(Actor by, String name) {
        return accounts.forget(by, name);
    }

    /** Makes someone a member of a project; for the room that approves projects, inside its transaction. */
    public void addMember(String project, String userId, Role role) {
        members.add(project, userId, role);
    }

    /** Takes a role in a project back that its file gave; for the same room, inside its transaction. */
    public void removeMember(String project, String userId, Role role) {
        members.remove(project, userId, role);
    }

    /** Makes someone a member of a project whose room allowed it; inside its transaction. */
    public void join(Actor by, String project, User user, Role role) {
        members.join(by, project, user, role);
    }

    /** Takes a role in a project away, as its room allowed; inside its transaction. */
    public void leave(Actor by, String project, User user, Role role) {
        members.leave(by, project, user, role);
    }

    public List<Member> members(String project) {
        return members.of(project);
    }

    /** Every role that somebody has in some project. */
    public List<Membership> memberships() {
        return members.all();
    }

    /** The projects in which somebody has a role, by name. */
    public List<String> projectsOf(String id) {
        return members.projectsOf(id);
    }

    public Set<Role> rolesIn(String project, String userId) {
        return members.rolesIn(project, userId);
    }

    Set<Role> rolesAnywhere(String id) {
        return tokens.rolesAnywhere(id);
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

    /** Ends one token of a user, such as one that leaked; users do it themselves, too. */
    public void revokeToken(Actor by, String name, String id) {
        tokens.revoke(by, get(name), id);
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
        return password.startsWith("mw_") ? byToken(password) : accounts.byPassword(name, password);
    }
}
