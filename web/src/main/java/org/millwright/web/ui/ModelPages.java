package org.millwright.web.ui;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.millwright.approval.Approval;
import org.millwright.approval.Approvals;
import org.millwright.approval.Broken;
import org.millwright.approval.Condition;
import org.millwright.approval.Release;
import org.millwright.approval.Releases;
import org.millwright.gate.Gates;
import org.millwright.gate.Judgement;
import org.millwright.gate.Today;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.millwright.lineage.Certificate;
import org.millwright.lineage.Certificates;
import org.millwright.lineage.Edge;
import org.millwright.lineage.Edges;
import org.millwright.lineage.RevokedAssets;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.Models;
import org.millwright.registry.Narrowings;
import org.millwright.registry.RegisteredModel;
import org.millwright.registry.Versions;
import org.millwright.reproduction.Reproductions;
import org.millwright.scoring.bundle.Bundle;
import org.millwright.serving.Bundles;
import org.millwright.serving.DeployedVersion;
import org.millwright.serving.Deployment;
import org.millwright.serving.Deployments;
import org.millwright.tracking.Run;
import org.millwright.tracking.Runs;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** Registered models, and everything known about one version: is it better, who says so, can it be proved. */
public final class ModelPages implements Routes {
    /** Where requests to the deployment may be answered by the version. */
    private static final Set<DeployedVersion.Stage> ASKED =
            EnumSet.of(DeployedVersion.Stage.CANARY, DeployedVersion.Stage.PRODUCTION);

    private final Ui ui;
    private final Models models;
    private final Versions versions;
    private final Runs runs;
    private final Gates gates;
    private final Evidence evidence;
    private final Deployments deployments;
    private final Watches watches;
    private final Ledger ledger;
    private final Users users;
    private final Clock clock;

    /** The rooms that prove where a version comes from. */
    public record Evidence(
            Certificates certificates,
            Edges edges,
            Bundles bundles,
            Narrowings narrowings,
            Reproductions reproductions,
            RevokedAssets revoked,
            Decided decided) {}

    /** The rooms that know who decided about a version. */
    public record Decided(Releases releases, Approvals approvals, Today today) {}

    /** A condition, and where it stands by its measure as well. */
    public record Under(Condition condition, String state) {}

    /** A release of the version, who approved it, and why it would not be approved today. */
    public record Asked(
            Release release,
            Optional<Approval> approval,
            Optional<Broken> broken,
            List<Under> conditions,
            List<String> today,
            Provable provable) {}

    public ModelPages(
            Ui ui,
            Models models,
            Versions versions,
            Runs runs,
            Gates gates,
            Evidence evidence,
            Deployments deployments,
            Watches watches,
            Ledger ledger,
            Users users,
            Clock clock) {
        this.ui = ui;
        this.models = models;
        this.versions = versions;
        this.runs = runs;
        this.gates = gates;
        this.evidence = evidence;
        this.deployments = deployments;
        this.watches = watches;
        this.ledger = ledger;
        this.users = users;
        this.clock = clock;
    }

