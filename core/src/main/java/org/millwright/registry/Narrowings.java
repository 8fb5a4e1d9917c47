package org.millwright.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.millwright.artifact.Artifacts;
import org.millwright.identity.Actor;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.lineage.Certificates;
import org.millwright.registry.handoff.EdgeReport;
import org.millwright.registry.handoff.Proposal;
import org.millwright.scoring.ConstraintsJson;
import org.millwright.scoring.Signature;
import org.millwright.scoring.bundle.Bundle;
import org.millwright.scoring.bundle.BundleArchive;
import org.millwright.scoring.bundle.BundleWriter;
import org.millwright.scoring.bundle.Manifest;

/**
 * Narrows the signature of a version whose edge rows differ: what differs is refused from then on. The evidence is judged
 * again, and bundle and certificate are made anew; nothing is trained.
 */
public final class Narrowings {
    private static final String HAND_OFF = "evidence/handoff.json";

    private final Registry registry;
    private final Artifacts artifacts;
    private final Certificates certificates;
    private final Path work;
    private final Ids ids;

    /** @param work where bundles are taken apart; it may be emptied whenever the server does not run */
    public Narrowings(Models models, Artifacts artifacts, Certificates certificates, Path work, Ids ids) {
        this.registry = models.registry();
        this.artifacts = artifacts;
        this.certificates = certificates;
        this.work = work;
        this.ids = ids;
    }

    /** What the hand-off check found on edge rows; empty when it did not look. */
    public Optional<JsonNode> edges(Actor by, String name, long number) {
        ModelVersion version = registry.database().read(() -> {
            registry.requireReadable(by, name);
            return registry.requireVersion(name, number);
        });
        return version.handOff()
                .filter(handOff -> !handOff.report().isEmpty())
                .map(handOff -> Json.parse(artifacts.bytes(handOff.report())).path("edges"))
                .filter(JsonNode::isObject);
    }

    /**
     * Takes the narrower signature that the hand-off check proposed.
     *
     * @throws Problem.Conflict when nothing blocks the version
     * @throws Problem.Refused when no narrowing helps
     */
    public ModelVersion accept(Actor by, String name, long number, String reason) {
        ModelVersion version = registry.database().read(() -> {
            registry.requireWritable(by, name);
            return registry.requireVersion(name, number);
        });
        ModelVersion.BundleRef bundle = requireBlocked(version);
        JsonNode report =
                Json.parse(artifacts.bytes(version.handOff().orElseThrow().report()));
        Proposal proposal = Proposal.of(report.path("edges").path("proposal"));
        requireHelp(version, proposal);
        Path folder = work.resolve(ids.next("narrowing"));
        try {
            Files.createDirectories(folder);
            Made made = make(by, version, bundle, report, proposal, reason, folder);
            return registry.database().write(() -> attach(by, version, made, proposal, reason));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot make the bundle of " + version.subject() + " again", e);
        } finally {
            delete(folder);
        }
    }

    private static ModelVersion.BundleRef requireBlocked(ModelVersion version) {
        if (version.state() != ModelVersion.State.BLOCKED) {
            throw new Problem.Conflict(
                    "No edge class blocks " + version.subject() + ", which is "
                            + version.state().name().toLowerCase(java.util.Locale.ROOT),
                    "mw model show " + version.name() + "/" + version.version());
        }
        return version.bundle()
                .filter(bundle -> version.certificate().isPresent())
                .orElseThrow(() -> new Problem.Conflict(
                        version.subject() + " is still being registered",
                        "Ask again when its pipeline step has ended."));
    }

    private static void requireHelp(ModelVersion version, Proposal proposal) {
        if (proposal.recordedRefused() > 0) {
            throw new Problem.Refused(
                    "The narrower signature would refuse " + proposal.recordedRefused() + " recorded rows of "
                            + version.subject(),
                    "Train a model whose export answers them as in Python.");
        }
        if (!proposal.helps()) {
            throw new Problem.Refused(
                    "No narrower signature resolves what differs at " + version.subject(),
                    "mw model edges " + version.name() + "/" + version.version()
                            + " shows the rows; train a model whose export answers them as in Python.");
        }
    }

    /** The new evidence and bundle, and where the bundle lies. */
    private record Made(
            String report, EdgeReport edges, JsonNode evidence, ModelVersion.BundleRef bundle, Path folder) {}

