package org.millwright.project;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.millwright.turn.Turns;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether somebody looked lately if a project is still what was approved; what is late is told once in the ledger. */
public final class ProjectReviews implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProjectReviews.class);
    private static final Duration TURN = Duration.ofMinutes(10);
    private static final int LONGEST = 4_000;

    private final Database database;
    private final Ledger ledger;
    private final Users users;
    private final Access access;
    private final Projects projects;
    private final Clock clock;
    private final RequestStore store;
    private final Turns turns = new Turns("project-reviews", TURN, this::turn);

    public ProjectReviews(Database database, Ledger ledger, Users users, Projects projects, Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.users = users;
        this.access = users.access();
        this.projects = projects;
        this.clock = clock;
        this.store = new RequestStore(database);
    }

    /** Where a project stands; times in milliseconds since the epoch. */
    public record Review(String by, long at, long due, Duration every, boolean overdue) {}

    /** Empty while the project is not approved, and once it is retired. */
    public Optional<Review> of(String name) {
        return database.read(() -> {
            Optional<Project> project = projects.find(name).filter(found -> found.state() != Project.State.RETIRED);
            return project.flatMap(found -> projects.file(name).map(file -> review(found, file)));
        });
    }

    private Review review(Project project, ProjectFile file) {
        Duration every = file.plan().reviewEvery(file.riskTier());
        RequestStore.Reviewed last = store.reviewed(project.name()).orElseGet(() -> approved(project));
        long due = last.at() + every.toMillis();
        return new Review(last.by(), last.at(), due, every, clock.millis() >= due);
    }

    /** A project from before reviews was looked at when it was approved first. */
    private RequestStore.Reviewed approved(Project project) {
        return projects.versions(project.name()).stream()
                .filter(version -> version.decidedAt().isPresent())
                .findFirst()
                .map(version -> new RequestStore.Reviewed(
                        version.decidedBy().orElse(""), version.decidedAt().orElseThrow(), false))
                .orElse(new RequestStore.Reviewed("", project.createdAt(), false));
    }

    /** Says that it was looked at; by its owner or business owner, or who may approve or validate. */
    public Review review(Actor by, String name, String note) {
        requireMay(by, name);
        if (note.isBlank() || note.length() > LONGEST) {
            throw new Problem.Invalid(
                    "Say what was found (expected: 1 to " + LONGEST + " characters, got " + note.length() + ")",
                    "mw project review " + name + " --note …");
        }
        return database.write(() -> {
            Project project = projects.get(name);
            ProjectFile file = projects.file(name)
                    .filter(found -> project.state() != Project.State.RETIRED)
                    .orElseThrow(() -> new Problem.Conflict(
                            "Project " + name + " is " + project.stateText() + ": there is nothing to review",
                            "mw project show " + name));
            long now = clock.millis();
            store.reviewed(name, by.id(), now);
            long due = now + file.plan().reviewEvery(file.riskTier()).toMillis();
            String id = ledger.append(
                    by,
                    "project.reviewed",
                    project.ref(),
                    Json.object()
                            .put("file", file.digest())
                            .put("due", due)
                            .put("text", Json.sha256(note.getBytes(StandardCharsets.UTF_8))));
            store.add(new ProjectNote(
                    id, name, file.digest(), ProjectNote.Kind.REVIEW, Optional.empty(), by.id(), now, note.strip()));
            return review(project, file);
        });
    }

    /** Refuses who may not review the project. */
    public void requireMay(Actor by, String name) {
        boolean answers = by.isPerson()
                && projects.file(name).stream()
                        .flatMap(file -> java.util.stream.Stream.concat(
                                java.util.stream.Stream.of(file.owner()), file.plan().businessOwner().stream()))
                        .flatMap(owner -> users.find(owner).stream())
                        .anyMatch(owner -> users.samePerson(owner.id(), by.id()));
        if (!answers && !access.allows(by, Permission.VALIDATE, Optional.of(name))) {
            access.require(by, Permission.APPROVE, name);
        }
    }

    /** Projects whose review is late, by name. */
    public List<String> overdue() {
        return projects.list().stream()
                .map(Project::name)
                .filter(name -> of(name).filter(Review::overdue).isPresent())
                .toList();
    }

    /** Tells in the ledger which reviews became late since the last time. */
    public void turn() {
        for (Project project : projects.list()) {
            try {
                of(project.name()).filter(Review::overdue).ifPresent(late -> tell(project, late));
            } catch (RuntimeException e) {
                LOG.warn("The review of {} cannot be looked at; it will be tried again", project.ref(), e);
            }
        }
    }

    private void tell(Project project, Review late) {
        database.write(() -> {
            Optional<RequestStore.Reviewed> known = store.reviewed(project.name());
            if (known.isPresent() && known.get().overdueTold()) {
                return;
            }
            if (known.isEmpty()) {
                store.reviewed(project.name(), late.by(), late.at());
            }
            store.overdue(project.name(), clock.millis());
            ledger.append(
                    Actor.SYSTEM,
                    "project.review-overdue",
                    project.ref(),
                    Json.object().put("due", late.due()).put("lastReview", late.at()));
        });
    }

    /** From now on looks by itself. */
    public void start() {
        turns.start();
    }

    @Override
    public void close() {
        turns.close();
    }
}
