package org.millwright.reproduction;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.millwright.environment.Environment;
import org.millwright.environment.Environments;
import org.millwright.environment.Unbuildable;
import org.millwright.factory.Outbox;
import org.millwright.factory.Proving;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.lineage.Edges;
import org.millwright.pipeline.PipelineRun;
import org.millwright.pipeline.PipelineRuns;
import org.millwright.pipeline.Source;
import org.millwright.pipeline.Sources;
import org.millwright.pipeline.StepContext;
import org.millwright.pipeline.StepKinds;
import org.millwright.pipeline.StepRunner;
import org.millwright.pipeline.Trees;
import org.millwright.project.Projects;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.Models;
import org.millwright.registry.NewVersion;
import org.millwright.registry.Versions;
import org.millwright.scoring.Model;
import org.millwright.scoring.Signature;
import org.millwright.scoring.signing.SigningKey;
import org.millwright.serving.Bundles;
import org.millwright.serving.TestBundles;
import org.millwright.tracking.Tracking;

/** Version 1 of a small real model that a pipeline made, whose steps do what a test says when they are done again. */
final class RemadeLine implements AutoCloseable {
    static final String NAME = "again";
    static final String SUBJECT = "model:again/1";
    static final ReproductionSettings SETTINGS = ReproductionSettings.of(Map.of());
    static final Duration SOON = Duration.ofSeconds(30);

    private static final String PIPELINE = """
            apiVersion: millwright/v1
            kind: Pipelines
            pipelines:
              train:
                steps:
                  - {id: rows, kind: sql, run: [rows.sql]}
                  - {id: train, kind: python, run: [train.py], inputs: {rows: rows.rows}}
                  - {id: handoff, kind: handoff, model: train.model}
            """;
    private static final String LOCK = "vanishing==1.0 --hash=sha256:" + "0".repeat(64) + "\n";

    final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-02T03:04:05Z"));
    final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
    final Tracking room;
    final Actor ana;
    final Actor ben;

    /** What a step gives, by its id. */
    final Map<String, ToldSteps.Work> works = new ConcurrentHashMap<>();

    final AtomicReference<Optional<Unbuildable>> unbuildable = new AtomicReference<>(Optional.empty());
    final Set<Boolean> yielded = ConcurrentHashMap.newKeySet();
    final Set<String> removed = ConcurrentHashMap.newKeySet();
    final PipelineRuns runs;
    Outbox outbox;
    Reproductions reproductions;

    private final SigningKey key = SigningKey.generate();
    private final Projects projects;
    private final Sources sources;
    private final Trees trees;
    private final ToldSteps steps;
    private final Environments environments;
    private final Models models;
    private final Versions versions;
    private final Source source;

    /** @param more lines of the project's file */
    RemadeLine(Database database, String more, ReproductionSettings settings) {
        room = new Tracking(database);
        trees = new Trees(room.artifacts);
        steps = new ToldSteps(works, room.artifacts, trees);
        String file = AgainProject.file(2) + more;
        projects = new Projects(database, room.ledger, room.users, clock);
        sources = new Sources(database, room.ledger, room.users.access(), clock, trees);
        environments = new Environments(
                database, room.ledger, room.users.access(), room.artifacts, new Shelf(unbuildable, removed), clock);
        models = new Models(database, room.ledger, clock, room.users.access());
        versions = new Versions(models, room.runs, room.models, room.tree);
        runs = new PipelineRuns(
                database,
                room.ledger,
                room.users,
                projects,
                new Edges(database, clock),
                sources,
                new StepKinds(steps.runners().values()),
                room.folder.resolve("runs"),
                clock,
                room.ids,
                2);
        ana = person("ana", Role.DATA_SCIENTIST);
        ben = person("ben", Role.APPROVER);
        projects.request(ana, file);
        projects.approve(ben, NAME, "Harmless");
        source = sources.put(
                ana,
                NAME,
                new ByteArrayInputStream(zip(Map.of(
                        "millwright.yaml",
                        file,
                        "pipeline.yaml",
                        PIPELINE,
                        "rows.sql",
                        "select 1",
                        "train.py",
                        "pass",
                        "requirements.lock",
                        LOCK))),
                "",
                true);
        steady();
        register(ended(start()));
        reproductions = reproductions(settings);
        outbox = outbox();
    }

    /** Every step gives what it gave. */
    void steady() {
        var first = new AtomicReference<String>();
        works.put("rows", context -> "rows".getBytes(StandardCharsets.UTF_8));
        works.put("train", context -> ("of " + context.input("rows").digest()).getBytes(StandardCharsets.UTF_8));
        works.put("handoff", context -> {
            String model = context.input("model").digest();
            first.compareAndSet(null, model);
            return model.equals(first.get()) ? model() : nudged(0, 0xff);
        });
    }

