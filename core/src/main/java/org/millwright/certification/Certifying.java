package org.millwright.certification;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.millwright.approval.Approval;
import org.millwright.approval.Approvals;
import org.millwright.approval.Release;
import org.millwright.approval.Releases;
import org.millwright.dataset.DatasetVersion;
import org.millwright.dataset.Datasets;
import org.millwright.dataset.ValidationReport;
import org.millwright.environment.Environment;
import org.millwright.environment.Environments;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.lineage.Certificate;
import org.millwright.lineage.Certificates;
import org.millwright.lineage.Edge;
import org.millwright.lineage.Edges;
import org.millwright.lineage.Evidence;
import org.millwright.lineage.Evidence.Material;
import org.millwright.pipeline.PipelineRun;
import org.millwright.pipeline.PipelineRuns;
import org.millwright.pipeline.Source;
import org.millwright.pipeline.Sources;
import org.millwright.registry.Versions;

/**
 * Signs how an asset was made that is no model version: a dataset version, a table or file of a step, an environment, a run,
 * a release. Model versions are certified with their bundle.
 */
public final class Certifying {
    private static final String BASE = "https://millwright.org/";

    private final Access access;
    private final Certificates certificates;
    private final Releases releases;
    private final Approvals approvals;
    private final Rooms rooms;

    /** The rooms whose assets can be certified. */
    public record Rooms(
            Datasets datasets,
            Environments environments,
            Sources sources,
            PipelineRuns runs,
            Edges edges,
            Versions versions) {}

    public Certifying(Access access, Certificates certificates, Releases releases, Approvals approvals, Rooms rooms) {
        this.access = access;
        this.certificates = certificates;
        this.releases = releases;
        this.approvals = approvals;
        this.rooms = rooms;
    }

    /**
     * What is signed.
     *
     * @param root hex SHA-256 of its content
     */
    private record Statement(String subject, String root, String buildType, Evidence evidence) {}

    /** Certifies the asset; one that is certified already stays as it is. */
    public Certificate certify(Actor by, String ref) {
        Statement statement = statement(ref);
        if (statement.evidence().project().isEmpty()) {
            access.require(by, Permission.CERTIFY);
        } else {
            access.require(by, Permission.CERTIFY, statement.evidence().project());
        }
        return certificates.certify(
                by, statement.subject(), statement.root(), BASE + statement.buildType() + "/v1", statement.evidence());
    }

    /** Refuses who may not read the asset; {@link Problem.NotFound} when there is none. */
    public void requireReadable(Actor by, String ref) {
        if (ref.startsWith("model:") && ref.indexOf('/') > 0) {
            rooms.versions()
                    .get(
                            by,
                            ref.substring("model:".length(), ref.lastIndexOf('/')),
                            ref.substring(ref.lastIndexOf('/') + 1));
            return;
        }
        String project = statement(ref).evidence().project();
        if (project.isEmpty()) {
            access.require(by, Permission.READ);
        } else {
            access.require(by, Permission.READ, project);
        }
    }

    private Statement statement(String ref) {
        int colon = ref.indexOf(':');
        String id = ref.substring(colon + 1);
        return switch (colon < 0 ? "" : ref.substring(0, colon)) {
            case "dataset" -> dataset(rooms.datasets().get(ref));
            case "artifact" -> made(ref, id);
            case "environment" -> environment(rooms.environments().get(id));
            case "run" -> run(rooms.runs().get(id));
            case "release" -> release(releases.get(id));
            default ->
                throw new Problem.Invalid(
                        "'" + ref + "' cannot be certified (expected: model:NAME/VERSION, dataset:NAME@PERIOD/NUMBER,"
                                + " artifact:SHA256, environment:ID, run:ID or release:ID)",
                        "mw certify REF");
        };
    }

    private Statement dataset(DatasetVersion version) {
        if (!version.isAccepted()) {
            throw new Problem.Refused(
                    version.ref() + " is quarantined: it broke its contract", "Only accepted data is certified.");
        }
        Optional<PipelineRun> run = version.origin().run().flatMap(rooms.runs()::find);
        ObjectNode contract = Json.object().put("contract", version.contract()).put("digest", version.contractDigest());
        var results = new TreeMap<String, JsonNode>();
        results.put("contract", contract.put("rows", version.rows()));
        version.report().ifPresent(report -> results.put("validation", checked(report)));
        var evidence = evidence(
                run,
                List.of(Material.sha256("file:" + version.origin().file(), version.sourceSha256())),
                results,
                version.createdAt(),
                version.createdAt());
        return new Statement(version.ref(), version.sha256(), "acquisition", evidence);
    }

    /** Rules and how they came out; not the rows, which may be about people. */
    private static JsonNode checked(ValidationReport report) {
        var rules = Json.array();
        report.results()
                .forEach(result -> rules.addObject()
                        .put("rule", result.rule())
                        .put("outcome", result.outcome().name())
                        .put("failing", result.failing()));
        return rules;
    }