    private Made make(
            Actor by,
            ModelVersion version,
            ModelVersion.BundleRef ref,
            JsonNode report,
            Proposal proposal,
            String reason,
            Path folder)
            throws IOException {
        Path before = folder.resolve("before");
        try (InputStream in = artifacts.open(ref.archive())) {
            BundleArchive.unpack(in, before);
        }
        Bundle bundle = Bundle.open(before, certificates.keys().trusted());
        Signature signature = bundle.manifest().signature();
        EdgeReport edges = EdgeReport.of(
                        artifacts.bytes(report.path("edges").path("evidence").asText()))
                .under(signature, proposal.columns());
        ObjectNode narrowed = narrowed(by, report, edges, proposal, reason);
        byte[] json = Json.canonical(narrowed).getBytes(StandardCharsets.UTF_8);
        Path after = folder.resolve("after");
        String digest = BundleWriter.write(
                after,
                bundle.manifest().withSignature(signature.narrowed(proposal.columns())),
                bundle.probe(),
                files(bundle, Files.write(folder.resolve("handoff.json"), json)),
                certificates.key());
        Path archive = folder.resolve("bundle.zip");
        try (OutputStream out = Files.newOutputStream(archive)) {
            BundleArchive.pack(after, out);
        }
        String kept = artifacts.put(json).sha256();
        String packed = artifacts.put(archive).sha256();
        return new Made(kept, edges, narrowed, new ModelVersion.BundleRef(digest, packed), after);
    }

    /** The report with the evidence judged under the narrower signature, and who accepted it. */
    private ObjectNode narrowed(Actor by, JsonNode report, EdgeReport edges, Proposal proposal, String reason) {
        ObjectNode narrowed = report.deepCopy();
        JsonNode before = report.path("edges");
        var columns = new TreeMap<>(ConstraintsJson.readAll(before.path("narrowed")));
        proposal.columns().forEach((name, more) -> columns.merge(name, more, (a, b) -> a.and(b)));
        ObjectNode json =
                edges.json().put("evidence", artifacts.put(edges.evidence()).sha256());
        json.set("proposal", new Proposal(Map.of(), true, 0).json());
        json.set("narrowed", ConstraintsJson.writeAll(columns));
        json.putObject("accepted")
                .put("by", by.name())
                .put("at", registry.clock().millis())
                .put("reason", reason)
                .put("judged", before.path("evidence").asText())
                .set("columns", proposal.json().path("words"));
        narrowed.set("edges", json);
        return narrowed;
    }

    private static Map<String, Path> files(Bundle bundle, Path handOff) {
        var files = new TreeMap<String, Path>();
        for (Manifest.Entry entry : bundle.manifest().files()) {
            if (!entry.path().equals(Bundle.PROBE)) {
                files.put(entry.path(), bundle.folder().resolve(entry.path()));
            }
        }
        files.put(HAND_OFF, handOff);
        return files;
    }

    private ModelVersion attach(Actor by, ModelVersion before, Made made, Proposal proposal, String reason) {
        registry.requireWritable(by, before.name());
        ModelVersion version = registry.requireVersion(before.name(), before.version());
        if (!version.handOff().equals(before.handOff()) || !version.bundle().equals(before.bundle())) {
            throw new Problem.Conflict(
                    before.subject() + " changed meanwhile", "mw model show " + before.name() + "/" + before.version());
        }
        long now = registry.clock().millis();
        ModelVersion.HandOff old = before.handOff().orElseThrow();
        var handOff = new ModelVersion.HandOff(
                old.agreed(),
                old.rows(),
                old.tolerance(),
                old.difference(),
                made.report(),
                now,
                made.edges().blocking());
        VersionStore versions = registry.versions();
        versions.setHandOff(version.name(), version.version(), handOff, now);
        versions.setBundle(version.name(), version.version(), made.bundle(), now);
        String certificate = certificates
                .renew(by, version.subject(), made.folder(), Map.of("handoff", made.evidence()))
                .statement();
        versions.setCertificate(version.name(), version.version(), certificate, now);
        ObjectNode details = Json.object().put("reason", reason).put("report", made.report());
        details.put("reportBefore", old.report()).put("bundle", made.bundle().digest());
        details.put(
                "bundleBefore",
                version.bundle().map(ModelVersion.BundleRef::digest).orElse(""));
        details.put("certificate", certificate).set("columns", ConstraintsJson.writeAll(proposal.columns()));
        registry.record(by, "model.signature-narrowed", version, details);
        return registry.requireVersion(version.name(), version.version());
    }

    private static void delete(Path tree) {
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot clear " + tree, e);
        }
    }
}
