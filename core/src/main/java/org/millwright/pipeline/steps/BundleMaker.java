package org.millwright.pipeline.steps;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.millwright.dataset.Column;
import org.millwright.dataset.TableEngine;
import org.millwright.environment.Environment;
import org.millwright.environment.Environments;
import org.millwright.identity.Actor;
import org.millwright.kernel.Json;
import org.millwright.lineage.Certificates;
import org.millwright.pipeline.StepContext;
import org.millwright.pipeline.Trees;
import org.millwright.registry.ModelVersion;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Model;
import org.millwright.scoring.Signature;
import org.millwright.scoring.bundle.Agreement;
import org.millwright.scoring.bundle.BundleArchive;
import org.millwright.scoring.bundle.BundleWriter;
import org.millwright.scoring.bundle.Manifest;
import org.millwright.scoring.bundle.ModelFormat;
import org.millwright.scoring.bundle.Probe;
import org.millwright.scoring.bundle.Provenance;
import org.millwright.scoring.profile.ContractChecks;
import org.millwright.scoring.profile.Reference;
import org.millwright.tracking.Runs;

/** Assembles and signs the bundle of a model version. */
public final class BundleMaker {
    private static final int LEAST_PROBE_ROWS = 256;

    private final Trees trees;
    private final TableEngine tables;
    private final Runs runs;
    private final Environments environments;
    private final Certificates certificates;
    private final Originals originals;
    private final UpstreamContracts contracts;

    public BundleMaker(
            Trees trees,
            TableEngine tables,
            Runs runs,
            Environments environments,
            Certificates certificates,
            Originals originals,
            UpstreamContracts contracts) {
        this.trees = trees;
        this.tables = tables;
        this.runs = runs;
        this.environments = environments;
        this.certificates = certificates;
        this.originals = originals;
        this.contracts = contracts;
    }

    /** Writes the bundle to a folder that does not exist yet, and keeps its archive; a repetition makes the same digest. */
    ModelVersion.BundleRef make(
            StepContext context, ModelVersion version, Evidence evidence, Environment environment, Path folder)
            throws IOException {
        Path scratch = Files.createDirectories(context.folder().resolve("evidence"));
        Signature original = signature(evidence, scratch);
        Signature signature = HandOffStep.declared(original, context.project().handOff());
        Map<String, Path> files = new TreeMap<>(model(evidence));
        files.put(
                "evidence/evaluation.json",
                trees.artifacts().path(evidence.evaluation().digest()));
        files.put(
                "evidence/handoff.json",
                trees.artifacts().path(evidence.handOff().digest()));
        files.put("evidence/edges.json", trees.artifacts().path(evidence.edges().digest()));
        if (evidence.gate().isPresent()) {
            files.put(
                    "evidence/gate.json",
                    trees.artifacts().path(evidence.gate().get().digest()));
        }
        files.put(
                ModelFormat.LOCK,
                write(scratch, "lock", environments.lockOf(environment).text()));
        files.put(
                "environment/environment.json",
                write(scratch, "environment.json", Json.canonical(environment.description())));
        files.put(Reference.FILE, write(scratch, Reference.FILE, reference(context, evidence, environment, original)));
        String digest = BundleWriter.write(
                folder,
                manifest(context, version, evidence, environment, signature),
                probe(context, evidence, signature),
                files,
                certificates.key());
        return new ModelVersion.BundleRef(digest, archive(folder, scratch));
    }

    /** Signs how the version was made, over the bundle's files; returns the hash of the statement among the artifacts. */
    String certify(StepContext context, ModelVersion version, Evidence evidence, Path folder) {
        var materials = new ArrayList<org.millwright.lineage.Evidence.Material>();
        if (!context.source().commit().isEmpty()) {
            materials.add(org.millwright.lineage.Evidence.Material.commit(
                    "project:" + context.project().name(), context.source().commit()));
        }
        materials.add(org.millwright.lineage.Evidence.Material.sha256(
                "source:" + context.source().id(), context.source().manifest()));
        evidence.data()
                .forEach((ref, sha256) -> materials.add(org.millwright.lineage.Evidence.Material.sha256(ref, sha256)));
        var results = new TreeMap<String, JsonNode>();
        results.put("metrics", evidence.evaluation().info().path("metrics"));
        results.put(
                "handoff", Json.parse(trees.artifacts().bytes(evidence.handOff().digest())));
        evidence.gate()
                .ifPresent(
                        gate -> results.put("gate", Json.parse(trees.artifacts().bytes(gate.digest()))));
        var how = new org.millwright.lineage.Evidence(
                context.project().name(),
                context.run().pipeline(),
                context.run().id(),
                context.parameters(),
                materials,
                results,
                context.run().createdAt(),
                version.createdAt());
        return certificates
                .certify(
                        context.actor(),
                        version.subject(),
                        folder,
                        how,
                        context.project().release().certificateValidFor())
                .statement();
    }

    private String archive(Path folder, Path scratch) throws IOException {
        Path archive = scratch.resolve("bundle.zip");
        try (OutputStream out = Files.newOutputStream(archive)) {
            BundleArchive.pack(folder, out);
        }
        return trees.artifacts().put(archive).sha256();
    }

