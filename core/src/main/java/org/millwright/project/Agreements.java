package org.millwright.project;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.Role;
import org.millwright.identity.User;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.kernel.Yaml;
import org.millwright.ledger.Ledger;

/**
 * Proposes, accepts and refuses what is agreed about a model.
 *
 * <p>A text is in force when a data scientist and an ML engineer of the project have accepted it; until then the one before
 * stays. Whoever proposes accepts for a role of theirs with that. One person accepts for both roles only where nobody else
 * holds one of them, or as the local owner, and the record says so.
 */
public final class Agreements {
    private static final int MOST = 256 * 1024;
    private static final String LATE = "Nobody accepted in time";

    private final Database database;
    private final Ledger ledger;
    private final Users users;
    private final Access access;
    private final Projects projects;
    private final Clock clock;
    private final Ids ids;
    private final AgreementStore store;
    private final Reminders reminders;

    public Agreements(Database database, Ledger ledger, Users users, Projects projects, Clock clock, Ids ids) {
        this.database = database;
        this.ledger = ledger;
        this.users = users;
        this.access = users.access();
        this.projects = projects;
        this.clock = clock;
        this.ids = ids;
        this.store = new AgreementStore(database);
        this.reminders = new Reminders(database, ledger, clock);
    }

    /** Asks to agree on this; the same meaning again, in force or proposed, changes nothing. */
    public AgreementVersion propose(Actor by, String text) {
        if (text.length() > MOST) {
            throw new Problem.Invalid(
                    Agreement.FILE + " has " + text.length() + " characters (expected: at most " + MOST + ")");
        }
        String model = Yaml.parse(Agreement.FILE, text).text("model", "");
        Optional<ProjectFile> project = projects.ofModel(model);
        Agreement agreement =
                Agreement.parse(text, project.map(file -> file.model().task()).orElse(""));
        ProjectFile file = project.orElseThrow(() -> noModel(model));
        access.require(by, Permission.REQUEST_PROJECT, file.name());
        requirePerson(agreement);
        return database.write(() -> {
            Optional<AgreementVersion> open = store.find(file.name(), AgreementVersion.State.PROPOSED);
            Optional<AgreementVersion> same = open.filter(
                            found -> found.digest().equals(agreement.digest()))
                    .or(() -> store.find(file.name(), AgreementVersion.State.IN_FORCE)
                            .filter(found -> found.digest().equals(agreement.digest())));
            if (same.isPresent()) {
                return same.get();
            }
            open.ifPresent(old -> store.supersede(old.id()));
            var proposed = new AgreementVersion(
                    ids.next("ag"),
                    file.name(),
                    model,
                    agreement.digest(),
                    text,
                    AgreementVersion.State.PROPOSED,
                    by.id(),
                    clock.millis(),
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    "");
            store.insert(proposed);
            append(by, "agreement.proposed", proposed, Json.object());
            List<Role> held = by.isPerson() ? held(by, file.name()) : List.of();
            return held.isEmpty() ? proposed : accepted(by, proposed, List.of(held.getFirst()));
        });
    }

    /**
     * Accepts what is proposed, for the roles that the person holds.
     *
     * @param digest what was read; refused when it is no longer what is proposed; empty for whatever is proposed
     */
    public AgreementVersion accept(Actor by, String model, Optional<String> digest) {
        return inTime(model, proposed -> {
            List<Role> roles = requireHolder(by, proposed);
            if (digest.isPresent() && !digest.get().equals(proposed.digest())) {
                throw new Problem.Conflict(
                        "Another text of the agreement on " + model + " is proposed now",
                        "Read it: mw agreement show " + model);
            }
            List<Role> missing =
                    proposed.missing().stream().filter(roles::contains).toList();
            if (missing.isEmpty()) {
                throw new Problem.Conflict(
                        "The agreement on " + model + " is accepted already for " + names(roles),
                        others(by, proposed.project(), proposed.missing()));
            }
            boolean another = proposed.acceptances().stream().anyMatch(accepted -> isOf(by, accepted));
            boolean both = another || missing.size() > 1;
            if (both && !mayAcceptAlone(by, proposed.project())) {
                if (another) {
                    throw new Problem.Denied(
                            by.name() + " accepted for one role and cannot accept for the other, too",
                            others(by, proposed.project(), proposed.missing()));
                }
                missing = List.of(missing.getFirst());
            }
            return accepted(by, proposed, missing);
        });
    }

    /** Refuses what is proposed; needs a reason. */
    public AgreementVersion refuse(Actor by, String model, String reason) {
        if (reason.isBlank()) {
            throw new Problem.Invalid("A refusal needs a reason", "mw agreement refuse " + model + " --reason …");
        }
        return inTime(model, proposed -> {
            requireHolder(by, proposed);
            return settled(by, proposed, AgreementVersion.State.REFUSED, reason);
        });
    }

