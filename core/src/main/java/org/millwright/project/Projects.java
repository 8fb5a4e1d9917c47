package org.millwright.project;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;

/** Requests, approves, refuses, pauses and retires projects; tells which file of a project is in force. */
public final class Projects {
    private static final int PARSED = 256;

    private final Database database;
    private final Ledger ledger;
    private final Users users;
    private final Access access;
    private final Clock clock;
    private final ProjectStore store;
    private final AgreementStore agreements;
    private final Map<String, ProjectFile> parsed = new ConcurrentHashMap<>();
    private final Map<String, Agreement> agreed = new ConcurrentHashMap<>();

    public Projects(Database database, Ledger ledger, Users users, Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.users = users;
        this.access = users.access();
        this.clock = clock;
        this.store = new ProjectStore(database);
        this.agreements = new AgreementStore(database);
    }

    /** Asks for a new project, or for a change of an existing one's file. The same text again changes nothing. */
    public Project request(Actor by, String text) {
        ProjectFile file = ProjectFile.parse(text);
        access.require(by, Permission.REQUEST_PROJECT, file.name());
        requirePeople(file);
        String digest = file.digest();
        long now = clock.millis();
        return database.write(() -> {
            Optional<Project> known = store.find(file.name());
            if (known.isPresent() && known.get().state() == Project.State.RETIRED) {
                throw new Problem.Conflict("Project " + file.name() + " is retired", "Choose another name.");
            }
            boolean same = known.flatMap(Project::approved).equals(Optional.of(digest))
                    || known.flatMap(Project::proposed).equals(Optional.of(digest));
            if (known.isPresent() && same) {
                return known.get();
            }
            known.flatMap(Project::proposed)
                    .ifPresent(old -> store.mark(file.name(), old, ProjectVersion.State.SUPERSEDED, null, null, null));
            store.propose(file.name(), digest, text, by.id(), now);
            Project.State state = known.map(Project::state)
                    .filter(old -> old != Project.State.REFUSED)
                    .orElse(Project.State.REQUESTED);
            var project = new Project(
                    file.name(),
                    state,
                    known.flatMap(Project::approved),
                    Optional.of(digest),
                    state == Project.State.PAUSED ? known.map(Project::reason).orElse("") : "",
                    known.map(Project::createdAt).orElse(now),
                    now);
            store.save(project);
            ledger.append(
                    by,
                    known.isPresent() ? "project.change-requested" : "project.requested",
                    project.ref(),
                    Json.object()
                            .put("file", digest)
                            .put("purpose", file.purpose())
                            .put("owner", file.owner())
                            .put("riskTier", file.riskTier().text())
                            .set("data", Json.tree(file.data())));
            return project;
        });
    }

    /** Puts the proposed file in force and makes its people members; by an approver who did not ask for it. */
    public Project approve(Actor by, String name, String reason) {
        return decide(by, name, reason, true);
    }

    /** Refuses the proposed file; needs a reason. */
    public Project refuse(Actor by, String name, String reason) {
        if (reason.isBlank()) {
            throw new Problem.Invalid(
                    "A refusal needs a reason", "mw approve project:" + name + " --refuse --reason …");
        }
        return decide(by, name, reason, false);
    }

    private Project decide(Actor by, String name, String reason, boolean granted) {
        access.require(by, Permission.APPROVE, name);
        long now = clock.millis();
        return database.write(() -> {
            Project project = get(name);
            String digest = project.proposed()
                    .orElseThrow(() -> new Problem.Conflict(
                            "Nothing of project " + name + " waits for a decision", "mw project show " + name));
            ProjectVersion version = store.version(name, digest).orElseThrow();
            requireOther(by, version);
            store.mark(
                    name,
                    digest,
                    granted ? ProjectVersion.State.APPROVED : ProjectVersion.State.REFUSED,
                    by.id(),
                    now,
                    reason);
            Project decided = granted ? granted(project, version, now) : refused(project, reason, now);
            store.save(decided);
            ledger.append(
                    by,
                    granted ? "project.approved" : "project.refused",
                    project.ref(),
                    Json.object()
                            .put("file", digest)
                            .put("requestedBy", version.requestedBy())
                            .put("reason", reason));
            return decided;
        });
    }