    static byte[] model() {
        try (var in = TestBundles.class.getResourceAsStream("/models/mixed.onnx")) {
            return Objects.requireNonNull(in).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The model with another byte in the number, from its least significant one on, that it adds to each prediction. */
    static byte[] nudged(int position, int value) {
        byte[] model = model();
        String text = new String(model, StandardCharsets.ISO_8859_1);
        model[text.indexOf("base_values=") + "base_values=".length() + position] = (byte) value;
        return model;
    }

    /** The model with a remark in it. */
    static byte[] remarked() {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(model());
        bytes.writeBytes(new byte[] {0x32, 2, 'h', 'i'});
        return bytes.toByteArray();
    }

    /** Lets a step work until it is told to stop. */
    CountDownLatch endless(String step) {
        var begun = new CountDownLatch(1);
        works.put(step, context -> {
            begun.countDown();
            var stop = new CountDownLatch(1);
            context.cancellation().onCancel(stop::countDown);
            stop.await();
            throw new Problem.Unavailable("stopped", "");
        });
        return begun;
    }

    PipelineRun start() {
        return runs.start(ana, new PipelineRuns.Request(NAME, "train", Map.of(), source.id(), true, ""));
    }

    PipelineRun ended(PipelineRun run) {
        int seen = -1;
        while (!runs.get(run.id()).status().ended()) {
            runs.awaitMove(run.id(), seen, SOON);
            seen = runs.moves(run.id());
        }
        return runs.get(run.id());
    }

    private void register(PipelineRun run) {
        models.ensure(ana, NAME, NAME);
        versions.add(
                ana,
                NAME,
                new NewVersion(
                        "https://models.example.org/again",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(run.ref()),
                        Optional.empty(),
                        Map.of()));
        Path bundle = TestBundles.write(room.folder.resolve("bundle"), "1", TestBundles.expected(), key);
        var bundles =
                new Bundles(room.artifacts, room.folder.resolve("bundles"), () -> List.of(key.trusted()), room.ids);
        String archive = bundles.keep(bundle).sha256();
        String digest = bundles.open(archive).digest();
        versions.attachBundle(ana, NAME, 1, new ModelVersion.BundleRef(digest, archive));
    }

    private Reproductions reproductions(ReproductionSettings settings) {
        var bench = new ReproductionBench(
                runs,
                sources,
                projects,
                trees,
                environments,
                new Bench(),
                Set.of("sql", "python", "handoff"),
                () -> List.of(key.trusted()),
                List::of,
                room.folder.resolve("reproductions"));
        return new Reproductions(
                room.database, room.ledger, room.users.access(), models, versions, bench, settings, clock, room.ids);
    }

    private Outbox outbox() {
        var made = new Outbox(room.database, room.ledger);
        new Proving(reproductions).register(made);
        return made;
    }

    void begin() {
        outbox.start();
        reproductions.start();
    }

    /** Stops what reproduces, and begins it anew. */
    void restart() throws InterruptedException {
        reproductions.close();
        outbox.close();
        reproductions = reproductions(SETTINGS);
        outbox = outbox();
        begin();
    }

    /** What is in the ledger when somebody had the version certified. */
    void certify(Actor by, boolean reproduce) throws InterruptedException {
        room.database.write(() -> room.ledger.append(
                by, "model.certificate-renewed", List.of(SUBJECT), Json.object().put("reproduce", reproduce)));
        outbox.awaitIdle(SOON);
    }

    Reproduction done(Reproduction asked) {
        Reproduction found = reproductions.get(ana, asked.id());
        while (!found.state().ended()) {
            reproductions.await(asked.id(), SOON);
            found = reproductions.get(ana, asked.id());
        }
        return found;
    }

    List<Reproduction> all() {
        return reproductions.of(ana, NAME, 1);
    }

    /** The details of the newest entry of an action about the version. */
    JsonNode told(String action) {
        return room.ledger.about(SUBJECT).stream()
                .filter(entry -> entry.action().equals(action))
                .reduce((first, second) -> second)
                .orElseThrow()
                .details();
    }

    Actor person(String name, Role role) {
        var user = room.users.add(Actor.LOCAL, name, name, Actor.Kind.PERSON, Set.of(role), null);
        return new Actor(user.id(), name, Actor.Kind.PERSON, true, Set.of(role), Optional.empty());
    }

    private static byte[] zip(Map<String, String> files) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (var file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() throws InterruptedException {
        reproductions.close();
        outbox.close();
        runs.close();
        room.close();
    }

    private final class Bench implements Workbench {
        @Override
        public Map<String, StepRunner> runners(Environment environment, boolean yielding) {
            yielded.add(yielding);
            return steps.runners();
        }

        @Override
        public Model original(StepContext context, Environment environment, String tree, Signature signature) {
            throw new AssertionError("the model has a portable form");
        }

        @Override
        public void forget(String trackingRun) {
            throw new AssertionError("no step logs");
        }
    }
}
