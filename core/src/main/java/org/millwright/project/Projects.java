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
    private final ProjectRequests requests;
    private final Reminders reminders;
    private final Holidays holidays;
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
        this.reminders = new Reminders(database, ledger, clock);
        this.holidays = new Holidays(database, ledger, access, clock);
        this.requests = new ProjectRequests(database, ledger, users, clock, store, this::due);
    }

    /** Asks by these questions from now on. */
    public void askBy(Questionnaire questionnaire) {
        requests.askBy(questionnaire);
    }

    /** The questions that requests answer. */
    public Questionnaire questionnaire() {
        return requests.questionnaire();
    }

    /** Asks for a new project, or for a change of an existing one's file. The same text again changes nothing. */
    public Project request(Actor by, String text) {
        access.requireSomewhere(by, Permission.REQUEST_PROJECT);
        ProjectFile file = ProjectFile.parse(text, users.roles()::of);
        access.require(by, Permission.REQUEST_PROJECT, file.name());
        requirePeople(file);
        return requests.request(by, text, file);
    }

    /**
     * Puts the proposed file in force and makes its people members, once one person of each role that it names as reviewer
     * agreed; by people who did not ask for it.
     */
    public Project approve(Actor by, String name, String reason) {
        return requests.decide(by, name, reason, true);
    }

    /** Refuses the proposed file; needs a reason. */
    public Project refuse(Actor by, String name, String reason) {
        return requests.decide(by, name, reason, false);
    }

    /** Gives the proposed file back to who asked, with what is to change or to say. */
    public Project sendBack(Actor by, String name, String comment) {
        return requests.sendBack(by, name, comment);
    }

    /** Refuses who has no part in talk about the project's request. */
    public void requireTalk(Actor by, String name) {
        requests.talk().requireTalk(by, name);
    }

    /** Asks about the newest file of a project, in place. */
    public ProjectNote ask(Actor by, String name, String text) {
        return requests.talk().ask(by, name, text);
    }

    /** Answers a question; the oldest one without an answer unless its id is given. */
    public ProjectNote answer(Actor by, String name, Optional<String> question, String text) {
        return requests.talk().answer(by, name, question, text);
    }

    /** Everything that was said about the project's files and at reviews, oldest first. */
    public List<ProjectNote> notes(String name) {
        return requests.talk().notes(name);
    }

    /** Who agreed to a file so far, in which reviewing role. */
    public List<Consent> consents(String name, String digest) {
        return requests.consents(name, digest);
    }

    /** What followed from a file's answers when it was asked for; empty where it answered nothing. */
    public Optional<Assessment> assessment(String name, String digest) {
        return requests.assessment(name, digest);
    }

    /** Whether a request waits for this person's decision. */
    public boolean awaits(Actor by, ProjectVersion version) {
        return requests.awaits(by, version);
    }

    /** Who may decide about a request now, by name. */
    public List<String> deciders(ProjectVersion version) {
        return requests.deciders(version);
    }

    /** Days on which nobody works. */
    public Holidays holidays() {
        return holidays;
    }

    /** When a text that waits counts as refused, as the file in force says, or for a new project its own. */
    public long due(ProjectVersion version) {
        Deciding deciding = deciding(version);
        return holidays.working(deciding).due(version.requestedAt(), deciding.days());
    }

    private Deciding deciding(ProjectVersion version) {
        return file(version.project())
                .orElseGet(() -> parsed(version))
                .release()
                .deciding();
    }

    /** Reminds of requests that wait, and refuses those whose time is over. */
    public void turn() {
        for (Project project : list()) {
            proposal(project.name()).ifPresent(version -> {
                long due = due(version);
                if (clock.millis() >= due) {
                    requests.lapse(project.name());
                } else {
                    var waiting = new Reminders.Waiting(
                            List.of(project.ref()),
                            version.digest(),
                            version.requestedAt(),
                            due,
                            () -> deciders(version));
                    reminders.remind("project.reminded", waiting, holidays.working(deciding(version)));
                }
            });
        }
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
                throw new Problem.Conflict("Project " + name + " is " + project.stateText(), "mw project show " + name);
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
                        "Project " + name + " is " + project.stateText() + ": nothing runs in it",
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

    /** Who is told when something is wrong with the project's model: whom the agreement says, else its owner; "" for nobody. */
    public String investigator(String name) {
        return agreement(name)
                .map(agreement -> agreement.investigate().who())
                .or(() -> file(name).map(ProjectFile::owner))
                .orElse("");
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
                        java.util.stream.Stream.concat(
                                java.util.stream.Stream.of(file.owner()), file.plan().businessOwner().stream()),
                        file.members().keySet().stream())
                .distinct()
                .filter(user -> users.find(user).isEmpty())
                .toList();
        if (!unknown.isEmpty()) {
            throw new Problem.Invalid(
                    ProjectFile.FILE + " names users who do not exist: " + String.join(", ", unknown),
                    "mw user add " + unknown.getFirst());
        }
    }
}
