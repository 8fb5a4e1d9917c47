package org.millwright.approval;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.User;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.millwright.project.Project;
import org.millwright.project.ProjectFile;
import org.millwright.project.Projects;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.Models;
import org.millwright.registry.Versions;

/**
 * Files what validators hold against models, closes and waives it: all by people who neither made the model nor own its
 * project. While a blocking one is open, no release of the model is approved.
 */
public final class Findings {
    /** How long a waiver lasts at most. */
    static final Duration LONGEST_WAIVER = Duration.ofDays(90);

    private static final int LONGEST = 2_000;
    private static final int MOST = 1_000;

    private final Database database;
    private final Ledger ledger;
    private final Users users;
    private final Projects projects;
    private final Models models;
    private final Versions versions;
    private final Separation separation;
    private final Clock clock;
    private final Ids ids;
    private final FindingStore store;

    public Findings(Database database, Ledger ledger, Releases.Rooms rooms, Approvals approvals, Clock clock, Ids ids) {
        this.database = database;
        this.ledger = ledger;
        this.users = rooms.users();
        this.projects = rooms.projects();
        this.models = rooms.models();
        this.versions = rooms.versions();
        this.separation = approvals.separation();
        this.clock = clock;
        this.ids = ids;
        this.store = new FindingStore(database);
    }

    /**
     * What is to be filed.
     *
     * @param version number of the version it was found on; empty for the model as a whole
     * @param owner user name of who mends it
     * @param blocking empty for what the severity says: high and critical block
     */
    public record Wanted(
            String model,
            Optional<Long> version,
            Finding.Severity severity,
            Optional<Boolean> blocking,
            String text,
            String owner,
            long dueAt) {}

    public Finding file(Actor by, Wanted wanted) {
        String project = projectOf(wanted.model());
        requireIndependent(by, Permission.VALIDATE, project, wanted.model(), wanted.version());
        if (wanted.text().isBlank() || wanted.text().length() > LONGEST) {
            throw new Problem.Invalid("A finding has 1 to " + LONGEST + " characters");
        }
        if (wanted.dueAt() <= clock.millis()) {
            throw new Problem.Invalid("A finding is due in the future", "Add --due with a later day.");
        }
        boolean blocking = wanted.blocking().orElse(wanted.severity().compareTo(Finding.Severity.HIGH) >= 0);
        return database.write(
                () -> insert(by, project, wanted, users.get(wanted.owner()).id(), blocking));
    }

    /** Files what the system itself holds against a version, in the transaction of what it follows from. */
    Finding file(String project, Wanted wanted) {
        String owner = users.find(wanted.owner()).map(User::id).orElse(Actor.SYSTEM.id());
        return insert(Actor.SYSTEM, project, wanted, owner, wanted.blocking().orElse(true));
    }

    private Finding insert(Actor by, String project, Wanted wanted, String owner, boolean blocking) {
        var finding = new Finding(
                ids.next(),
                project,
                wanted.model(),
                wanted.version().map(number -> Long.toString(number)).orElse(""),
                wanted.severity(),
                blocking,
                wanted.text(),
                owner,
                wanted.dueAt(),
                by.id(),
                clock.millis(),
                Finding.State.OPEN,
                Optional.empty());
        store.insert(finding);
        ObjectNode details = Json.object()
                .put("severity", finding.severity().text())
                .put("blocking", blocking)
                .put("text", finding.text())
                .put("owner", owner)
                .put("due", finding.dueAt());
        ledger.append(by, "finding.filed", subjects(finding), details);
        return finding;
    }

    /** Says that it was mended; not by who mended it. */
    public Finding close(Actor by, String id, String reason) {
        Finding finding = get(id);
        requireIndependent(by, Permission.VALIDATE, finding);
        return settle(by, finding, Finding.State.CLOSED, reason, 0);
    }

