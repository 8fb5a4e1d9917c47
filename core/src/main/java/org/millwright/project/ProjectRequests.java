package org.millwright.project;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.ToLongFunction;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.Role;
import org.millwright.identity.User;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;

/** From a request for a project to its decision: answers assessed, questions asked and answered, reviewers by role. */
final class ProjectRequests {
    private static final String LATE = "Nobody decided in time";

    private final Database database;
    private final Ledger ledger;
    private final Users users;
    private final Access access;
    private final Clock clock;
    private final ProjectStore store;
    private final ToLongFunction<ProjectVersion> due;
    private final RequestStore said;
    private final Reviewers reviewers;
    private final ProjectTalk talk;
    private volatile Questionnaire questionnaire = Questionnaire.builtIn();

    /** @param due when a text that waits counts as refused */
    ProjectRequests(
            Database database,
            Ledger ledger,
            Users users,
            Clock clock,
            ProjectStore store,
            ToLongFunction<ProjectVersion> due) {
        this.database = database;
        this.ledger = ledger;
        this.users = users;
        this.access = users.access();
        this.clock = clock;
        this.store = store;
        this.due = due;
        this.said = new RequestStore(database);
        this.reviewers = new Reviewers(users);
        this.talk = new ProjectTalk(database, ledger, users, clock, store, said, reviewers);
    }

    void askBy(Questionnaire asked) {
        questionnaire = asked;
    }

    /** What is asked and answered about requests. */
    ProjectTalk talk() {
        return talk;
    }

    Questionnaire questionnaire() {
        return questionnaire;
    }

    Project request(Actor by, String text, ProjectFile file) {
        Optional<Assessment> assessment = Optional.of(file.plan().intake())
                .filter(answers -> !answers.isEmpty())
                .map(questionnaire::assess);
        assessment.ifPresent(found -> found.require(file.riskTier()));
        requireReviewers(by, file);
        return database.write(() -> {
            Optional<Project> known = store.find(file.name());
            if (known.isPresent() && known.get().state() == Project.State.RETIRED) {
                throw new Problem.Conflict("Project " + file.name() + " is retired", "Choose another name.");
            }
            boolean same = known.flatMap(Project::approved).equals(Optional.of(file.digest()))
                    || known.flatMap(Project::proposed).equals(Optional.of(file.digest()));
            return known.isPresent() && same ? known.get() : requested(by, text, file, known, assessment);
        });
    }

    /** What a file asks for that nobody can give is said now, not when the decision is due. */
    private void requireReviewers(Actor by, ProjectFile file) {
        List<String> missing = database.read(() -> reviewers.missing(file, by.id()));
        if (missing.isEmpty()) {
            return;
        }
        String roles = String.join(", ", missing);
        database.write(() -> ledger.append(
                by,
                "project.request-rejected",
                Project.ref(file.name()),
                Json.object().put("file", file.digest()).put("nobodyHas", roles)));
        String role = missing.getFirst();
        throw new Problem.Invalid(
                ProjectFile.FILE + ": reviewers: too few people have the role " + roles + ", without " + by.name()
                        + ", who asks, and " + file.owner() + ", who owns (expected: another person for each role)",
                "mw user grant NAME " + role + " --project " + file.name());
    }

    private Project requested(
            Actor by, String text, ProjectFile file, Optional<Project> known, Optional<Assessment> assessment) {
        long now = clock.millis();
        known.flatMap(Project::proposed)
                .ifPresent(old -> store.mark(file.name(), old, ProjectVersion.State.SUPERSEDED, null, null, null));
        store.propose(file.name(), file.digest(), text, by.id(), now);
        said.forgetConsents(file.name(), file.digest());
        assessment.ifPresent(found -> said.save(file.name(), file.digest(), found));
        Project.State state = known.map(Project::state)
                .filter(old -> old != Project.State.REFUSED)
                .orElse(Project.State.REQUESTED);
        var project = new Project(
                file.name(),
                state,
                known.flatMap(Project::approved),
                Optional.of(file.digest()),
                state == Project.State.PAUSED ? known.map(Project::reason).orElse("") : "",
                known.map(Project::createdAt).orElse(now),
                now);
        store.save(project);
        ledger.append(
                by,
                known.isPresent() ? "project.change-requested" : "project.requested",
                project.ref(),
                details(file, assessment));
        return project;
    }

