package org.millwright.identity;

import java.util.Optional;
import org.millwright.kernel.Problem;

/** The one access check: may this actor do this, in this project? Denied unless a role allows it. */
public final class Access {
    private final Users users;
    private final Grants grants;

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

    public boolean allows(Actor actor, Permission permission, Optional<String> project) {
        if (actor.kind() == Actor.Kind.STEP) {
            return permission == Permission.READ || permission == Permission.TRACK;
        }
        return actor.roles().stream().anyMatch(role -> role.allows(permission))
                || project.isPresent()
                        && users.rolesIn(project.get(), actor.id()).stream().anyMatch(role -> role.allows(permission));
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
            String where = project.map(name -> " in project " + name).orElse("");
            throw new Problem.Denied(
                    "Permission denied: " + actor.name() + " may not " + verb(permission) + where + ".",
                    "Ask an administrator for a role that allows it: mw user grant " + actor.name() + " ROLE"
                            + project.map(name -> " --project " + name).orElse(""));
        }
    }

    private static String verb(Permission permission) {
        return permission.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    }
}
