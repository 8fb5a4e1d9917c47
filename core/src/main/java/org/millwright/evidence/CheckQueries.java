package org.millwright.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.millwright.alert.Clause;
import org.millwright.alert.Verdict;
import org.millwright.gate.Judgement;
import org.millwright.identity.Role;
import org.millwright.kernel.Json;
import org.millwright.monitor.Overviews;
import org.millwright.registry.ModelVersion;
import org.millwright.scoring.Signature;

/** What was found out about a version before it was released: metrics, slices, bias, hand-off, gate. */
final class CheckQueries {
    private static final String LOW = "_low";
    private static final String HIGH = "_high";

    private CheckQueries() {}

    static Found metrics(Dossier dossier) {
        JsonNode inputs = dossier.training().inputs();
        ObjectNode record = Json.object();
        ArrayNode rows = Json.array();
        inputs.path("metrics").properties().forEach(field -> {
            String name = field.getKey();
            boolean bound = name.endsWith(LOW) || name.endsWith(HIGH);
            if (field.getValue().isNumber() && !bound && !name.equals("rows")) {
                rows.add(metric(inputs, name));
            }
        });
        if (!rows.isEmpty()) {
            record.put("on", "held-out rows, as the gate saw them");
            copy(inputs.path("metrics"), "rows", record, "rows");
            String champion = inputs.path("champion").path("version").asText();
            if (!champion.isEmpty()) {
                record.put("champion", dossier.model().name() + " version " + champion);
            }
            record.set("metrics", rows);
            return Found.of(Found.count(rows.size(), "metric") + " on held-out rows", record)
                    .lacksUnless(rows.findValue("low") != null, "No metric has an interval", Role.DATA_SCIENTIST)
                    .lacksUnless(
                            inputs.path("baseline").isObject(),
                            "No naive baseline was measured on the same rows",
                            Role.DATA_SCIENTIST);
        }
        dossier.proof()
                .bundle()
                .ifPresent(bundle -> bundle.manifest().metrics().entrySet().stream()
                        .sorted(java.util.Map.Entry.comparingByKey())
                        .forEach(metric ->
                                rows.addObject().put("metric", metric.getKey()).put("value", metric.getValue())));
        if (rows.isEmpty()) {
            return Found.nothing("No metrics are recorded", Role.DATA_SCIENTIST);
        }
        record.put("on", "as the bundle says").set("metrics", rows);
        return Found.of(Found.count(rows.size(), "metric"), record)
                .lacks("No gate saw metrics with intervals, champion and baseline", Role.DATA_SCIENTIST);
    }

    private static ObjectNode metric(JsonNode inputs, String name) {
        ObjectNode row = Json.object().put("metric", name);
        row.set("value", inputs.path("metrics").get(name));
        copy(inputs.path("metrics"), name + LOW, row, "low");
        copy(inputs.path("metrics"), name + HIGH, row, "high");
        copy(inputs.path("champion"), name, row, "champion");
        copy(inputs.path("baseline"), name, row, "baseline");
        return row;
    }

    private static void copy(JsonNode from, String name, ObjectNode to, String as) {
        if (from.path(name).isNumber()) {
            to.set(as, from.get(name));
        }
    }

    static Found slices(Dossier dossier) {
        ArrayNode rows = Json.array();
        dossier.training()
                .inputs()
                .path("slices")
                .properties()
                .forEach(column -> column.getValue().forEach(slice -> {
                    ObjectNode row = rows.addObject().put("column", column.getKey());
                    slice.properties().stream()
                            .filter(field -> field.getValue().isValueNode())
                            .forEach(field -> row.set(field.getKey(), field.getValue()));
                }));
        if (rows.isEmpty()) {
            return Found.nothing("Metrics by slice are not recorded", Role.DATA_SCIENTIST);
        }
        return Found.of(Found.count(rows.size(), "slice"), Json.object().set("slices", rows));
    }