    /** Whether the certificate and the files still fit; {@code fault} says why not. */
    public record Proof(Certificate certificate, Optional<Instant> validUntil, String fault) {}

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/models", this::list);
        routing.get("/models/{name}", this::model);
        routing.get("/models/{name}/versions/{version}", this::version);
    }

    private void list(ServerRequest request, ServerResponse response) {
        users.access().require(Http.actor(request), Permission.READ);
        List<RegisteredModel> all = models.search(
                        Http.actor(request), "", List.of("last_updated_timestamp DESC"), 200, "")
                .items();
        ui.page(
                request,
                response,
                "model/list.jte",
                "Models",
                "Models",
                Map.of("models", all, "deployments", deployments.list(), "now", clock.millis()));
    }

    private void model(ServerRequest request, ServerResponse response) {
        Actor actor = Http.actor(request);
        RegisteredModel model = models.get(actor, Http.path(request, "name"));
        ui.page(
                request,
                response,
                "model/show.jte",
                model.name(),
                "Models",
                Map.of(
                        "model",
                        model,
                        "versions",
                        versions.all(actor, model.name()),
                        "stages",
                        stages(model.name()),
                        "agreed",
                        model.project().map(project -> watches.agreed(actor, project, model.name())),
                        "people",
                        new Names(users),
                        "now",
                        clock.millis()));
    }

    /** Where each version is deployed: the newest stage by version. */
    private Map<String, DeployedVersion> stages(String model) {
        var stages = new LinkedHashMap<String, DeployedVersion>();
        for (Deployment deployment : deployments.list()) {
            if (deployment.model().equals(model)) {
                deployments
                        .versions(deployment.name())
                        .forEach(version -> stages.putIfAbsent(version.version(), version));
            }
        }
        return stages;
    }

    private void version(ServerRequest request, ServerResponse response) {
        Actor actor = Http.actor(request);
        ModelVersion version = versions.get(actor, Http.path(request, "name"), Http.path(request, "version"));
        Optional<Run> run = version.runId().flatMap(id -> runs.find(actor, id));
        Optional<String> pipelineRun =
                run.map(found -> found.tags().get(Run.STEP_TAG)).map(RunPages::runOf);
        Optional<Judgement> judgement = pipelineRun
                .map(id -> gates.about("run:" + id))
                .filter(all -> !all.isEmpty())
                .map(List::getLast);
        JsonNode inputs = judgement.map(gates::inputs).orElseGet(Json::object);
        Optional<Bundle> bundle = bundle(version);
        var stage = Optional.ofNullable(stages(version.name()).get(Long.toString(version.version())));
        var model = new HashMap<String, Object>();
        model.put("version", version);
        model.put("run", run);
        model.put("pipelineRun", pipelineRun);
        model.put("judgement", judgement);
        model.put("rows", Evaluation.rows(inputs));
        model.put("against", Evaluation.against(inputs));
        model.put("parameters", Evaluation.parameters(inputs));
        model.put("slices", Evaluation.slices(inputs));
        model.put("naive", Evaluation.naive(inputs));
        model.put("figure", Evaluation.figure(inputs));
        model.put("confusion", Evaluation.confusion(inputs));
        model.put("champion", inputs.path("champion").path("version").asText(""));
        model.put("bundle", bundle);
        model.put(
                "edges",
                evidence.narrowings()
                        .edges(actor, version.name(), version.version())
                        .map(EdgeTable::of));
        model.put("proof", proof(version, bundle));
        model.put("revoked", evidence.revoked().above(version.subject()));
        model.put("reproduced", evidence.reproductions().latest(version.subject()));
        model.put(
                "remaking",
                evidence.reproductions().of(actor, version.name(), version.version()).stream()
                        .filter(made -> !made.state().ended())
                        .findFirst());
        model.put("audits", audits(actor, version));
        model.put("outlook", evidence.reproductions().outlook(version.subject()));
        model.put("stage", stage);
        model.put(
                "lineage",
                evidence.edges().ancestors(version.subject()).stream()
                        .map(Edge::from)
                        .distinct()
                        .toList());
        model.put("history", ledger.about(version.subject()).reversed());
        model.put("calls", bundle.flatMap(found -> calls(request, version, stage, found)));
        model.put(
                "distributions",
                bundle.flatMap(Bundle::reference).map(Distributions::of).orElse(List.of()));
        model.put("asked", asked(version));
        model.put("people", new Names(users));
        model.put("lead", lead(version, stage, bundle));
        model.put("now", clock.millis());
        ui.page(request, response, "model/version.jte", version.name() + " " + version.version(), "Models", model);
    }

    private List<Asked> asked(ModelVersion version) {
        Releases releases = evidence.decided().releases();
        Approvals approvals = evidence.decided().approvals();
        return releases.of(version.name(), version.version()).stream()
                .map(release -> new Asked(
                        release,
                        approvals.about(release.ref()).stream().reduce((first, second) -> second),
                        releases.broken(release),
                        approvals.conditions().of(release.model()).stream()
                                .filter(condition -> condition.subject().equals(release.ref()))
                                .map(condition -> new Under(
                                        condition, approvals.conditions().state(condition)))
                                .toList(),
                        evidence.decided().today().of(release),
                        provable(release)))
                .toList();
    }

    private Provable provable(Release release) {
        boolean approved = evidence.decided().approvals().about(release.ref()).stream()
                .anyMatch(approval -> approval.state() == Approval.State.APPROVED);
        return Provable.of(evidence.certificates(), release.ref(), approved ? "" : "it is not approved");
    }

    private Optional<Bundle> bundle(ModelVersion version) {
        try {
            return version.bundle().map(ref -> evidence.bundles().open(ref.archive()));
        } catch (Problem e) {
            return Optional.empty();
        }
    }

    /** Whether the caller may see what frameworks ask of it: who audits, and members of its project. */
    private boolean audits(Actor actor, ModelVersion version) {
        Optional<String> project = models.get(actor, version.name()).project();
        return users.access().allows(actor, Permission.AUDIT, project)
                || project.filter(name -> !users.rolesIn(name, actor.id()).isEmpty())
                        .isPresent();
    }

    private Optional<Proof> proof(ModelVersion version, Optional<Bundle> bundle) {
        return evidence.certificates().of(version.subject()).map(certificate -> {
            if (bundle.isEmpty()) {
                return new Proof(certificate, Optional.empty(), "its bundle cannot be opened");
            }
            try {
                evidence.certificates().verify(certificate, bundle.get().folder());
                return new Proof(certificate, evidence.certificates().validUntil(version.subject()), "");
            } catch (RuntimeException e) {
                return new Proof(certificate, Optional.empty(), String.valueOf(e.getMessage()));
            }
        });
    }

    private static Optional<Calls> calls(
            ServerRequest request, ModelVersion version, Optional<DeployedVersion> stage, Bundle bundle) {
        boolean asked = stage.map(DeployedVersion::stage).map(ASKED::contains).orElse(false);
        if (!asked || bundle.probe().inputs().rows() == 0) {
            return Optional.empty();
        }
        String host = request.headers().first(HeaderNames.HOST).orElse("localhost:5000");
        return Optional.of(Calls.of(
                "http://" + host,
                stage.get().deployment(),
                bundle.probe().inputs().row(0)));
    }

    private static String lead(ModelVersion version, Optional<DeployedVersion> stage, Optional<Bundle> bundle) {
        String where = stage.map(deployed -> switch (deployed.stage()) {
                    case PRODUCTION -> "It serves in production at " + deployed.deployment() + ".";
                    case SHADOW ->
                        "It is shown the requests of " + deployed.deployment() + "; another version answers.";
                    case CANARY -> "It is the canary of " + deployed.deployment() + ".";
                    case STAGED -> "It is staged at " + deployed.deployment() + "; nobody is routed to it yet.";
                    case PREVIOUS -> "It served until it was replaced and is one rollback away.";
                    case RETIRED -> "It served at " + deployed.deployment() + " and is retired.";
                    case REFUSED -> "It was taken back: " + deployed.reason() + ".";
                })
                .orElse("It is not deployed.");
        Optional<String> worker = bundle.flatMap(found ->
                Optional.ofNullable(found.manifest().provenance().notes().get("worker")));
        String form = worker.isEmpty() ? "its portable form" : "a Python worker, which serves it,";
        String evidence = switch (version.state()) {
            case REGISTERED -> "Registered; it has no portable form yet.";
            case BUNDLED -> "Bundled; the hand-off check is still to come.";
            case DISAGREED -> "Disagreed: " + form + " differs from the original: it cannot be released.";
            case BLOCKED -> "Edge rows differ that its signature lets in: it cannot be released as it is.";
            case AGREED -> "Agreed: " + form + " agrees with the original.";
            case CERTIFIED -> "Certified: " + form + " agrees with the original, and how it was made is signed.";
        };
        return where + " " + evidence
                + worker.map(why -> " It has no portable form: " + why + ".").orElse("");
    }
}
