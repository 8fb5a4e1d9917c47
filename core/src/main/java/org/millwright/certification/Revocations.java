package org.millwright.certification;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.millwright.dataset.Datasets;
import org.millwright.environment.Environments;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.kernel.Problem;
import org.millwright.lineage.Certificate;
import org.millwright.lineage.Certificates;
import org.millwright.lineage.Edge;
import org.millwright.lineage.Edges;
import org.millwright.lineage.Revoked;
import org.millwright.lineage.RevokedAssets;
import org.millwright.pipeline.PipelineRun;
import org.millwright.pipeline.PipelineRuns;
import org.millwright.pipeline.Sources;
import org.millwright.project.Project;
import org.millwright.registry.Models;
import org.millwright.registry.Versions;

/** Takes back that an asset may be used, and with it all that came from it; what follows is done by what reads the ledger. */
public final class Revocations {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final String NEXT = "mw revoke REF --reason …";

    private final Access access;
    private final Models models;
    private final Versions versions;
    private final Certificates certificates;
    private final RevokedAssets revoked;
    private final Assets assets;

    /** The rooms whose assets can be revoked. */
    public record Assets(
            Datasets datasets, Environments environments, Sources sources, PipelineRuns runs, Edges edges) {}

    public Revocations(
            Access access,
            Models models,
            Versions versions,
            Certificates certificates,
            RevokedAssets revoked,
            Assets assets) {
        this.access = access;
        this.models = models;
        this.versions = versions;
        this.certificates = certificates;
        this.revoked = revoked;
        this.assets = assets;
    }

    /** Needs a reason, no approval: whoever may revoke may do it. */
    public Certificate revoke(Actor by, String model, long version, String reason) {
        requireReason(reason, "mw model revoke " + model + "/" + version + " --reason …");
        String subject = versions.get(Actor.SYSTEM, model, version).subject();
        String project = models.get(Actor.SYSTEM, model).project().orElse("");
        access.require(by, Permission.REVOKE, project);
        return certificates.revoke(by, subject, reason, List.of("model:" + model, Project.ref(project)));
    }

    /**
     * Revokes any asset: a dataset version, a table or file of a step, an environment, code, a run, or a model version.
     *
     * @param ref such as {@code dataset:flights@2013-01/1}
     */
    public Revoked revoke(Actor by, String ref, String reason) {
        requireReason(reason, NEXT);
        String subject = existing(ref);
        Optional<String> project = project(subject);
        if (project.isPresent()) {
            access.require(by, Permission.REVOKE, project.get());
        } else {
            access.require(by, Permission.REVOKE);
        }
        if (subject.startsWith("model:") && certificates.of(subject).isPresent()) {
            int slash = subject.lastIndexOf('/');
            revoke(by, subject.substring("model:".length(), slash), number(subject), reason);
        }
        return revoked.revoke(
                by, subject, reason, project.map(Project::ref).stream().toList());
    }

    /** What is revoked: the asset itself, and of what it came from. */
    public List<Revoked> about(Actor by, String ref) {
        String subject = existing(ref);
        project(subject)
                .ifPresentOrElse(
                        project -> access.require(by, Permission.READ, project),
                        () -> access.require(by, Permission.READ));
        var all = new java.util.ArrayList<>(revoked.above(subject));
        revoked.of(subject).ifPresent(all::addFirst);
        return all;
    }

    /** The model versions that came from the asset. */
    public List<String> marked(String ref) {
        return revoked.descendants(existing(ref));
    }

    private static void requireReason(String reason, String next) {
        if (reason.isBlank()) {
            throw new Problem.Invalid("A revocation needs a reason", next);
        }
        if (reason.length() > 2_000) {
            throw new Problem.Invalid("The reason is longer than 2,000 characters", next);
        }
    }

    /** The reference of an asset that there is. */
    private String existing(String ref) {
        int colon = ref.indexOf(':');
        String id = ref.substring(colon + 1);
        return switch (colon < 0 ? "" : ref.substring(0, colon)) {
            case "model" ->
                versions.get(Actor.SYSTEM, modelName(ref), number(ref)).subject();
            case "dataset" -> assets.datasets().get(ref).ref();
            case "environment" -> assets.environments().get(id).ref();
            case "source" -> "source:" + assets.sources().get(id).id();
            case "run" -> assets.runs().get(id).ref();
            case "artifact" -> {
                if (!SHA256.matcher(id).matches() || made(ref).isEmpty()) {
                    throw new Problem.NotFound("No step made " + ref);
                }
                yield ref;
            }
            default ->
                throw new Problem.Invalid(
                        "'" + ref + "' is no asset (expected: model:NAME/VERSION, dataset:NAME@PERIOD/NUMBER, run:ID,"
                                + " environment:ID, source:ID or artifact:SHA256)",
                        NEXT);
        };
    }

    private static String modelName(String ref) {
        int slash = ref.lastIndexOf('/');
        if (slash < 0) {
            throw new Problem.Invalid("'" + ref + "' names no version (expected: model:NAME/VERSION)", NEXT);
        }
        return ref.substring("model:".length(), slash);
    }

    private static long number(String ref) {
        String text = ref.substring(ref.lastIndexOf('/') + 1);
        if (!text.matches("[0-9]{1,9}")) {
            throw new Problem.Invalid("'" + ref + "' names no version (expected: model:NAME/VERSION)", NEXT);
        }
        return Long.parseLong(text);
    }

    private Optional<Edge> made(String ref) {
        return assets.edges().ancestors(ref).stream().findFirst();
    }

    /** The project that answers for the asset; empty for what belongs to all. */
    private Optional<String> project(String subject) {
        String id = subject.substring(subject.indexOf(':') + 1);
        return switch (subject.substring(0, subject.indexOf(':'))) {
            case "model" -> models.get(Actor.SYSTEM, modelName(subject)).project();
            case "dataset" ->
                assets.datasets()
                        .get(subject)
                        .origin()
                        .run()
                        .flatMap(assets.runs()::find)
                        .map(PipelineRun::project);
            case "source" -> Optional.of(assets.sources().get(id).project());
            case "run" -> Optional.of(assets.runs().get(id).project());
            case "artifact" ->
                made(subject).map(Edge::run).flatMap(assets.runs()::find).map(PipelineRun::project);
            default -> Optional.empty();
        };
    }
}
