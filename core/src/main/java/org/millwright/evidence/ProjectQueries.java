package org.millwright.evidence;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.millwright.identity.Role;
import org.millwright.kernel.Json;
import org.millwright.ledger.Entry;
import org.millwright.project.AgreementVersion;
import org.millwright.project.ProjectFile;

/** What is recorded about the project that a model belongs to, and what was agreed about the model. */
final class ProjectQueries {
    private ProjectQueries() {}

    static Found purpose(Dossier dossier) {
        if (dossier.file().isEmpty()) {
            return Found.nothing(
                    "The model belongs to no approved project: purpose, owner and risk tier are unknown",
                    Role.DATA_SCIENTIST);
        }
        ProjectFile file = dossier.file().get();
        ObjectNode record = Json.object()
                .put("project", "project:" + file.name())
                .put("purpose", file.purpose())
                .put("owner", file.owner())
                .put("riskTier", file.riskTier().text())
                .put("task", file.model().task())
                .put("predicts", file.model().label())
                .put("projectFile", file.digest());
        dossier.project()
                .ifPresent(project -> record.put("state", project.state().name().toLowerCase(java.util.Locale.ROOT)));
        dossier.model().description().ifPresent(text -> record.put("description", text));
        Optional<Entry> approved =
                dossier.entries("project.approved"::equals).stream().reduce((before, after) -> after);
        approved.ifPresent(
                entry -> record.put("approvedBy", dossier.name(entry.actor())).put("approvedAt", entry.at()));
        return Found.of("For: " + file.purpose(), record)
                .lacksUnless(approved.isPresent(), "No approval of the project is recorded", Role.APPROVER);
    }

    /** What was asked and answered when the project was requested. */
    static Found intake(Dossier dossier) {
        List<Entry> answered = dossier.entries(action -> action.startsWith("intake.") || action.contains("intake"));
        ObjectNode record = Json.object();
        dossier.file().ifPresent(file -> {
            record.put("purpose", file.purpose())
                    .put("riskTier", file.riskTier().text());
            record.set("data", Json.tree(file.data()));
        });
        if (record.isEmpty() && answered.isEmpty()) {
            return Found.nothing("No project was requested for the model", Role.DATA_SCIENTIST);
        }
        answered.forEach(entry -> record.withArray("answers").add(dossier.told(entry)));
        answered.stream()
                .reduce((before, after) -> after)
                .filter(entry -> entry.details().isObject() && !entry.details().isEmpty())
                .ifPresent(entry -> record.set("answered", entry.details()));
        return Found.of("Asked for with purpose, data and risk tier", record)
                .lacksUnless(
                        !answered.isEmpty(),
                        "Expected value, users affected and how the tier follows are not answered",
                        Role.DATA_SCIENTIST);
    }

    static Found roles(Dossier dossier) {
        if (dossier.file().isEmpty()) {
            return Found.nothing("The model belongs to no project with members", Role.ADMIN);
        }
        ProjectFile file = dossier.file().get();
        ObjectNode record = Json.object().put("owner", file.owner());
        var members = record.putArray("members");
        file.members()
                .forEach((name, roles) -> members.addObject()
                        .put("person", name)
                        .put(
                                "roles",
                                String.join(", ", roles.stream().map(Role::text).toList())));
        boolean decides = file.members().entrySet().stream()
                .anyMatch(member -> member.getValue().contains(Role.APPROVER)
                        && !member.getKey().equals(file.owner()));
        return Found.of(
                        (file.members().size() == 1
                                ? "One person with roles"
                                : file.members().size() + " people with roles"),
                        record)
                .lacksUnless(decides, "Nobody but the owner approves in the project", Role.ADMIN);
    }

    static Found agreement(Dossier dossier) {
        if (dossier.agreement().isEmpty()) {
            return Found.nothing("Nothing is agreed about the model in production", Role.DATA_SCIENTIST);
        }
        AgreementVersion agreed = dossier.agreement().get();
        ObjectNode record = Json.object()
                .put("digest", agreed.digest())
                .put("window", agreed.agreement().window());
        var clauses = record.putArray("clauses");
        agreed.agreement().clauses().forEach(clauses::add);
        var accepted = record.putArray("accepted");
        agreed.acceptances()
                .forEach(acceptance -> accepted.addObject()
                        .put("role", acceptance.role().text())
                        .put("by", dossier.name(acceptance.by()))
                        .put("at", acceptance.at()));
        record.put("investigates", agreed.agreement().investigate().who());
        record.put("text", agreed.text());
        return Found.of("In force with " + Found.count(clauses.size(), "clause"), record)
                .lacksUnless(!agreed.isAcceptedAlone(), "One person accepted it for both roles", Role.ML_ENGINEER);
    }

    /** Versions of the model and how each is told from the one before. */
    static Found changes(Dossier dossier) {
        ObjectNode record = Json.object();
        var versions = record.putArray("versions");
        dossier.versions().stream()
                .filter(version -> version.version() <= dossier.version().version())
                .sorted(java.util.Comparator.comparingLong(version -> version.version()))
                .forEach(version -> {
                    ObjectNode row = versions.addObject()
                            .put("version", version.subject())
                            .put("registeredAt", version.createdAt())
                            .put("by", dossier.name(version.madeBy()))
                            .put("files", version.files());
                    version.bundle().ifPresent(bundle -> row.put("bundle", bundle.digest()));
                });
        var recorded = record.putArray("recorded");
        dossier.entries(action -> action.startsWith("model.") || action.startsWith("release.")).stream()
                .filter(entry -> entry.subjects().contains(dossier.ref()))
                .forEach(entry -> recorded.add(dossier.told(entry)));
        return Found.of(
                Found.count(versions.size(), "version") + ", " + Found.count(recorded.size(), "change") + " recorded",
                record);
    }
}
