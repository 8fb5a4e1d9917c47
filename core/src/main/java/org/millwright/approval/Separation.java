package org.millwright.approval;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.User;
import org.millwright.identity.Users;
import org.millwright.kernel.Problem;
import org.millwright.project.Project;
import org.millwright.project.Projects;

/** Who may speak about whose work: separation is by person, whatever accounts and roles they have. */
final class Separation {
    private final Users users;
    private final Access access;
    private final Projects projects;
    private final Supplier<List<Deputy>> deputies;

    Separation(Users users, Projects projects, Supplier<List<Deputy>> deputies) {
        this.users = users;
        this.access = users.access();
        this.projects = projects;
        this.deputies = deputies;
    }

    /** Whether two ids are the same person: the one place that knows. */
    boolean same(String one, String other) {
        return users.samePerson(one, other);
    }

    Actor actor(User user) {
        return new Actor(user.id(), user.name(), user.kind(), true, user.roles(), Optional.empty());
    }

    boolean approvesSomewhere(Actor actor) {
        return access.allows(actor, Permission.APPROVE, Optional.empty())
                || projects.list().stream()
                        .map(Project::name)
                        .anyMatch(name -> access.allows(actor, Permission.APPROVE, Optional.of(name)));
    }

    /** Whether somebody is the author, the requester, or another account of theirs. */
    boolean concerns(String person, Approval approval) {
        return same(person, approval.author()) || same(person, approval.requestedBy());
    }

    /** Whose right a person uses to decide: their own, or that of who named them deputy; empty when they may not. */
    Optional<String> seat(Actor by, Approval approval) {
        if (!by.isPerson() || concerns(by.id(), approval)) {
            return Optional.empty();
        }
        if (access.allows(by, Permission.APPROVE, Optional.of(approval.project()))) {
            return Optional.of(by.id());
        }
        return deputies.get().stream()
                .filter(deputy -> deputy.deputy().equals(by.id()))
                .map(Deputy::person)
                .filter(person -> !concerns(person, approval) && approves(person, approval.project()))
                .filter(person -> approvesSomewhere(by))
                .findFirst();
    }

    private boolean approves(String person, String project) {
        return users.find(users.nameOf(person))
                .filter(user -> user.id().equals(person))
                .filter(user -> access.allows(actor(user), Permission.APPROVE, Optional.of(project)))
                .isPresent();
    }

    String requireSeat(Actor by, Approval approval) {
        return seat(by, approval).orElseThrow(() -> {
            if (!by.isPerson()) {
                return new Problem.Denied("Only a person approves", "Ask someone with the approver role.");
            }
            if (!access.allows(by, Permission.APPROVE, Optional.of(approval.project()))) {
                return new Problem.Denied(
                        "Permission denied: " + by.name() + " may not approve in project " + approval.project() + ".",
                        "Ask an approver, or to become the deputy of one: mw approve delegate --to NAME --until DATE");
            }
            return new Problem.Denied(
                    by.name() + (same(by.id(), approval.author()) ? " made" : " asked for") + " " + approval.subject()
                            + " and cannot decide on it",
                    "Ask another person with the approver role.");
        });
    }

    /** People who could approve a request now, by name. */
    List<String> approvers(Approval approval) {
        return users.list().stream()
                .filter(user -> user.kind() == Actor.Kind.PERSON)
                .filter(user -> seat(actor(user), approval).isPresent())
                .map(User::name)
                .sorted()
                .toList();
    }
}
