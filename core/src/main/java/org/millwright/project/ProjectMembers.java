package org.millwright.project;

import java.util.List;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Member;
import org.millwright.identity.Permission;
import org.millwright.identity.Role;
import org.millwright.identity.User;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Problem;

/**
 * Who is what in a project beside what its file says: an administrator gives every role, the project's owner those that
 * decide about nothing.
 */
public final class ProjectMembers {
    private final Database database;
    private final Users users;
    private final Access access;
    private final Projects projects;

    public ProjectMembers(Database database, Users users, Projects projects) {
        this.database = database;
        this.users = users;
        this.access = users.access();
        this.projects = projects;
    }

    public List<Member> list(Actor by, String project) {
        access.require(by, Permission.READ, project);
        projects.get(project);
        return users.members(project);
    }

    public void add(Actor by, String project, String name, String role) {
        change(by, project, role, given -> users.join(by, project, users.get(name), given));
    }

    public void remove(Actor by, String project, String name, String role) {
        change(by, project, role, given -> users.leave(by, project, users.get(name), given));
    }

    private void change(Actor by, String project, String role, java.util.function.Consumer<Role> verb) {
        requireMay(by, project);
        Role given = users.roles().of(role);
        if (given.allows(Permission.APPROVE) || given.allows(Permission.VALIDATE)) {
            access.require(by, Permission.MANAGE_USERS, project);
        }
        database.write(() -> {
            Project found = projects.get(project);
            if (found.state() == Project.State.RETIRED) {
                throw new Problem.Conflict("Project " + project + " is retired", "mw project list");
            }
            verb.accept(given);
        });
    }

    /** Refuses who changes no member of the project at all. */
    public void requireMay(Actor by, String project) {
        if (!isOwner(by, project)) {
            access.require(by, Permission.MANAGE_USERS, project);
        }
    }

    private boolean isOwner(Actor by, String project) {
        return by.isPerson()
                && projects.file(project)
                        .flatMap(file -> users.find(file.owner()))
                        .map(User::id)
                        .filter(owner -> users.samePerson(owner, by.id()))
                        .isPresent();
    }
}
