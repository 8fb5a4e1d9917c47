package org.millwright.web.ui;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.millwright.identity.Actor;
import org.millwright.identity.Membership;
import org.millwright.identity.Permission;
import org.millwright.identity.Role;
import org.millwright.identity.User;
import org.millwright.identity.Users;
import org.millwright.ledger.Entry;
import org.millwright.ledger.Ledger;
import org.millwright.project.Project;
import org.millwright.project.ProjectVersion;
import org.millwright.project.Projects;

/** What an administrator looks after: who has which role, who has none, which decisions nobody may take, what changed. */
public final class PeopleDesk {
    private static final int MOST = 50;
    private static final int LATELY = 8;
    private static final List<String> CHANGES = List.of(
            "user.added", "user.removed", "user.linked", "user.role-granted", "user.role-revoked", "token.issued");

    private final Users users;
    private final Projects projects;
    private final Ledger ledger;

    public PeopleDesk(Users users, Projects projects, Ledger ledger) {
        this.users = users;
        this.projects = projects;
        this.ledger = ledger;
    }

    /**
     * Somebody who is known.
     *
     * @param inProjects their roles there, as {@code delays: approver}
     * @param owner user name of the person whose account it is, too; "" for their own
     */
    public record Known(User user, List<String> inProjects, String owner) {}

    /** Something that keeps people from their work, and what to type. */
    public record Need(String what, String command) {}

    /** A request for a project, and who may decide about it. */
    public record Waiting(ProjectVersion version, List<String> deciders) {}

    /** What is there to see. */
    public record View(
            List<Known> people, int all, int machines, List<Need> needs, List<Waiting> waiting, List<Entry> lately) {
        /** The state in a sentence. */
        public String lead() {
            return HomePages.count(all - machines, "person's account").replace("person's accounts", "people's accounts")
                    + " and "
                    + HomePages.count(machines, "machine user")
                    + "; "
                    + (needs.isEmpty()
                            ? "nobody is held up."
                            : needs.size() == 1 ? "one thing needs you." : needs.size() + " things need you.");
        }
    }

    View view(Actor by) {
        users.access().require(by, Permission.MANAGE_USERS);
        List<User> all = users.list();
        Map<String, List<Membership>> memberships = new HashMap<>();
        users.memberships()
                .forEach(each -> memberships
                        .computeIfAbsent(each.personId(), id -> new ArrayList<>())
                        .add(each));
        List<Waiting> waiting = waiting();
        return new View(
                all.stream()
                        .sorted(Comparator.comparing(
                                        (User user) -> user.roles().isEmpty() && !memberships.containsKey(user.id()))
                                .reversed()
                                .thenComparing(User::name))
                        .limit(MOST)
                        .map(user -> known(user, memberships.getOrDefault(user.id(), List.of()), all))
                        .toList(),
                all.size(),
                (int) all.stream()
                        .filter(user -> user.kind() == Actor.Kind.MACHINE)
                        .count(),
                needs(all, memberships, waiting),
                waiting,
                lately());
    }

    private static Known known(User user, List<Membership> memberships, List<User> all) {
        return new Known(
                user,
                memberships.stream()
                        .map(each -> each.project() + ": " + each.role().text())
                        .sorted()
                        .toList(),
                user.owner()
                        .map(id -> all.stream()
                                .filter(other -> other.id().equals(id))
                                .map(User::name)
                                .findFirst()
                                .orElse(id.equals(Actor.LOCAL.id()) ? Actor.LOCAL.name() : id))
                        .orElse(""));
    }

    private List<Waiting> waiting() {
        var waiting = new ArrayList<Waiting>();
        for (Project project : projects.list()) {
            if (project.proposed().isPresent()) {
                projects.proposal(project.name())
                        .ifPresent(version -> waiting.add(new Waiting(version, projects.deciders(version))));
            }
        }
        return waiting;
    }

    private static List<Need> needs(List<User> all, Map<String, List<Membership>> memberships, List<Waiting> waiting) {
        var needs = new ArrayList<Need>();
        for (Waiting each : waiting) {
            if (each.deciders().isEmpty()) {
                String project = each.version().project();
                needs.add(new Need(
                        "Nobody may decide about the request for project " + project,
                        "mw user grant NAME approver --project " + project));
            }
        }
        Set<String> approvers = new TreeSet<>();
        all.stream()
                .filter(user -> user.kind() == Actor.Kind.PERSON)
                .filter(user -> allows(user.roles(), Permission.APPROVE))
                .forEach(user -> approvers.add(user.owner().orElse(user.id())));
        if (approvers.size() < 2) {
            needs.add(new Need(
                    approvers.isEmpty()
                            ? "Nobody may approve in all projects"
                            : "One person only may approve in all projects: what they ask for, nobody decides",
                    "mw user grant NAME approver"));
        }
        all.stream()
                .filter(user -> user.roles().isEmpty() && !memberships.containsKey(user.id()))
                .limit(LATELY)
                .forEach(user -> needs.add(new Need(
                        user.name() + " has no role and may do nothing",
                        "mw user grant " + user.name() + " data-scientist")));
        return needs;
    }

    private static boolean allows(Collection<Role> roles, Permission permission) {
        return roles.stream().anyMatch(role -> role.allows(permission));
    }

    private List<Entry> lately() {
        return CHANGES.stream()
                .flatMap(action -> ledger.newest(action, List.of(), LATELY).stream())
                .sorted(Comparator.comparingLong(Entry::index).reversed())
                .limit(LATELY)
                .toList();
    }

    /** What a change of {@link View#lately} was about, by the texts of its entry. */
    public static Optional<String> told(Entry entry) {
        return Optional.of(entry.details().path("role").asText(""))
                .filter(role -> !role.isEmpty())
                .map(role -> {
                    String project = entry.details().path("project").asText("");
                    return role + (project.isEmpty() ? "" : " in " + project);
                });
    }
}