    /** The files that the runtime reads, by their names in the bundle. */
    private Map<String, Path> model(Evidence evidence) {
        if (evidence.format() != ModelFormat.PYTHON) {
            return Map.of(
                    evidence.format().file(), trees.single(evidence.portable().digest()));
        }
        var files = new TreeMap<String, Path>();
        trees.list(evidence.model().digest())
                .forEach(file -> files.put(
                        ModelFormat.FOLDER + "/" + file.path(),
                        trees.artifacts().path(file.sha256())));
        return files;
    }

    private Model load(StepContext context, Evidence evidence, Environment environment, Signature signature)
            throws IOException {
        return evidence.format() == ModelFormat.PYTHON
                ? originals.load(context, environment, evidence.model().digest(), signature)
                : evidence.format()
                        .load(
                                Files.readAllBytes(
                                        trees.single(evidence.portable().digest())),
                                signature);
    }

    private String reference(StepContext context, Evidence evidence, Environment environment, Signature signature)
            throws IOException {
        try (Model model = load(context, evidence, environment, signature)) {
            var spec = context.project().model();
            ContractChecks promised = contracts.of(context, evidence.data().keySet(), signature.names());
            TrainingRows.Trained trained =
                    new TrainingRows(tables, trees.single(evidence.training()), spec).reference(model, promised);
            tell(context, trained.reference());
            return new HeldOutRows(tables, trees.single(evidence.holdout()), spec)
                    .complete(trained, model)
                    .toJson();
        }
    }

    /** Which promises about the data go with the version, and which of them no row of production can break. */
    private static void tell(StepContext context, Reference trained) {
        ContractChecks.of(trained).ifPresent(contract -> {
            context.log()
                    .say("Rules of data contracts that production is held against: "
                            + contract.checks().size()
                            + (contract.checks().isEmpty() ? "" : ": ")
                            + contract.checks().stream()
                                    .map(check -> check.source().text())
                                    .collect(Collectors.joining(", ")));
            contract.unchecked()
                    .forEach(rule -> context.log().say("  not " + rule.source().text() + ": " + rule.why()));
        });
    }

    private static Path write(Path folder, String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private Signature signature(Evidence evidence, Path scratch) throws IOException {
        Path model = Files.createDirectories(scratch.resolve("model"));
        trees.extract(evidence.model().digest(), model, "MLmodel"::equals);
        return HandOffStep.signature(model.resolve("MLmodel"));
    }

    private Manifest manifest(
            StepContext context,
            ModelVersion version,
            Evidence evidence,
            Environment environment,
            Signature signature) {
        var metrics = new LinkedHashMap<String, Double>();
        evidence.evaluation().info().path("metrics").properties().stream()
                .filter(field -> field.getValue().isNumber())
                .forEach(field -> metrics.put(field.getKey(), field.getValue().doubleValue()));
        JsonNode report = Json.parse(trees.artifacts().bytes(evidence.handOff().digest()));
        var agreement = new Agreement(
                report.path("rows").asLong(),
                report.path("tolerance").asDouble(),
                report.path("largest").asDouble(),
                report.path("disagreements").asLong(),
                List.of());
        return new Manifest(
                version.name(),
                Long.toString(version.version()),
                evidence.format().runtime(),
                evidence.format().file(),
                Instant.ofEpochMilli(version.createdAt()),
                signature,
                provenance(context, evidence, environment),
                runs.get(Actor.SYSTEM, evidence.trackingRun()).params(),
                metrics,
                evidence.tolerance(),
                agreement,
                List.of());
    }

    private static Provenance provenance(StepContext context, Evidence evidence, Environment environment) {
        var notes = new LinkedHashMap<String, String>();
        notes.put("project", context.project().name());
        notes.put("projectFile", context.run().projectFile());
        notes.put("pipelineRun", context.run().id());
        notes.put("source", context.source().manifest());
        notes.put("sourceDirty", Boolean.toString(context.source().dirty()));
        notes.put("environment", environment.id());
        notes.put("python", environment.python());
        notes.put("platform", environment.platform());
        notes.put("threads", Integer.toString(context.project().environment().threads()));
        notes.put("seed", Long.toString(Python.seed(context)));
        evidence.worker().ifPresent(why -> notes.put("worker", why));
        notes.put("madeBy", context.actor().name());
        notes.put("authenticated", Boolean.toString(context.actor().authenticated()));
        context.parameters().forEach((name, value) -> notes.put("parameter." + name, value));
        return new Provenance(
                context.source().commit(), evidence.data(), environment.lockSha256(), evidence.trackingRun(), notes);
    }

    /** Recorded rows and what the original model predicted for them in Python. */
    private Probe probe(StepContext context, Evidence evidence, Signature signature) {
        int rows = Math.max(LEAST_PROBE_ROWS, context.project().release().smokeRows());
        Frame inputs = signature
                .conform(tables.head(trees.single(evidence.holdout()), signature.names(), rows))
                .frame();
        Path recorded = trees.single(evidence.recorded().digest());
        List<String> outputs = tables.columns(recorded).stream()
                .map(Column::name)
                .filter(name -> !name.equals("row"))
                .toList();
        Frame predicted = tables.head(recorded, outputs, inputs.rows());
        List<String> declared =
                signature.outputs().stream().map(Signature.Column::name).toList();
        return new Probe(inputs.slice(0, predicted.rows()), HandOffStep.named(predicted, declared));
    }
}
