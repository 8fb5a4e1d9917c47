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
import org.millwright.project.ProjectFile;
import org.millwright.project.Remaking;
import org.millwright.registry.Models;
import org.millwright.registry.Versions;
import org.millwright.reproduction.Reproduction.Occasion;

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
        return asked(by, subject, project);
    }

    private Reproduction asked(Actor by, String subject, String project) {
        Optional<Reproduction> open = database.read(() -> store.open(subject));
        if (open.isEmpty() || open.get().state() == Reproduction.State.WAITING) {
            queue.turns().overBudget(project).ifPresent(over -> {
                throw new Problem.Refused(
                        over, "Wait for the next month, or ask for a larger budget: mw project request");
            });
        }
        Reproduction asked = database.write(() -> ask(by, by.id(), subject, project, Occasion.ASKED));
        queue.wake();
        return asked;
    }

    /** @param who id of the one for whom it is done, who need not be the one that asks */
    private Reproduction ask(Actor by, String who, String subject, String project, Occasion occasion) {
        Optional<Reproduction> open = store.open(subject);
        if (open.isPresent()) {
            return occasion == Occasion.ASKED ? hurried(by, open.get()) : open.get();
        }
        var made = new Reproduction(
                ids.next(),
                subject,
                project,
                Reproduction.State.WAITING,
                Optional.empty(),
                Cause.NONE,
                "",
                who,
                occasion,
                clock.millis(),
                Optional.empty(),
                Optional.empty(),
                0,
                List.of(),
                Optional.empty());
        store.insert(made);
        record(by, made);
        return made;
    }

    /** One that the server does by itself waits no longer for others once somebody asks for it, nor yields when it begins. */
    private Reproduction hurried(Actor by, Reproduction open) {
        if (!open.occasion().isByItself()) {
            return open;
        }
        store.ask(open.id(), by.id());
        Reproduction asked = store.get(open.id()).orElseThrow();
        record(by, asked);
        return asked;
    }

    private void record(Actor by, Reproduction asked) {
        ledger.append(
                by,
                "model.reproduction-asked",
                List.of(asked.subject(), Project.ref(asked.project())),
                Json.object()
                        .put("reproduction", asked.id())
                        .put("occasion", asked.occasion().text())
                        .put("for", asked.askedBy()));
    }

    /**
     * Asks for a version that was certified, once: not when it was made again before, waits or runs, nor when that is
     * switched off.
     *
     * @param by id of who had it certified
     * @param since when that was; the same certificate asks once, whatever became of it
     * @param registered whether it was registered by that, so that nobody asked for the certificate
     */
    public Optional<Reproduction> certified(String subject, String by, long since, boolean registered) {
        Optional<String> project = project(subject);
        if (project.isEmpty() || !queue.settings().certified() || !wants(project.get(), registered)) {
            return Optional.empty();
        }
        Optional<Reproduction> asked = database.write(() -> {
            boolean known = store.latest(subject).isPresent()
                    || store.open(subject).isPresent()
                    || store.list(Optional.of(subject), 1).stream().anyMatch(last -> last.askedAt() >= since);
            return known
                    ? Optional.empty()
                    : Optional.of(ask(Actor.SYSTEM, by, subject, project.get(), Occasion.CERTIFICATE));
        });
        queue.wake();
        return asked;
    }

    private Optional<String> project(String subject) {
        String name = subject.substring("model:".length(), subject.lastIndexOf('/'));
        try {
            return models.get(Actor.SYSTEM, name).project();
        } catch (Problem.NotFound e) {
            return Optional.empty();
        }
    }

    private boolean wants(String project, boolean registered) {
        Remaking remaking = remaking(project);
        return registered ? remaking == Remaking.REGISTERED : remaking != Remaking.NEVER;
    }

    private Remaking remaking(String project) {
        return queue.bench()
                .rooms()
                .projects()
                .file(project)
                .map(file -> file.release().remaking())
                .orElse(Remaking.CERTIFIED);
    }

    /** What is to be expected of a version that has no verdict, in a sentence. */
    public String outlook(String subject) {
        Optional<Reproduction> open = database.read(() -> store.open(subject));
        if (open.isPresent()) {
            return open.get().state() == Reproduction.State.RUNNING
                    ? "It is being made again"
                            + progress(open.get().id())
                                    .map(at -> ": " + at.text())
                                    .orElse("")
                    : "It waits to be made again"
                            + waitsFor(open.get()).map(what -> " " + what).orElse("");
        }
        if (!queue.settings().certified()) {
            return "The server does not do it by itself: " + ReproductionSettings.VARIABLE + " is off";
        }
        return project(subject)
                .map(this::remaking)
                .map(remaking -> remaking == Remaking.NEVER
                        ? "The server does not do it by itself: release.reproduce is never in the project's "
                                + ProjectFile.FILE
                        : "The server does it once after " + (remaking == Remaking.REGISTERED ? "registration or " : "")
                                + "certification")
                .orElse("Its model belongs to no project");
    }

    /** What one that waits waits for, beside its turn. */
    public Optional<String> waitsFor(Reproduction open) {
        return open.state() == Reproduction.State.WAITING ? queue.turns().waitsFor(open) : Optional.empty();
    }

    /** Looks again whether one may begin: something ended that may have been waited for. */
    public void wake() {
        queue.wake();
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
                .map(served -> asked(by, served.subject(), served.project()))
                .toList();
    }

    /** Asks for what the calendar says is due, as nobody in particular. */
    private void due(ReproductionSettings settings) {
        for (ReproductionBench.Served served : queue.bench().served()) {
            long last = database.read(() -> last(served));
            if (settings.isDue(clock.instant(), last) && remaking(served.project()) != Remaking.NEVER) {
                database.write(() ->
                        ask(Actor.SYSTEM, Actor.SYSTEM.id(), served.subject(), served.project(), Occasion.CALENDAR));
            }
        }
    }

    /** When it was last asked for by the calendar, or made again since for another reason. */
    private long last(ReproductionBench.Served served) {
        long asked =
                store.scheduled(served.subject()).map(Reproduction::askedAt).orElse(served.since());
        long made =
                store.latest(served.subject()).flatMap(Reproduction::endedAt).orElse(asked);
        return Math.max(asked, made);
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