    /** Lets releases pass although it is open, for a time. */
    public Finding waive(Actor by, String id, String reason, long until) {
        Finding finding = get(id);
        requireIndependent(by, Permission.APPROVE, finding);
        long now = clock.millis();
        if (until <= now || until > now + LONGEST_WAIVER.toMillis()) {
            throw new Problem.Invalid(
                    "A waiver ends between now and " + LONGEST_WAIVER.toDays() + " days",
                    "mw finding waive " + id + " --until DATE --reason …");
        }
        return settle(by, finding, Finding.State.WAIVED, reason, until);
    }

    private Finding settle(Actor by, Finding finding, Finding.State state, String reason, long until) {
        if (reason.isBlank() || reason.length() > LONGEST) {
            throw new Problem.Invalid("Say why in 1 to " + LONGEST + " characters", "Add --reason …");
        }
        return database.write(() -> {
            var settled = new Finding.Settled(by.id(), clock.millis(), reason, until);
            if (!store.settle(finding.id(), state, settled)) {
                throw new Problem.Conflict("Finding " + finding.id() + " is closed already", "mw finding list");
            }
            ObjectNode details = Json.object().put("reason", reason);
            if (until > 0) {
                details.put("until", until);
            }
            ledger.append(
                    by,
                    state == Finding.State.CLOSED ? "finding.closed" : "finding.waived",
                    subjects(finding),
                    details);
            return get(finding.id());
        });
    }

    private void requireIndependent(Actor by, Permission permission, Finding finding) {
        requireIndependent(
                by,
                permission,
                finding.project(),
                finding.model(),
                finding.version().isEmpty() ? Optional.empty() : Optional.of(Long.parseLong(finding.version())));
        if (separation.same(by.id(), finding.owner())) {
            throw new Problem.Denied(
                    by.name() + " is to mend finding " + finding.id() + " and cannot settle it",
                    "Ask a validator or an approver who had no part in it.");
        }
    }

    private void requireIndependent(
            Actor by, Permission permission, String project, String model, Optional<Long> version) {
        users.access().require(by, permission, project);
        if (!by.isPerson()) {
            throw new Problem.Denied("Only a person validates", "Ask someone with the validator role.");
        }
        boolean author = (version.isPresent()
                        ? versions.find(Actor.SYSTEM, model, version.get()).stream()
                                .toList()
                        : versions.all(Actor.SYSTEM, model))
                .stream().map(ModelVersion::madeBy).anyMatch(maker -> separation.same(by.id(), maker));
        boolean owner = projects.file(project).map(ProjectFile::owner).flatMap(users::find).stream()
                .anyMatch(user -> separation.same(by.id(), user.id()));
        if (author || owner) {
            throw new Problem.Denied(
                    by.name() + (author ? " made " : " owns ") + "model " + model + " and cannot validate it",
                    "Ask another person with the validator role.");
        }
        version.ifPresent(number -> versions.get(Actor.SYSTEM, model, number));
    }

    private String projectOf(String model) {
        return models.get(Actor.SYSTEM, model)
                .project()
                .orElseThrow(() -> new Problem.Conflict(
                        "Model " + model + " belongs to no project", "Only a project's models are validated."));
    }

    public Finding get(String id) {
        return database.read(() -> store.find(id))
                .orElseThrow(() -> new Problem.NotFound("No finding " + id, "mw finding list"));
    }

    /** All findings about a model, whatever version, the first due first. */
    public List<Finding> of(String model) {
        return database.read(() -> store.of(model));
    }

    /** Findings of what this actor may read, the newest first. */
    public List<Finding> list(Actor by) {
        return database.read(() -> store.all(MOST)).stream()
                .filter(each -> users.access().allows(by, Permission.READ, Optional.of(each.project())))
                .toList();
    }

    List<Finding> blocking(String model) {
        return of(model).stream()
                .filter(finding -> finding.blocking() && finding.isOpen(clock.millis()))
                .toList();
    }

    private static List<String> subjects(Finding finding) {
        String model = "model:" + finding.model();
        return finding.version().isEmpty()
                ? List.of(finding.ref(), model, Project.ref(finding.project()))
                : List.of(finding.ref(), finding.modelRef(), model, Project.ref(finding.project()));
    }
}