    private static ObjectNode details(ProjectFile file, Optional<Assessment> assessment) {
        ObjectNode details = Json.object()
                .put("file", file.digest())
                .put("purpose", file.purpose())
                .put("owner", file.owner())
                .put("riskTier", file.riskTier().text());
        assessment.ifPresent(found -> details.put("derivedTier", found.tier().text())
                .put("questionnaire", found.questionnaire())
                .set("answers", Json.tree(file.plan().intake())));
        details.set("data", Json.tree(file.data()));
        return details;
    }

    Project decide(Actor by, String name, String reason, boolean granted) {
        requireReviewer(by, name);
        if (!granted && reason.isBlank()) {
            throw new Problem.Invalid(
                    "A refusal needs a reason", "mw approve project:" + name + " --refuse --reason …");
        }
        return inTime(name, (project, version) -> {
            List<Consent> consents = said.consents(name, version.digest());
            Optional<String> role = reviewers.require(by, version, consents);
            if (granted && role.isPresent() && !isLast(by, version, role.get(), reason, consents)) {
                return project;
            }
            return decided(by, project, version, reason, granted);
        });
    }

    /** Does something about what waits, unless its time is over: then it is refused, and whoever is late is told. */
    private Project inTime(String name, BiFunction<Project, ProjectVersion, Project> work) {
        Optional<Project> done = database.write(() -> {
            Project project = get(name);
            ProjectVersion version = waiting(project);
            if (clock.millis() >= due.applyAsLong(version)) {
                decided(Actor.SYSTEM, project, version, LATE, false);
                return Optional.empty();
            }
            return Optional.of(work.apply(project, version));
        });
        return done.orElseThrow(() -> new Problem.Conflict(
                Project.ref(name) + " can no longer be decided: nobody decided in time",
                "Whoever asked asks again: mw project request"));
    }

    /** Refuses what waited in vain. */
    void lapse(String name) {
        database.write(() -> {
            Project project = get(name);
            project.proposed()
                    .flatMap(digest -> store.version(name, digest))
                    .filter(version -> clock.millis() >= due.applyAsLong(version))
                    .ifPresent(version -> decided(Actor.SYSTEM, project, version, LATE, false));
        });
    }

    /** Notes the agreement in one role; whether all that are asked for are there now. */
    private boolean isLast(Actor by, ProjectVersion version, String role, String reason, List<Consent> consents) {
        if (consents.stream().anyMatch(consent -> consent.role().equals(role))) {
            throw new Problem.Conflict(
                    "Somebody agreed as " + role + " already; " + version.project() + " waits for others",
                    "mw project show " + version.project());
        }
        said.add(version.project(), version.digest(), new Consent(role, by.id(), clock.millis(), reason));
        ledger.append(
                by,
                "project.agreed-to",
                Project.ref(version.project()),
                Json.object().put("file", version.digest()).put("role", role).put("reason", reason));
        return consents.size() + 1 == version.file().plan().reviewers().size();
    }

    private Project decided(Actor by, Project project, ProjectVersion version, String reason, boolean granted) {
        long now = clock.millis();
        var state = granted ? ProjectVersion.State.APPROVED : ProjectVersion.State.REFUSED;
        store.mark(project.name(), version.digest(), state, by.id(), now, reason);
        Project decided = granted ? granted(project, version, now) : withdrawn(project, reason, now);
        store.save(decided);
        ObjectNode details = Json.object()
                .put("file", version.digest())
                .put("requestedBy", version.requestedBy())
                .put("reason", reason);
        ledger.append(by, granted ? "project.approved" : "project.refused", project.ref(), details);
        if (granted && project.state() == Project.State.REQUESTED) {
            said.reviewed(project.name(), by.id(), now);
            ledger.append(by, "project.activated", project.ref(), provisioned(version.file()));
        }
        return decided;
    }

    /** What an approval put in place; people by their ids, as everywhere in the ledger. */
    private ObjectNode provisioned(ProjectFile file) {
        ObjectNode details = Json.object()
                .put("reason", "approved")
                .put("environment", file.environment().lock())
                .put("reviewEveryDays", file.plan().reviewEvery(file.riskTier()).toDays());
        file.plan().budget().ifPresent(budget -> details.put("computeSecondsPerMonth", budget.computeSeconds()));
        var members = details.putObject("members");
        file.members().forEach((user, roles) -> {
            var given = members.putArray(users.get(user).id());
            roles.forEach(role -> given.add(role.text()));
        });
        return details;
    }

