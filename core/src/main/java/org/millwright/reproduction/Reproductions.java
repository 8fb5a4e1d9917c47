package org.millwright.reproduction;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millwright.artifact.Artifacts;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.millwright.project.Project;
import org.millwright.registry.Models;
import org.millwright.registry.Versions;

/**
 * Makes model versions again from what was recorded, one at a time, and says what came out.
 *
 * <p>Nothing of it is a pipeline run: it registers no version, and what its steps log is taken from view. One that a stop of
 * the server interrupts begins anew, a third stop ends it.
 */
public final class Reproductions implements AutoCloseable {
    static final int MOST_STARTS = 3;

    private final Database database;
    private final Ledger ledger;
    private final Access access;
    private final Models models;
    private final Versions versions;
    private final Artifacts artifacts;
    private final Clock clock;
    private final Ids ids;
    private final ReproductionStore store;
    private final ReproductionQueue queue;

    /** @param bench what does the work; the time limit counts for each reproduction */
    public Reproductions(
            Database database,
            Ledger ledger,
            Access access,
            Models models,
            Versions versions,
            ReproductionBench bench,
            ReproductionSettings settings,
            Clock clock,
            Ids ids) {
        this.database = database;
        this.ledger = ledger;
        this.access = access;
        this.models = models;
        this.versions = versions;
        this.artifacts = bench.artifacts();
        this.clock = clock;
        this.ids = ids;
        this.store = new ReproductionStore(database);
        this.queue = new ReproductionQueue(database, ledger, store, versions, bench, settings, clock);
        bench.calendar(this::due);
    }

    /** Asks for a version to be made again; one that waits or runs already is returned. */
    public Reproduction request(Actor by, String model, long version) {
        String subject = versions.get(by, model, version).subject();
        String project = models.get(by, model)
                .project()
                .orElseThrow(() -> new Problem.Conflict(
                        "Model " + model + " belongs to no project", "mw model adopt " + model + " --project …"));
        access.require(by, Permission.RUN, project);
        return ask(by, subject, project, false);
    }

    private Reproduction ask(Actor by, String subject, String project, boolean scheduled) {
        Reproduction asked = database.write(() -> {
            Optional<Reproduction> open = store.open(subject);
            if (open.isPresent()) {
                return open.get();
            }
            var made = new Reproduction(
                    ids.next(),
                    subject,
                    project,
                    Reproduction.State.WAITING,
                    Optional.empty(),
                    Cause.NONE,
                    "",
                    by.id(),
                    scheduled,
                    clock.millis(),
                    Optional.empty(),
                    Optional.empty(),
                    0,
                    List.of(),
                    Optional.empty());
            store.insert(made);
            ledger.append(
                    by,
                    "model.reproduction-asked",
                    List.of(subject, Project.ref(project)),
                    Json.object().put("reproduction", made.id()).put("scheduled", scheduled));
            return made;
        });
        queue.wake();
        return asked;
    }

    /** Asks for every version that is in production and whose project the actor may run. */
    public List<Reproduction> requestServed(Actor by) {
        List<ReproductionBench.Served> theirs = queue.bench().served().stream()
                .filter(served -> access.allows(by, Permission.RUN, Optional.of(served.project())))
                .toList();
        if (theirs.isEmpty()) {
            access.require(by, Permission.RUN);
        }
        return theirs.stream()
                .map(served -> ask(by, served.subject(), served.project(), false))
                .toList();
    }

    /** Asks for what the calendar says is due, as nobody in particular. */
    private void due(ReproductionSettings settings) {
        for (ReproductionBench.Served served : queue.bench().served()) {
            long last = database.read(() -> store.scheduled(served.subject()))
                    .map(Reproduction::askedAt)
                    .orElse(served.since());
            if (settings.isDue(clock.instant(), last)) {
                ask(Actor.SYSTEM, served.subject(), served.project(), true);
            }
        }
    }

    /** Stops one that waits or runs. */
    public Reproduction cancel(Actor by, String id) {
        Reproduction found = get(by, id);
        access.require(by, Permission.RUN, found.project());
        if (found.state().ended()) {
            throw new Problem.Conflict(
                    "Reproduction " + id + " has ended: " + found.state().text(),
                    "mw model show " + found.model() + "/" + found.version());
        }
        queue.cancel(by, found);
        return get(by, id);
    }

    public Reproduction get(Actor by, String id) {
        Reproduction found = database.read(() -> store.get(id))
                .orElseThrow(() -> new Problem.NotFound("No reproduction " + id, "mw reproduce MODEL/VERSION"));
        versions.get(by, found.model(), found.version());
        return found;
    }

    /** Of a version, newest first. */
    public List<Reproduction> of(Actor by, String model, long version) {
        String subject = versions.get(by, model, version).subject();
        return database.read(() -> store.list(Optional.of(subject), 100));
    }

    /** All that the actor may read of the newest, newest first. */
    public List<Reproduction> list(Actor by, int limit) {
        var readable = new ArrayList<Reproduction>();
        for (Reproduction found : database.read(() -> store.list(Optional.empty(), limit))) {
            try {
                versions.get(by, found.model(), found.version());
                readable.add(found);
            } catch (Problem.NotFound | Problem.Denied e) {
                // Its model was deleted, or is not for this actor.
            }
        }
        return readable;
    }

    /** The newest verdict about a version such as {@code model:flight-delays/3}, for gates and cards. */
    public Optional<Reproduction> latest(String subject) {
        return database.read(() -> store.latest(subject));
    }

    /** Everything that was compared; an empty document before there is a verdict. */
    public JsonNode report(Reproduction reproduction) {
        return reproduction
                .report()
                .map(sha256 -> Json.parse(artifacts.bytes(sha256)))
                .orElseGet(Json::object);
    }

    /** How far it is: {@code share} and {@code text}; empty unless it runs. */
    public Optional<Progress> progress(String id) {
        return queue.progress(id);
    }

    /** How far one is. */
    public record Progress(double share, String text) {}

    /** Waits until it ended or went on, at most for the time. */
    public void await(String id, Duration atMost) {
        queue.await(id, atMost);
    }

    /** Takes up what a stop interrupted, and from now on works and looks at the calendar by itself. */
    public void start() {
        queue.start();
    }

    @Override
    public void close() {
        queue.close();
    }

    static byte[] bytes(ObjectNode report) {
        return Json.canonical(report).getBytes(StandardCharsets.UTF_8);
    }
}