    /** Whether groups are treated alike: what is agreed about it, and what production showed. */
    static Found bias(Dossier dossier) {
        ArrayNode rows = Json.array();
        dossier.agreement()
                .ifPresent(agreed -> agreed.agreement().fairness().forEach(clause -> {
                    ObjectNode row = rows.addObject()
                            .put("groups", String.join(" × ", clause.by()))
                            .put("measure", clause.measure())
                            .put(
                                    "limit",
                                    clause.limit().side().text() + " "
                                            + clause.limit().value());
                    Optional<Overviews.Promise> standing = dossier.promises().stream()
                            .filter(promise -> promise.standing().clause().equals(new Clause(clause.clause())))
                            .findFirst();
                    standing.ifPresent(promise -> {
                        row.put("standing", promise.standing().verdict().text());
                        promise.standing()
                                .newest()
                                .ifPresent(newest -> row.put("measured", newest.measured())
                                        .put("window", newest.window().label()));
                    });
                }));
        if (rows.isEmpty()) {
            return Found.nothing("Nothing is agreed or measured about bias between groups", Role.DATA_SCIENTIST);
        }
        boolean known = dossier.promises().stream()
                .map(Overviews.Promise::standing)
                .anyMatch(standing ->
                        standing.clause().kind() == Clause.Kind.FAIRNESS && standing.verdict() != Verdict.INSUFFICIENT);
        return Found.of(
                        Found.count(rows.size(), "clause") + " about groups",
                        Json.object().set("clauses", rows))
                .lacksUnless(known, "No outcomes by group are known yet", Role.ML_ENGINEER);
    }

    static Found handOff(Dossier dossier) {
        Optional<ModelVersion.HandOff> checked = dossier.version().handOff();
        if (checked.isEmpty()) {
            return Found.nothing("Its portable form was not compared with the original", Role.ML_ENGINEER);
        }
        ModelVersion.HandOff found = checked.get();
        ObjectNode record = Json.object()
                .put("agrees", found.agreed())
                .put("rows", found.rows())
                .put("tolerance", found.tolerance())
                .put("largestDifference", found.difference())
                .put("report", found.report())
                .put("checkedAt", found.at());
        record.set("blockingEdgeRows", Json.tree(found.blocking()));
        return Found.of(found.agreed() ? "Python and Java agree" : "Python and Java do not agree", record)
                .lacksUnless(found.clear(), "What differs stands against a release", Role.ML_ENGINEER);
    }

    /** The columns that it takes, and what narrows them. */
    static Found signature(Dossier dossier) {
        if (dossier.proof().bundle().isEmpty()) {
            return Found.nothing("It has no bundle whose signature says what it takes", Role.ML_ENGINEER);
        }
        Signature signature = dossier.proof().bundle().get().manifest().signature();
        ObjectNode record = Json.object();
        var inputs = record.putArray("inputs");
        signature
                .inputs()
                .forEach(column -> inputs.addObject()
                        .put("column", column.name())
                        .put("type", column.type().text())
                        .put("required", column.required())
                        .put("mayBeMissing", column.nullable())
                        .put("takesOnly", column.constraints().text()));
        var outputs = record.putArray("outputs");
        signature
                .outputs()
                .forEach(column -> outputs.addObject()
                        .put("column", column.name())
                        .put("type", column.type().text()));
        return Found.of(Found.count(inputs.size(), "column") + " in, " + outputs.size() + " out", record);
    }

    static Found gate(Dossier dossier) {
        if (dossier.training().judgement().isEmpty()) {
            return Found.nothing("No gate has judged it", Role.ML_ENGINEER);
        }
        Judgement judgement = dossier.training().judgement().get();
        ObjectNode record = Json.object()
                .put("passed", judgement.passed())
                .put("judgedAt", judgement.judgedAt())
                .put("inputs", judgement.inputs());
        var rules = record.putArray("rules");
        judgement
                .verdicts()
                .forEach(verdict -> rules.addObject()
                        .put("rule", verdict.rule().name())
                        .put("check", verdict.rule().check())
                        .put("outcome", verdict.outcome().name().toLowerCase(java.util.Locale.ROOT))
                        .put("detail", verdict.detail()));
        return Found.of(judgement.passed() ? "The gate passed" : "The gate is closed", record)
                .lacksUnless(judgement.passed(), "The gate is closed", Role.DATA_SCIENTIST);
    }

    /** The rules that it had to pass: those of its gate, and policies where there are some. */
    static Found policies(Dossier dossier) {
        ObjectNode record = Json.object();
        List<org.millwright.ledger.Entry> kept = dossier.entries(action -> action.startsWith("policy."));
        kept.forEach(entry -> record.withArray("policies").add(dossier.told(entry)));
        dossier.training()
                .judgement()
                .ifPresent(judgement -> judgement
                        .verdicts()
                        .forEach(verdict -> record.withArray("gateRules")
                                .addObject()
                                .put("rule", verdict.rule().name())
                                .put("check", verdict.rule().check())));
        dossier.file()
                .ifPresent(file -> record.put(
                        "protectedNames", String.join(", ", file.release().protect())));
        if (record.isEmpty()) {
            return Found.nothing("No policy governs it", Role.APPROVER);
        }
        return Found.of("Rules in force", record)
                .lacksUnless(!kept.isEmpty(), "No policy as a file of its own governs its releases", Role.APPROVER);
    }
}
