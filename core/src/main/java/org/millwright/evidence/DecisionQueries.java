package org.millwright.evidence;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.millwright.approval.Approval;
import org.millwright.identity.Role;
import org.millwright.kernel.Json;
import org.millwright.ledger.Entry;
import org.millwright.lineage.Certificate;

/** What people decided about a version, and what is signed about it. */
final class DecisionQueries {
    private DecisionQueries() {}

    /** Who approved, when, and which digests they were shown. */
    static Found approvals(Dossier dossier) {
        if (dossier.decisions().isEmpty()) {
            return Found.nothing("Nobody was asked to approve a release of it", Role.ML_ENGINEER);
        }
        ObjectNode record = Json.object();
        var rows = record.putArray("approvals");
        for (Dossier.Decision decision : dossier.decisions()) {
            for (Approval approval : decision.approvals()) {
                rows.add(row(dossier, decision, approval));
            }
        }
        boolean granted = decided(dossier).stream().anyMatch(found -> found.state() == Approval.State.APPROVED);
        return Found.of(rows.size() + " decisions asked for", record)
                .lacksUnless(granted, "No release of it is approved", Role.APPROVER);
    }

    private static ObjectNode row(Dossier dossier, Dossier.Decision decision, Approval approval) {
        ObjectNode row = Json.object()
                .put("approval", approval.ref())
                .put("release", decision.release().ref())
                .put("deployment", "deployment:" + decision.release().deployment())
                .put("state", approval.state().name().toLowerCase(java.util.Locale.ROOT))
                .put("requestedBy", dossier.name(approval.requestedBy()))
                .put("author", dossier.name(approval.author()))
                .put("requestedAt", approval.requestedAt());
        approval.decidedBy().ifPresent(by -> row.put("decidedBy", dossier.name(by)));
        approval.decidedAt().ifPresent(at -> row.put("decidedAt", at));
        row.put("reason", approval.reason());
        ObjectNode digests = row.putObject("digests");
        approval.digests().forEach(digests::put);
        return row;
    }

    private static List<Approval> decided(Dossier dossier) {
        return dossier.decisions().stream()
                .flatMap(decision -> decision.approvals().stream())
                .filter(approval -> approval.decidedBy().isPresent())
                .toList();
    }

    /** Whether those who decided are others than those whose work it is, and signed in. */
    static Found separation(Dossier dossier) {
        ObjectNode record = Json.object();
        var rows = record.putArray("decisions");
        boolean apart = true;
        boolean signedIn = true;
        for (Entry entry : dossier.entries(action -> action.equals("approval.approved"))) {
            boolean other =
                    !entry.actor().equals(entry.details().path("requestedBy").asText());
            boolean author = !entry.actor().equals(dossier.version().madeBy());
            apart &= other && author;
            signedIn &= entry.authenticated();
            rows.add(dossier.told(entry).put("notTheRequester", other).put("notTheAuthor", author));
        }
        if (rows.isEmpty()) {
            return Found.nothing("Nobody has approved it", Role.APPROVER);
        }
        return Found.of(rows.size() + " approvals by others than who made it", record)
                .lacksUnless(apart, "Somebody approved their own work", Role.APPROVER)
                .lacksUnless(signedIn, "Somebody approved without signing in", Role.APPROVER);
    }

    static Found certificate(Dossier dossier) {
        if (dossier.proof().certificate().isEmpty()) {
            return Found.nothing("It has no certificate", Role.ML_ENGINEER);
        }
        Certificate certificate = dossier.proof().certificate().get();
        ObjectNode record = Json.object()
                .put("root", certificate.root())
                .put("statement", certificate.statement())
                .put("key", certificate.key())
                .put("signedAt", certificate.at())
                .put("askedForBy", dossier.name(certificate.actor()))
                .put("holds", dossier.proof().fault().isEmpty());
        certificate
                .revocation()
                .ifPresent(revocation -> record.put("revokedAt", revocation.at())
                        .put("revokedBy", dossier.name(revocation.by()))
                        .put("revokedWhy", revocation.reason()));
        String fault = dossier.proof().fault();
        return Found.of("Signed over all files of its bundle", record)
                .lacksUnless(fault.isEmpty(), fault, Role.ML_ENGINEER)
                .lacksUnless(certificate.revocation().isEmpty(), "It was revoked", Role.ML_ENGINEER);
    }

    /** What a validator found and what came of it. */
    static Found findings(Dossier dossier) {
        List<Entry> filed = dossier.entries(action -> action.startsWith("finding."));
        if (filed.isEmpty()) {
            return Found.nothing("No independent validator has filed what they found", Role.APPROVER);
        }
        ObjectNode record = Json.object();
        var rows = record.putArray("findings");
        filed.forEach(entry -> {
            ObjectNode row = dossier.told(entry);
            entry.details().properties().stream()
                    .filter(field -> field.getValue().isValueNode() && !row.has(field.getKey()))
                    .forEach(field -> row.set(field.getKey(), field.getValue()));
            rows.add(row);
        });
        return Found.of(filed.size() + " entries about findings", record);
    }
}