    /** A table, a file or a document that a step made, such as a set of features. */
    private Statement made(String ref, String sha256) {
        List<Edge> edges = rooms.edges().ancestors(ref).stream()
                .filter(edge -> edge.to().equals(ref))
                .toList();
        if (edges.isEmpty()) {
            throw new Problem.NotFound("No step made " + ref);
        }
        Optional<PipelineRun> run = rooms.runs().find(edges.getFirst().run());
        long at = edges.stream().mapToLong(Edge::at).min().orElse(0);
        List<Material> materials = edges.stream()
                .filter(edge -> edge.run().equals(edges.getFirst().run()))
                .map(edge -> material(edge.from()))
                .flatMap(Optional::stream)
                .toList();
        var evidence = evidence(
                run, materials, Map.of(), run.map(PipelineRun::createdAt).orElse(at), at);
        return new Statement(ref, sha256, "step", evidence);
    }

    private Optional<Material> material(String ref) {
        String id = ref.substring(ref.indexOf(':') + 1);
        return switch (ref.substring(0, ref.indexOf(':'))) {
            case "artifact" -> Optional.of(Material.sha256(ref, id));
            case "dataset" ->
                Optional.of(Material.sha256(ref, rooms.datasets().get(ref).sha256()));
            case "source" ->
                Optional.of(Material.sha256(ref, rooms.sources().get(id).manifest()));
            case "environment" -> rooms.environments().find(id).map(found -> Material.sha256(ref, found.lockSha256()));
            default -> Optional.empty();
        };
    }

    private Statement environment(Environment environment) {
        if (environment.state() != Environment.State.READY) {
            throw new Problem.Refused(environment.ref() + " is not built", "mw env list");
        }
        var evidence = evidence(
                Optional.empty(),
                List.of(Material.sha256("lock:" + environment.lockSha256(), environment.lockSha256())),
                Map.of("environment", environment.description()),
                environment.createdAt(),
                environment.builtAt().orElse(environment.createdAt()));
        return new Statement(environment.ref(), environment.id(), "environment", evidence);
    }

    private Statement run(PipelineRun run) {
        if (!run.status().ended()) {
            throw new Problem.Conflict(run.ref() + " still runs", "mw run show " + run.id());
        }
        ObjectNode steps = Json.object();
        rooms.runs().newest(run.id()).forEach((name, attempt) -> {
            ObjectNode outputs = Json.object();
            attempt.outputs().forEach(output -> outputs.put(output.name(), output.digest()));
            steps.putObject(name).put("status", attempt.status().name()).set("outputs", outputs);
        });
        var evidence = evidence(
                Optional.of(run),
                code(rooms.sources().get(run.sourceId())),
                Map.of(
                        "steps",
                        steps,
                        "status",
                        Json.object().put("status", run.status().text())),
                run.createdAt(),
                run.endedAt().orElse(run.createdAt()));
        return new Statement(run.ref(), Json.digest(Map.of("run", run.id(), "steps", steps)), "run", evidence);
    }

    private static List<Material> code(Source source) {
        var materials = new ArrayList<>(List.of(Material.sha256("source:" + source.id(), source.manifest())));
        if (!source.commit().isEmpty()) {
            materials.add(Material.commit("project:" + source.project(), source.commit()));
        }
        return materials;
    }

    private Statement release(Release release) {
        Approval approval = approvals.about(release.ref()).stream()
                .filter(one -> one.state() == Approval.State.APPROVED)
                .findFirst()
                .orElseThrow(() -> new Problem.Refused(
                        release.ref() + " is not approved", "Only an approved release is certified: mw inbox"));
        var materials = new ArrayList<Material>();
        approval.digests().forEach((name, sha256) -> {
            if (sha256.matches("[0-9a-f]{64}")) {
                materials.add(Material.sha256(release.modelRef() + "#" + name, sha256));
            }
        });
        ObjectNode approved = Json.object()
                .put("deployment", release.deployment())
                .put("requestedBy", release.requestedBy())
                .put("decidedBy", approval.decidedBy().orElse(""))
                .put("reason", approval.reason());
        var evidence = new Evidence(
                release.project(),
                "",
                release.ref(),
                Map.of("model", release.modelRef(), "deployment", release.deployment()),
                materials,
                Map.of("approval", approved),
                release.requestedAt(),
                approval.decidedAt().orElse(release.requestedAt()));
        var content = new LinkedHashMap<String, String>(approval.digests());
        content.put("release", release.id());
        return new Statement(release.ref(), Json.digest(new TreeMap<>(content)), "release", evidence);
    }

    private static Evidence evidence(
            Optional<PipelineRun> run,
            List<Material> materials,
            Map<String, JsonNode> results,
            long startedAt,
            long finishedAt) {
        return new Evidence(
                run.map(PipelineRun::project).orElse(""),
                run.map(PipelineRun::pipeline).orElse(""),
                run.map(PipelineRun::id).orElse(""),
                run.map(PipelineRun::parameters).orElse(Map.of()),
                materials,
                results,
                startedAt,
                finishedAt);
    }
}