    /** Gives what is proposed back to who proposed it, with what is to change or to say. */
    public AgreementVersion sendBack(Actor by, String model, String comment) {
        if (comment.isBlank()) {
            throw new Problem.Invalid(
                    "Say what is to change, or what is not clear",
                    "mw approve agreement:" + model + " --send-back --reason …");
        }
        return inTime(model, proposed -> {
            requireHolder(by, proposed);
            if (users.samePerson(by.id(), proposed.proposedBy())) {
                throw new Problem.Denied(
                        by.name() + " proposed it: somebody else sends it back",
                        "Take it back: mw agreement refuse " + model + " --reason …");
            }
            return settled(by, proposed, AgreementVersion.State.SENT_BACK, comment);
        });
    }

    private AgreementVersion settled(Actor by, AgreementVersion proposed, AgreementVersion.State state, String reason) {
        store.settle(proposed.id(), state, by.id(), clock.millis(), reason);
        append(
                by,
                "agreement." + state.text(),
                proposed,
                Json.object().put("reason", reason).put("requestedBy", proposed.proposedBy()));
        return store.of(proposed.project()).stream()
                .filter(found -> found.id().equals(proposed.id()))
                .findFirst()
                .orElseThrow();
    }

    /** Does something about what is proposed, unless its time is over: then it is refused, and whoever is late is told. */
    private AgreementVersion inTime(String model, UnaryOperator<AgreementVersion> work) {
        Optional<AgreementVersion> done = database.write(() -> {
            AgreementVersion proposed = requireProposed(model);
            if (clock.millis() >= due(proposed)) {
                settled(Actor.SYSTEM, proposed, AgreementVersion.State.REFUSED, LATE);
                return Optional.empty();
            }
            return Optional.of(work.apply(proposed));
        });
        return done.orElseThrow(() -> new Problem.Conflict(
                "agreement:" + model + " can no longer be accepted: nobody did in time",
                "Whoever proposed it does so again: mw agreement propose"));
    }

    /** When a text that waits counts as refused, as the project's file says. */
    public long due(AgreementVersion version) {
        Deciding deciding = deciding(version);
        return projects.holidays().working(deciding).due(version.proposedAt(), deciding.days());
    }

    private Deciding deciding(AgreementVersion version) {
        return projects.file(version.project())
                .map(file -> file.release().deciding())
                .orElse(Deciding.DEFAULT);
    }

    /** Reminds of texts that wait, and refuses those whose time is over. */
    public void turn() {
        for (AgreementVersion version : waiting()) {
            long due = due(version);
            if (clock.millis() >= due) {
                lapse(version);
            } else {
                var waiting = new Reminders.Waiting(
                        List.of(version.ref(), Project.ref(version.project())),
                        version.digest(),
                        version.proposedAt(),
                        due,
                        () -> awaited(version));
                reminders.remind(
                        "agreement.reminded", waiting, projects.holidays().working(deciding(version)));
            }
        }
    }

    private void lapse(AgreementVersion version) {
        database.write(() -> store.find(version.project(), AgreementVersion.State.PROPOSED)
                .filter(open -> open.id().equals(version.id()))
                .ifPresent(open -> settled(Actor.SYSTEM, open, AgreementVersion.State.REFUSED, LATE)));
    }

    /** User names of those whose acceptance would bring it further. */
    private List<String> awaited(AgreementVersion version) {
        return users.list().stream()
                .filter(user -> awaits(version, user.actor()))
                .map(User::name)
                .toList();
    }

    private AgreementVersion accepted(Actor by, AgreementVersion proposed, List<Role> roles) {
        long now = clock.millis();
        for (Role role : roles) {
            store.accept(proposed.id(), new AgreementVersion.Acceptance(role, by.id(), users.personOf(by.id()), now));
        }
        AgreementVersion known =
                store.find(proposed.project(), AgreementVersion.State.PROPOSED).orElseThrow();
        append(
                by,
                "agreement.accepted",
                known,
                Json.object().put("roles", names(roles)).put("missing", names(known.missing())));
        if (!known.missing().isEmpty()) {
            return known;
        }
        store.find(proposed.project(), AgreementVersion.State.IN_FORCE).ifPresent(old -> store.supersede(old.id()));
        store.settle(proposed.id(), AgreementVersion.State.IN_FORCE, by.id(), now, "");
        append(by, "agreement.in-force", known, Json.object().put("alone", known.isAcceptedAlone()));
        return store.find(proposed.project(), AgreementVersion.State.IN_FORCE).orElseThrow();
    }

    private void append(Actor by, String action, AgreementVersion version, ObjectNode details) {
        ledger.append(
                by,
                action,
                List.of(version.ref(), Project.ref(version.project())),
                details.put("agreement", version.id()).put("file", version.digest()));
    }

