package org.millwright.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.millwright.alert.Alert;
import org.millwright.approval.Approval;
import org.millwright.approval.Release;
import org.millwright.dataset.DatasetVersion;
import org.millwright.environment.Environment;
import org.millwright.gate.Judgement;
import org.millwright.kernel.Json;
import org.millwright.ledger.Entry;
import org.millwright.lineage.Certificate;
import org.millwright.monitor.Overviews;
import org.millwright.pipeline.PipelineRun;
import org.millwright.pipeline.Source;
import org.millwright.project.AgreementVersion;
import org.millwright.project.Project;
import org.millwright.project.ProjectFile;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.RegisteredModel;
import org.millwright.scoring.bundle.Bundle;
import org.millwright.serving.DeployedVersion;
import org.millwright.serving.Deployment;

/** Everything that is recorded about a model version, read once. */
record Dossier(
        RegisteredModel model,
        ModelVersion version,
        List<ModelVersion> versions,
        Optional<Project> project,
        Optional<ProjectFile> file,
        Optional<AgreementVersion> agreement,
        Training training,
        Proof proof,
        List<DatasetVersion> data,
        List<Decision> decisions,
        List<Served> served,
        List<Overviews.Promise> promises,
        List<Alert> alerts,
        Map<Section, Written> sections,
        List<Entry> entries,
        UnaryOperator<String> people) {

    /** How it was made and what the gate saw; empty for what a client registered. */
    record Training(
            Optional<PipelineRun> run,
            Optional<Source> source,
            Optional<Environment> environment,
            Optional<Judgement> judgement,
            JsonNode inputs) {}

    /** What is signed; the statement is empty when its signature does not hold, and {@code fault} says why. */
    record Proof(Optional<Bundle> bundle, Optional<Certificate> certificate, JsonNode statement, String fault) {}

    /** A release with what people were asked about it. */
    record Decision(Release release, List<Approval> approvals) {}

    /** Where the version is or was deployed. */
    record Served(Deployment deployment, DeployedVersion version) {}

    String name(String id) {
        return people.apply(id);
    }

    String ref() {
        return version.subject();
    }

    List<Entry> entries(Predicate<String> action) {
        return entries.stream().filter(entry -> action.test(entry.action())).toList();
    }

    /** An entry in a few words, with where the log has it. */
    ObjectNode told(Entry entry) {
        return Json.object()
                .put("at", entry.at())
                .put("action", entry.action())
                .put("by", name(entry.actor()))
                .put("authenticated", entry.authenticated())
                .put("subject", entry.subject())
                .put("entry", entry.index());
    }
}
