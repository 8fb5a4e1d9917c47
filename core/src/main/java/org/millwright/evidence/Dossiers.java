package org.millwright.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.millwright.approval.Approval;
import org.millwright.dataset.DatasetVersion;
import org.millwright.environment.Environment;
import org.millwright.gate.Judgement;
import org.millwright.identity.Actor;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;
import org.millwright.lineage.Certificate;
import org.millwright.lineage.Edge;
import org.millwright.pipeline.PipelineRun;
import org.millwright.pipeline.Source;
import org.millwright.project.AgreementVersion;
import org.millwright.project.Project;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.RegisteredModel;
import org.millwright.scoring.bundle.Bundle;
import org.millwright.scoring.signing.Untrusted;

/** Reads what the rooms below keep about a model version. Who may read it was checked before. */
final class Dossiers {
    /** Actions in a project's history that concern the models of the project, beside those about the version itself. */
    private static final Set<String> OF_PROJECT = Set.of("project", "user", "policy", "intake", "finding");

    private static final Set<String> OF_DEPLOYMENT = Set.of("deployment", "alert");
    private static final String RUN = "run:";
    private static final String DATASET = "dataset:";

    private final RecordRooms rooms;
    private final CardSections sections;

    Dossiers(RecordRooms rooms, CardSections sections) {
        this.rooms = rooms;
        this.sections = sections;
    }

    Dossier of(RegisteredModel model, ModelVersion version) {
        Optional<Project> project = model.project().flatMap(rooms.projects()::find);
        Optional<AgreementVersion> agreement = model.project()
                .flatMap(rooms.agreements()::inForce)
                .filter(found -> found.model().equals(model.name()));
        Dossier.Proof proof = proof(version);
        Dossier.Training training = training(version, proof);
        List<DatasetVersion> data = data(version, proof.statement());
        List<Dossier.Decision> decisions = decisions(version);
        List<Dossier.Served> served = served(version);
        var alerts = rooms.alerts().list(Actor.SYSTEM, Optional.empty(), model.project(), false).stream()
                .filter(alert -> alert.model().equals(model.name()))
                .toList();
        var concerned = new Concerned(rooms.ledger());
        concerned.about(version.subject()).about("model:" + model.name(), Dossiers::ofModel);
        project.ifPresent(found -> concerned.about(found.ref(), Dossiers::ofProject));
        agreement.ifPresent(found -> concerned.about(found.ref()));
        training.run().ifPresent(run -> concerned.about(run.ref()));
        training.environment().ifPresent(environment -> concerned.about(environment.ref()));
        data.forEach(found -> concerned.about(found.ref()));
        decisions.forEach(decision -> {
            concerned.about(decision.release().ref());
            decision.approvals().forEach(approval -> concerned.about(approval.ref()));
        });
        served.forEach(where -> concerned.about(where.deployment().ref(), Dossiers::ofDeployment));
        return new Dossier(
                model,
                version,
                rooms.versions().all(Actor.SYSTEM, model.name()),
                project,
                model.project().flatMap(rooms.projects()::file),
                agreement,
                training,
                proof,
                data,
                decisions,
                served,
                rooms.overviews().promises(Actor.SYSTEM, model.name()),
                alerts,
                sections.of(model, version.version()),
                concerned.all(),
                names());
    }

    /** Names by ids, each looked up once. */
    private java.util.function.UnaryOperator<String> names() {
        Map<String, String> known = new HashMap<>();
        return id -> known.computeIfAbsent(id, rooms.users()::nameOf);
    }

    private static boolean ofModel(String action) {
        return !action.equals("model.published");
    }

    private static boolean ofProject(String action) {
        return OF_PROJECT.contains(kind(action));
    }

    private static boolean ofDeployment(String action) {
        return OF_DEPLOYMENT.contains(kind(action)) && !action.equals("deployment.watermark-announced");
    }

    private static String kind(String action) {
        int dot = action.indexOf('.');
        return dot < 0 ? action : action.substring(0, dot);
    }

    private Dossier.Proof proof(ModelVersion version) {
        Optional<Bundle> bundle = Optional.empty();
        String fault = "";
        try {
            bundle = version.bundle().map(ref -> rooms.bundles().open(ref.archive()));
        } catch (Problem | Untrusted e) {
            fault = "its bundle cannot be opened: " + e.getMessage();
        }
        Optional<Certificate> certificate = rooms.certificates().of(version.subject());
        JsonNode statement = Json.object();
        if (certificate.isPresent() && bundle.isPresent()) {
            try {
                statement = rooms.certificates()
                        .verify(certificate.get(), bundle.get().folder());
            } catch (Untrusted e) {
                fault = "its certificate does not hold: " + e.getMessage();
            }
        }
        return new Dossier.Proof(bundle, certificate, statement, fault);
    }

    private Dossier.Training training(ModelVersion version, Dossier.Proof proof) {
        Optional<PipelineRun> run = version.runLink()
                .filter(link -> link.startsWith(RUN))
                .flatMap(link -> rooms.runs().find(link.substring(RUN.length())));
        Optional<Source> source = run.map(found -> rooms.sources().get(found.sourceId()));
        Optional<Environment> environment = proof.bundle()
                .map(bundle -> bundle.manifest().provenance().notes().getOrDefault("environment", ""))
                .flatMap(rooms.environments()::find);
        Optional<Judgement> judgement = version.runLink()
                .map(link -> rooms.gates().about(link))
                .filter(all -> !all.isEmpty())
                .map(List::getLast);
        JsonNode inputs = judgement.map(rooms.gates()::inputs).orElseGet(Json::object);
        return new Dossier.Training(run, source, environment, judgement, inputs);
    }

    /** By the lineage and by what the certificate names. */
    private List<DatasetVersion> data(ModelVersion version, JsonNode statement) {
        Set<String> refs = new LinkedHashSet<>();
        rooms.edges().ancestors(version.subject()).stream()
                .map(Edge::from)
                .sorted()
                .forEach(refs::add);
        materials(statement).forEach(material -> refs.add(material.path("uri").asText()));
        var data = new ArrayList<DatasetVersion>();
        for (String ref : refs) {
            if (ref.startsWith(DATASET) && ref.contains("/")) {
                try {
                    data.add(rooms.datasets().get(ref));
                } catch (Problem.NotFound | Problem.Invalid e) {
                    // the certificate names it; the record of the data itself is gone
                }
            }
        }
        return data;
    }

    static JsonNode materials(JsonNode statement) {
        return statement.at("/predicate/buildDefinition/resolvedDependencies");
    }

    private List<Dossier.Decision> decisions(ModelVersion version) {
        Set<String> ids = new LinkedHashSet<>();
        for (Entry entry : rooms.ledger().about(version.subject())) {
            if (entry.action().equals("release.requested") && entry.subject().startsWith("release:")) {
                ids.add(entry.subject().substring("release:".length()));
            }
        }
        var decisions = new ArrayList<Dossier.Decision>();
        for (String id : ids) {
            List<Approval> approvals = rooms.approvals().about("release:" + id);
            decisions.add(new Dossier.Decision(rooms.releases().get(id), approvals));
        }
        return decisions;
    }

    private List<Dossier.Served> served(ModelVersion version) {
        return rooms.deployments().list().stream()
                .filter(deployment -> deployment.model().equals(version.name()))
                .flatMap(deployment -> rooms.deployments().versions(deployment.name()).stream()
                        .filter(found -> found.version().equals(Long.toString(version.version())))
                        .map(found -> new Dossier.Served(deployment, found)))
                .toList();
    }
}