    /** What is in force about the model; {@link Problem.NotFound} when nothing was ever accepted. */
    public AgreementVersion get(Actor by, String model) {
        String project = requireProject(by, model);
        return database.read(() -> store.find(project, AgreementVersion.State.IN_FORCE))
                .orElseThrow(() -> new Problem.NotFound(
                        "Nothing is agreed about model " + model, "mw agreement propose, in the project's folder"));
    }

    /** All texts about the model, oldest first. */
    public List<AgreementVersion> versions(Actor by, String model) {
        String project = requireProject(by, model);
        return database.read(() -> store.of(project));
    }

    /** The text in force of a project. */
    public Optional<AgreementVersion> inForce(String project) {
        return database.read(() -> store.find(project, AgreementVersion.State.IN_FORCE));
    }

    /** The text of a project that waits for acceptance. */
    public Optional<AgreementVersion> proposed(String project) {
        return database.read(() -> store.find(project, AgreementVersion.State.PROPOSED));
    }

    /** All texts that wait for acceptance. */
    public List<AgreementVersion> waiting() {
        return database.read(() -> store.all(AgreementVersion.State.PROPOSED));
    }

    /** Whether the actor's acceptance would bring the text further. */
    public boolean awaits(AgreementVersion proposed, Actor actor) {
        if (!actor.isPerson() || proposed.state() != AgreementVersion.State.PROPOSED) {
            return false;
        }
        boolean before = proposed.acceptances().stream().anyMatch(accepted -> isOf(actor, accepted));
        return proposed.missing().stream().anyMatch(held(actor, proposed.project())::contains)
                && (!before || mayAcceptAlone(actor, proposed.project()));
    }

    private boolean isOf(Actor actor, AgreementVersion.Acceptance accepted) {
        return users.samePerson(accepted.by(), actor.id());
    }

    private String requireProject(Actor by, String model) {
        String project =
                projects.ofModel(model).orElseThrow(() -> noModel(model)).name();
        access.require(by, Permission.READ, project);
        return project;
    }

    private AgreementVersion requireProposed(String model) {
        String project =
                projects.ofModel(model).orElseThrow(() -> noModel(model)).name();
        return store.find(project, AgreementVersion.State.PROPOSED)
                .orElseThrow(() -> new Problem.Conflict(
                        "Nothing about model " + model + " waits for acceptance", "mw agreement show " + model));
    }

    private List<Role> requireHolder(Actor by, AgreementVersion version) {
        List<Role> roles = by.isPerson() ? held(by, version.project()) : List.of();
        if (roles.isEmpty()) {
            throw new Problem.Denied(
                    by.name() + " holds neither role that agrees on model " + version.model() + " ("
                            + names(AgreementVersion.ROLES) + ")",
                    others(by, version.project(), version.missing()));
        }
        return roles;
    }

    /** Those of the two roles that the actor holds. */
    private List<Role> held(Actor actor, String project) {
        if (actor.roles().contains(Role.LOCAL_OWNER)) {
            return AgreementVersion.ROLES;
        }
        var inProject = users.rolesIn(project, actor.id());
        return AgreementVersion.ROLES.stream()
                .filter(role -> actor.roles().contains(role) || inProject.contains(role))
                .toList();
    }

    private boolean mayAcceptAlone(Actor by, String project) {
        return by.roles().contains(Role.LOCAL_OWNER)
                || AgreementVersion.ROLES.stream()
                        .anyMatch(role ->
                                holders(project, role).stream().allMatch(user -> users.samePerson(user.id(), by.id())));
    }

    /** The people's accounts that hold the role in the project. */
    private List<User> holders(String project, Role role) {
        return users.list().stream()
                .filter(user -> user.kind() == Actor.Kind.PERSON)
                .filter(user -> user.roles().contains(role)
                        || users.rolesIn(project, user.id()).contains(role))
                .toList();
    }

    private String others(Actor by, String project, List<Role> roles) {
        String people = roles.stream()
                .flatMap(role -> holders(project, role).stream())
                .filter(user -> !users.samePerson(user.id(), by.id()))
                .map(User::name)
                .distinct()
                .limit(5)
                .collect(Collectors.joining(" or "));
        return people.isEmpty()
                ? "Give somebody the role " + names(roles) + ": mw user grant NAME ROLE --project " + project
                : "Ask " + people + ".";
    }

    private void requirePerson(Agreement agreement) {
        String who = agreement.investigate().who();
        if (!who.isEmpty() && users.find(who).isEmpty()) {
            throw new Problem.Invalid(
                    Agreement.FILE + ": investigate names a user who does not exist: " + who, "mw user add " + who);
        }
    }

    private static Problem.NotFound noModel(String model) {
        return new Problem.NotFound(
                "No approved project makes a model named '" + model + "'",
                "Compare 'model' in " + Agreement.FILE + " with 'model.name' in " + ProjectFile.FILE
                        + ", or have the project approved first: mw project request");
    }

    private static String names(List<Role> roles) {
        return roles.stream().map(Role::text).collect(Collectors.joining(", "));
    }
}
