package org.millwright.evidence;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.millwright.alert.Alert;
import org.millwright.alert.Verdict;
import org.millwright.identity.Role;
import org.millwright.kernel.Json;
import org.millwright.ledger.Entry;
import org.millwright.monitor.Overviews;
import org.millwright.project.Agreement;

/** What is recorded about a version in operation. */
final class OperationQueries {
    private static final Set<String> STOPS =
            Set.of("deployment.stopped", "deployment.resumed", "deployment.rolled-back", "deployment.canary-abandoned");

    private OperationQueries() {}

    static Found deployments(Dossier dossier) {
        if (dossier.served().isEmpty()) {
            return Found.nothing("It is not deployed", Role.ML_ENGINEER);
        }
        ObjectNode record = Json.object();
        var rows = record.putArray("deployments");
        dossier.served()
                .forEach(served -> rows.addObject()
                        .put("deployment", served.deployment().ref())
                        .put("stage", served.version().stage().name().toLowerCase(java.util.Locale.ROOT))
                        .put("bundle", served.version().digest())
                        .put("smokeRows", served.version().smokeRows())
                        .put("smokeLargestDifference", served.version().smokeLargest())
                        .put("deployedBy", dossier.name(served.version().deployedBy()))
                        .put("deployedAt", served.version().deployedAt())
                        .put("note", served.version().reason()));
        return Found.of(Found.count(rows.size(), "deployment"), record);
    }

    /** How production stands with each clause of the agreement. */
    static Found monitoring(Dossier dossier) {
        ObjectNode record = Json.object();
        var rows = record.putArray("clauses");
        for (Overviews.Promise promise : dossier.promises()) {
            ObjectNode row = rows.addObject()
                    .put("deployment", "deployment:" + promise.deployment())
                    .put("clause", promise.standing().clause().text())
                    .put("standing", promise.standing().verdict().text());
            promise.standing()
                    .newest()
                    .ifPresent(newest -> row.put("measured", newest.measured())
                            .put("limit", newest.threshold())
                            .put("rows", newest.n())
                            .put("window", newest.window().label())
                            .put("version", newest.version()));
        }
        if (rows.isEmpty()) {
            return Found.nothing("Nothing of it was watched in production yet", Role.ML_ENGINEER);
        }
        boolean known = dossier.promises().stream()
                .anyMatch(promise -> promise.standing().verdict() != Verdict.INSUFFICIENT);
        return Found.of(Found.count(rows.size(), "clause") + " watched", record)
                .lacksUnless(known, "Too little was seen to judge any clause", Role.ML_ENGINEER);
    }

    /** What went wrong and who did what about it. */
    static Found incidents(Dossier dossier) {
        ObjectNode record = Json.object();
        var rows = record.putArray("alerts");
        boolean answered = true;
        for (Alert alert : dossier.alerts()) {
            ObjectNode row = rows.addObject()
                    .put("alert", alert.ref())
                    .put("clause", alert.clause().text())
                    .put("state", alert.state().text())
                    .put("version", alert.version())
                    .put("message", alert.message())
                    .put("raisedAt", alert.raisedAt());
            alert.acknowledged()
                    .ifPresent(decision -> row.put("acknowledgedBy", dossier.name(decision.by()))
                            .put("acknowledgedAt", decision.at()));
            alert.resolved()
                    .ifPresent(decision -> row.put("resolvedBy", dossier.name(decision.by()))
                            .put("resolvedAt", decision.at())
                            .put("resolution", decision.note()));
            answered &= alert.acknowledged().isPresent() || alert.resolved().isPresent();
        }
        if (rows.isEmpty() && dossier.promises().isEmpty()) {
            return Found.nothing("Nothing is watched that would raise an alert", Role.ML_ENGINEER);
        }
        record.put("count", rows.size());
        return Found.of(Found.count(rows.size(), "alert") + " about the model", record)
                .lacksUnless(answered, "Some alerts were not answered by anybody", Role.ML_ENGINEER);
    }

    static Found retraining(Dossier dossier) {
        Optional<Agreement.Retrain> agreed =
                dossier.agreement().flatMap(version -> version.agreement().retrain());
        List<Entry> decided = dossier.entries(action -> action.contains("retraining-decided"));
        ObjectNode record = Json.object();
        agreed.ifPresent(clause -> record.put("pipeline", clause.pipeline())
                .put("when", clause.when().text())
                .put("coolDown", clause.coolDown().toString())
                .put("attempts", clause.attempts()));
        decided.forEach(entry -> record.withArray("decisions").add(dossier.told(entry)));
        if (record.isEmpty()) {
            return Found.nothing("Nothing is agreed about training it again", Role.ML_ENGINEER);
        }
        return Found.of("Agreed when it is trained again", record)
                .lacksUnless(agreed.isPresent(), "No clause says when it is trained again", Role.ML_ENGINEER);
    }

    /** How it is stopped and taken back, and whether that was ever done. */
    static Found stop(Dossier dossier) {
        ObjectNode record = Json.object();
        dossier.served()
                .forEach(served -> served.deployment()
                        .previous()
                        .ifPresent(version -> record.withArray("returnsTo")
                                .addObject()
                                .put("deployment", served.deployment().ref())
                                .put("version", "model:" + dossier.model().name() + "/" + version)));
        dossier.agreement()
                .ifPresent(agreed -> agreed.agreement()
                        .stop()
                        .forEach(clause -> record.withArray("stopsByItself")
                                .addObject()
                                .put("metric", clause.metric())
                                .put(
                                        "limit",
                                        clause.limit().side().text() + " "
                                                + clause.limit().value())
                                .put("outcomes", clause.minLabels())));
        List<Entry> drills = dossier.entries(STOPS::contains);
        drills.forEach(entry -> record.withArray("done").add(dossier.told(entry)));
        if (!dossier.served().isEmpty()) {
            record.put("how", "mw rollback DEPLOYMENT, or the deployment's page");
        }
        if (record.isEmpty()) {
            return Found.nothing("It is not deployed, so nothing says how it is stopped", Role.OPERATIONS);
        }
        return Found.of("Can be stopped and taken back", record)
                .lacksUnless(!drills.isEmpty(), "Nobody has ever tried to stop it or take it back", Role.OPERATIONS);
    }

    /** What is kept of what happened. */
    static Found eventLog(Dossier dossier) {
        ObjectNode record = Json.object();
        record.put("entries", dossier.entries().size());
        if (!dossier.entries().isEmpty()) {
            record.put("firstAt", dossier.entries().getFirst().at())
                    .put("lastAt", dossier.entries().getLast().at());
        }
        boolean logged = dossier.file().flatMap(file -> file.release().log()).isPresent();
        record.put("requestsKept", logged);
        var actions = new java.util.TreeMap<String, Integer>();
        dossier.entries().forEach(entry -> actions.merge(entry.action(), 1, Integer::sum));
        var rows = record.putArray("actions");
        actions.forEach(
                (action, count) -> rows.addObject().put("action", action).put("count", count));
        return Found.of(Found.count(dossier.entries().size(), "entry") + " in an append-only log", record)
                .lacksUnless(logged, "Requests and answers are not kept in a log", Role.ML_ENGINEER);
    }
}