    private Project granted(Project project, ProjectVersion version, long now) {
        project.approved()
                .ifPresent(old -> store.mark(project.name(), old, ProjectVersion.State.SUPERSEDED, null, null, null));
        version.file()
                .members()
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

    private static Project refused(Project project, String reason, long now) {
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

    /** Stops everything new in the project until {@link #resume}. */
    public Project pause(Actor by, String name, String reason) {
        return move(by, name, Project.State.ACTIVE, Project.State.PAUSED, "project.paused", reason);
    }

    public Project resume(Actor by, String name, String reason) {
        return move(by, name, Project.State.PAUSED, Project.State.ACTIVE, "project.resumed", reason);
    }

    /** Ends the project for good; its records stay. */
    public Project retire(Actor by, String name, String reason) {
        Project.State from = get(name).state();
        return move(by, name, from, Project.State.RETIRED, "project.retired", reason);
    }

    private Project move(Actor by, String name, Project.State from, Project.State to, String action, String reason) {
        access.require(by, Permission.DEPLOY, name);
        if (reason.isBlank()) {
            throw new Problem.Invalid("Say why: this stops people's work", "Add --reason …");
        }
        long now = clock.millis();
        return database.write(() -> {
            Project project = get(name);
            if (project.state() != from || from == Project.State.RETIRED) {
                throw new Problem.Conflict(
                        "Project " + name + " is " + project.state().name().toLowerCase(java.util.Locale.ROOT),
                        "mw project show " + name);
            }
            var moved = new Project(name, to, project.approved(), project.proposed(), reason, project.createdAt(), now);
            store.save(moved);
            ledger.append(by, action, project.ref(), Json.object().put("reason", reason));
            return moved;
        });
    }

    public Project get(String name) {
        return find(name)
                .orElseThrow(() -> new Problem.NotFound(
                        "No project named " + name, "mw project request, in the project's folder"));
    }

    public Optional<Project> find(String name) {
        return database.read(() -> store.find(name));
    }

    public List<Project> list() {
        return database.read(store::all);
    }

    /** All texts of the project's file, oldest first. */
    public List<ProjectVersion> versions(String name) {
        return database.read(() -> store.versions(name));
    }

    /** The text that waits for a decision. */
    public Optional<ProjectVersion> proposal(String name) {
        return database.read(
                () -> store.find(name).flatMap(Project::proposed).flatMap(digest -> store.version(name, digest)));
    }

    /** The file in force; refuses with what to do unless the project is active. */
    public ProjectFile requireActive(String name) {
        return database.read(() -> {
            Project project = get(name);
            if (project.state() != Project.State.ACTIVE) {
                throw new Problem.Conflict(
                        "Project " + name + " is " + project.state().name().toLowerCase(java.util.Locale.ROOT)
                                + ": nothing runs in it",
                        project.state() == Project.State.REQUESTED
                                ? "An approver other than the requester: mw approve project:" + name
                                : "mw project show " + name);
            }
            return file(project);
        });
    }

    /** The file in force, if any was ever approved. */
    public Optional<ProjectFile> file(String name) {
        return database.read(() -> store.find(name)
                .flatMap(Project::approved)
                .flatMap(digest -> store.version(name, digest))
                .map(this::parsed));
    }

    /** The file with this digest, whether or not it is still in force. */
    public ProjectFile file(String name, String digest) {
        return database.read(() -> store.version(name, digest))
                .map(this::parsed)
                .orElseThrow(() -> new Problem.NotFound("Project " + name + " has no file " + digest));
    }

    /** The approved file of the project that makes the model. */
    public Optional<ProjectFile> ofModel(String model) {
        return database.read(() -> store.all().stream()
                .filter(project -> project.approved().isPresent() && project.state() != Project.State.RETIRED)
                .map(this::file)
                .filter(file -> file.model().name().equals(model))
                .findFirst());
    }

    /** What is in force about the project's model; who investigates is the project's owner unless the agreement says so. */
    public Optional<Agreement> agreement(String name) {
        return database.read(() -> {
            Optional<Agreement> inForce =
                    agreements.text(name).map(kept -> agreed(kept.digest(), () -> Agreement.parse(kept.text())));
            return inForce.or(() -> agreedInFile(name))
                    .map(found -> found.investigatedBy(
                            file(name).map(ProjectFile::owner).orElse("")));
        });
    }

    /** What was approved as a part of the project's file, before agreements had files of their own. */
    private Optional<Agreement> agreedInFile(String name) {
        return store.find(name)
                .flatMap(Project::approved)
                .flatMap(digest -> store.version(name, digest))
                .filter(version -> version.text().contains("agreement:"))
                .flatMap(version ->
                        ProjectFile.agreement(version.text()).map(found -> agreed(version.digest(), () -> found)));
    }

    /** Reads an agreement's text once, as {@link #parsed}. */
    private Agreement agreed(String digest, Supplier<Agreement> read) {
        if (agreed.size() >= PARSED) {
            agreed.clear();
        }
        return agreed.computeIfAbsent(digest, key -> read.get());
    }

    private ProjectFile file(Project project) {
        return parsed(
                store.version(project.name(), project.approved().orElseThrow()).orElseThrow());
    }

    /** Reads a version's text once: it is asked for with every batch that is monitored. */
    private ProjectFile parsed(ProjectVersion version) {
        ProjectFile known = parsed.get(version.digest());
        if (known == null) {
            known = version.file();
            if (parsed.size() >= PARSED) {
                parsed.clear();
            }
            parsed.put(version.digest(), known);
        }
        return known;
    }

    private void requirePeople(ProjectFile file) {
        var unknown = java.util.stream.Stream.concat(
                        java.util.stream.Stream.of(file.owner()), file.members().keySet().stream())
                .distinct()
                .filter(user -> users.find(user).isEmpty())
                .toList();
        if (!unknown.isEmpty()) {
            throw new Problem.Invalid(
                    ProjectFile.FILE + " names users who do not exist: " + String.join(", ", unknown),
                    "mw user add " + unknown.getFirst());
        }
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
