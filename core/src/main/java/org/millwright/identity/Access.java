package org.millwright.identity;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.millwright.kernel.Problem;

/** The one access check: may this actor do this, in this project? Denied unless a role allows it. */
public final class Access {
    private final Users users;
    private final Grants grants;
    private volatile ActionGuard guard = (by, action) -> {};

    Access(Users users, Grants grants) {
        this.users = users;
        this.grants = grants;
    }

    /** Who owns and shares what outside projects. */
    public Grants grants() {
        return grants;
    }

    /** Refuses with {@link Problem.Denied} what no role of the actor allows in the whole installation. */
    public void require(Actor actor, Permission permission) {
        require(actor, permission, Optional.empty());
    }

    /** Refuses with {@link Problem.Denied} what no role of the actor allows in the project. */
    public void require(Actor actor, Permission permission, String project) {
        require(actor, permission, Optional.of(project));
    }

    /** Refuses with {@link Problem.Denied} what no role of the actor allows anywhere, before a place is known. */
    public void requireSomewhere(Actor actor, Permission permission) {
        requireSomewhere(actor, Set.of(permission));
    }

    void requireSomewhere(Actor actor, Set<Permission> any) {
        boolean may = any.stream().anyMatch(permission -> allows(actor, permission, Optional.empty()))
                || actor.kind() != Actor.Kind.STEP
                        && users.rolesAnywhere(actor.id()).stream()
                                .anyMatch(role -> any.stream().anyMatch(role::allows));
        if (!may) {
            throw denied(actor, any, Optional.empty());
        }
    }

    /** Every role that the actor has, in the installation or in some project; a step's token has none. */
    public Set<Role> roles(Actor actor) {
        if (actor.kind() == Actor.Kind.STEP) {
            return Set.of();
        }
        var all = new HashSet<>(actor.roles());
        all.addAll(users.rolesAnywhere(actor.id()));
        return all;
    }

    /** The projects in which a role of the actor there allows that, by name. */
    public List<String> projects(Actor actor, Permission permission) {
        return users.projectsOf(actor.id()).stream()
                .filter(project -> allows(actor, permission, Optional.of(project)))
                .toList();
    }

    public boolean allows(Actor actor, Permission permission, Optional<String> project) {
        if (actor.kind() == Actor.Kind.STEP) {
            return permission == Permission.READ || permission == Permission.TRACK;
        }
        return actor.roles().stream().anyMatch(role -> role.allows(permission))
                || project.isPresent()
                        && users.rolesIn(project.get(), actor.id()).stream().anyMatch(role -> role.allows(permission));
    }

    /**
     * Whether an actor may read something that can be shared: by a role and the level on it, or by a role in the project that
     * governs it.
     *
     * @param project asked only where the level does not suffice
     */
    public boolean mayRead(Actor actor, Resource resource, Supplier<Optional<String>> project) {
        return allows(actor, Permission.READ, Optional.empty())
                        && grants.level(actor, resource).allows(Level.READ)
                || project.get()
                        .filter(name -> allows(actor, Permission.READ, Optional.of(name)))
                        .isPresent();
    }

    /** Refuses with {@link Problem.Denied} whoever {@link #mayRead may not read} something. */
    public void requireRead(Actor actor, Resource resource, Supplier<Optional<String>> project) {
        if (!mayRead(actor, resource, project)) {
            require(actor, Permission.READ, project.get());
            grants.require(actor, resource, Level.READ);
        }
    }

    /** What the actor may read of a kind, but for what projects govern. */
    public Grants.Readable readable(Actor actor, Resource.Kind kind) {
        return allows(actor, Permission.READ, Optional.empty())
                ? grants.readable(actor, kind)
                : new Grants.Readable(false, false, Map.of());
    }

    /** Refuses a step's token that tries to write any other run than its own. */
    public void requireRun(Actor actor, String runId) {
        if (actor.run().isPresent() && !actor.run().get().equals(runId)) {
            throw new Problem.Denied(
                    "This token may write only run " + actor.run().get() + ", not " + runId,
                    "Use a token of a person, or log to the run of the step.");
        }
    }

    private void require(Actor actor, Permission permission, Optional<String> project) {
        if (!allows(actor, permission, project)) {
            throw denied(actor, Set.of(permission), project);
        }
    }

    /** What somebody is told who has none of these rights: which roles have them. */
    private static Problem.Denied denied(Actor actor, Set<Permission> any, Optional<String> project) {
        String verbs = any.stream().sorted().map(Permission::verb).collect(Collectors.joining(" or "));
        String names = any.stream().sorted().map(Permission::text).collect(Collectors.joining(" or "));
        String roles = Role.BUILT_IN.stream()
                .filter(role -> !role.equals(Role.LOCAL_OWNER) && any.stream().anyMatch(role::allows))
                .map(Role::text)
                .collect(Collectors.joining(" or "));
        return new Problem.Denied(
                "Permission denied: " + actor.name() + " may not " + verbs
                        + project.map(name -> " in project " + name).orElse("") + ": that takes the permission " + names
                        + ".",
                "Ask an administrator for a role that allows it (" + roles + "): mw user grant " + actor.name()
                        + " ROLE" + project.map(name -> " --project " + name).orElse(""));
    }

    /** Lets a room above judge governed actions. */
    public void guardBy(ActionGuard judge) {
        guard = judge;
    }

    /** Refuses what policies refuse; called before the transaction of the change, so that a refusal is kept. */
    public void requireGate(Actor by, GovernedAction action) {
        guard.check(by, action);
    }
}