    private Project granted(Project project, ProjectVersion version, long now) {
        ProjectFile file = version.file();
        project.approved().ifPresent(old -> {
            store.mark(project.name(), old, ProjectVersion.State.SUPERSEDED, null, null, null);
            store.version(project.name(), old).map(ProjectVersion::file).ifPresent(before -> leave(before, file));
        });
        file.members()
                .forEach((user, roles) -> roles.forEach(
                        role -> users.addMember(project.name(), users.get(user).id(), role)));
        Project.State state = project.state() == Project.State.REQUESTED ? Project.State.ACTIVE : project.state();
        return new Project(
                project.name(),
                state,
                Optional.of(version.digest()),
                Optional.empty(),
                project.reason(),
                project.createdAt(),
                now);
    }

    /** Takes the roles that the file before gave and this one does not. */
    private void leave(ProjectFile before, ProjectFile file) {
        for (Map.Entry<String, List<Role>> member : before.members().entrySet()) {
            List<Role> kept = file.members().getOrDefault(member.getKey(), List.of());
            Optional<User> user = users.find(member.getKey());
            member.getValue().stream()
                    .filter(role -> !kept.contains(role))
                    .forEach(role -> user.ifPresent(gone -> users.removeMember(file.name(), gone.id(), role)));
        }
    }

    private static Project withdrawn(Project project, String reason, long now) {
        boolean first = project.approved().isEmpty();
        return new Project(
                project.name(),
                first ? Project.State.REFUSED : project.state(),
                project.approved(),
                Optional.empty(),
                first ? reason : project.reason(),
                project.createdAt(),
                now);
    }

    Project sendBack(Actor by, String name, String comment) {
        requireReviewer(by, name);
        String text = ProjectTalk.text(comment, "Say what is to change, or what is not clear");
        return inTime(name, (project, version) -> {
            reviewers.require(by, version, List.of());
            long now = clock.millis();
            store.mark(name, version.digest(), ProjectVersion.State.SENT_BACK, by.id(), now, text);
            var back = new Project(
                    name,
                    project.state(),
                    project.approved(),
                    Optional.empty(),
                    project.approved().isEmpty() ? text : project.reason(),
                    project.createdAt(),
                    now);
            store.save(back);
            talk.note(by, version, ProjectNote.Kind.SENT_BACK, Optional.empty(), text);
            return back;
        });
    }

    /** Denies who may decide nowhere before anything is told about a project. */
    private void requireReviewer(Actor by, String name) {
        boolean may = access.allows(by, Permission.APPROVE, Optional.of(name))
                || database.read(() -> store.find(name)
                        .flatMap(Project::proposed)
                        .flatMap(digest -> store.version(name, digest))
                        .filter(version -> reviewers.mayTalk(by, version))
                        .filter(version -> !version.file().plan().reviewers().isEmpty())
                        .isPresent());
        if (!may) {
            access.require(by, Permission.APPROVE, name);
        }
    }

    private ProjectVersion waiting(Project project) {
        return project.proposed()
                .flatMap(digest -> store.version(project.name(), digest))
                .orElseThrow(() -> new Problem.Conflict(
                        "Nothing of project " + project.name() + " waits for a decision",
                        "mw project show " + project.name()));
    }

    private Project get(String name) {
        return store.find(name).orElseThrow(() -> missing(name));
    }

    static Problem.NotFound missing(String name) {
        return new Problem.NotFound("No project named " + name, "mw project request, in the project's folder");
    }

    List<Consent> consents(String name, String digest) {
        return database.read(() -> said.consents(name, digest));
    }

    Optional<Assessment> assessment(String name, String digest) {
        return database.read(() -> said.assessment(name, digest));
    }

    boolean awaits(Actor by, ProjectVersion version) {
        return database.read(() -> reviewers.awaits(by, version, said.consents(version.project(), version.digest())));
    }

    List<String> deciders(ProjectVersion version) {
        return database.read(() -> users.list().stream()
                .filter(user -> awaits(user.actor(), version))
                .map(User::name)
                .toList());
    }
}
