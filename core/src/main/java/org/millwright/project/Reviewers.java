package org.millwright.project;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.Role;
import org.millwright.identity.User;
import org.millwright.identity.Users;
import org.millwright.kernel.Problem;

/** Who decides about a project's file: never who asks or owns, one person for each role that the file asks for. */
final class Reviewers {
    private final Users users;
    private final Access access;

    Reviewers(Users users) {
        this.users = users;
        this.access = users.access();
    }

    /** Roles that nobody has who may decide, or one too many for those who have them; ordered, empty when all is well. */
    List<String> missing(ProjectFile file, String requester) {
        Map<String, Set<String>> holders = new LinkedHashMap<>();
        Set<String> out = out(file, requester);
        for (String role : file.plan().reviewers()) {
            holders.put(
                    role,
                    users.list().stream()
                            .filter(user -> user.kind() == Actor.Kind.PERSON)
                            .filter(user ->
                                    holds(user.roles(), role) || holds(users.rolesIn(file.name(), user.id()), role))
                            .map(user -> users.personOf(user.id()))
                            .filter(person -> !out.contains(person))
                            .collect(Collectors.toSet()));
        }
        var missing = new ArrayList<String>();
        holders.forEach((role, people) -> {
            if (people.isEmpty()) {
                missing.add(role);
            }
        });
        if (missing.isEmpty() && !assignable(new ArrayList<>(holders.values()), new HashSet<>())) {
            missing.addAll(holders.keySet());
        }
        return missing;
    }

    /** Whether each role can have a person of its own. */
    private static boolean assignable(List<Set<String>> left, Set<String> taken) {
        if (left.isEmpty()) {
            return true;
        }
        for (String person : left.getFirst()) {
            if (taken.add(person)) {
                if (assignable(left.subList(1, left.size()), taken)) {
                    return true;
                }
                taken.remove(person);
            }
        }
        return false;
    }

    private Set<String> out(ProjectFile file, String requester) {
        var out = new HashSet<>(Set.of(users.personOf(requester)));
        users.find(file.owner()).map(User::id).map(users::personOf).ifPresent(out::add);
        return out;
    }

    private static boolean holds(Set<Role> roles, String role) {
        return roles.stream().anyMatch(held -> held.text().equals(role));
    }

    /** Refuses who may not decide; returns the role that they decide in, empty where any approver does. */
    Optional<String> require(Actor by, ProjectVersion version, List<Consent> consents) {
        ProjectFile file = version.file();
        List<String> wanted = file.plan().reviewers();
        if (wanted.isEmpty()) {
            access.require(by, Permission.APPROVE, version.project());
            requireOther(by, version);
            return Optional.empty();
        }
        List<String> mine =
                wanted.stream().filter(role -> has(by, version.project(), role)).toList();
        if (mine.isEmpty()) {
            throw new Problem.Denied(
                    "Permission denied: " + by.name() + " is none of those who decide about project "
                            + version.project() + ": " + String.join(", ", wanted) + ".",
                    "Ask an administrator for a role: mw user grant " + by.name() + " " + wanted.getFirst()
                            + " --project " + version.project());
        }
        requireOther(by, version);
        consents.stream()
                .filter(consent -> users.samePerson(consent.by(), by.id()))
                .findFirst()
                .ifPresent(consent -> {
                    throw new Problem.Denied(
                            by.name() + " agreed as " + consent.role() + " already: each role is for another person",
                            "mw project show " + version.project());
                });
        return mine.stream()
                .filter(role ->
                        consents.stream().noneMatch(consent -> consent.role().equals(role)))
                .findFirst()
                .or(() -> Optional.of(mine.getFirst()));
    }

    /** Whether a request waits for this person. */
    boolean awaits(Actor by, ProjectVersion version, List<Consent> consents) {
        try {
            return require(by, version, consents)
                    .filter(role ->
                            consents.stream().anyMatch(consent -> consent.role().equals(role)))
                    .isEmpty();
        } catch (Problem.Denied e) {
            return false;
        }
    }

    /** Whether somebody may take part in the talk about a request. */
    boolean mayTalk(Actor by, ProjectVersion version) {
        Optional<String> project = Optional.of(version.project());
        return access.allows(by, Permission.APPROVE, project)
                || access.allows(by, Permission.VALIDATE, project)
                || access.allows(by, Permission.REQUEST_PROJECT, project)
                || version.file().plan().reviewers().stream().anyMatch(role -> has(by, version.project(), role));
    }

    private boolean has(Actor by, String project, String role) {
        return by.roles().contains(Role.LOCAL_OWNER)
                || holds(by.roles(), role)
                || holds(users.rolesIn(project, by.id()), role);
    }

    private void requireOther(Actor by, ProjectVersion version) {
        if (!by.isPerson()) {
            throw new Problem.Denied("Only a person approves a project", "Ask someone with the approver role.");
        }
        if (users.samePerson(by.id(), version.requestedBy())) {
            throw new Problem.Denied(
                    by.name() + " asked for project " + version.project() + " and cannot decide on it",
                    "Ask another person with the approver role.");
        }
        if (users.find(version.file().owner())
                .filter(owner -> users.samePerson(owner.id(), by.id()))
                .isPresent()) {
            throw new Problem.Denied(
                    by.name() + " owns project " + version.project() + " and cannot decide on it",
                    "Ask another person with the approver role.");
        }
    }
}
