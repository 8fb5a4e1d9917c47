package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.millwright.kernel.Json;
import org.millwright.scoring.drift.ColumnVerdict;
import org.millwright.scoring.drift.DomainClassifier;
import org.millwright.scoring.drift.DriftMethod;
import org.millwright.scoring.drift.DriftReport;
import org.millwright.scoring.drift.DriftVerdict;
import org.millwright.scoring.profile.ColumnDrift;

/** A drift report for programs and people. */
record DriftOutput(
        DriftReport report,
        Path reference,
        Path current,
        long referenceRows,
        long currentRows,
        Optional<DomainClassifier> multivariate) {
    private static final String[] TABLE = {
        "column",
        "kind",
        "verdict",
        "metric",
        "value=shown.value",
        "threshold=shown.threshold",
        "n",
        "psi=shown.psi",
        "js=shown.js",
        "wasserstein=shown.wasserstein",
        "ks=shown.ks",
        "hellinger=shown.hellinger",
        "l-inf=shown.linf",
        "tvd=shown.tvd",
        "p=shown.p",
        "note=reason"
    };

    int write(Written written) {
        if (!written.isTable()) {
            return written.show(json(), "verdict", "drifted=driftedColumns", "judged=judgedColumns", "share");
        }
        ArrayNode rows = Json.array();
        report.ranked().forEach(column -> rows.add(json(column).set("shown", shown(column))));
        int exit = written.list(rows, TABLE);
        written.say(summary());
        multivariate.map(DriftOutput::sentence).ifPresent(written::say);
        return exit;
    }

    /** One sentence. */
    String summary() {
        return switch (report.verdict()) {
            case INSUFFICIENT -> "No column could be judged.";
            default ->
                report.drifted() + " of " + report.judged() + " columns drifted (the table drifts from "
                        + Math.round(100 * report.settings().columnsShare()) + " %): "
                        + report.verdict().text();
        };
    }

    /** What a classifier of both makes of all columns together. */
    static String sentence(DomainClassifier all) {
        return all.verdict() == DriftVerdict.INSUFFICIENT
                ? "All columns together: too few rows."
                : "All columns together: a domain classifier's AUC is "
                        + number(all.auc().value()) + " (95 %: "
                        + number(all.auc().low()) + " to " + number(all.auc().high()) + ", drift from "
                        + DomainClassifier.ALERT + "): " + all.verdict().text() + "; it goes by "
                        + all.columns().stream()
                                .limit(3)
                                .map(share -> share.column() + " " + Math.round(100 * share.share()) + " %")
                                .collect(Collectors.joining(", "));
    }

    private static ObjectNode json(DomainClassifier all) {
        ObjectNode json = Json.object()
                .put("metric", "domain-classifier-auc")
                .put("threshold", DomainClassifier.ALERT)
                .put("verdict", all.verdict().text())
                .put("n", all.rows());
        put(json, "value", all.auc().value());
        put(json, "low", all.auc().low());
        put(json, "high", all.auc().high());
        ArrayNode columns = json.putArray("columns");
        all.columns()
                .forEach(share ->
                        columns.addObject().put("column", share.column()).put("share", share.share()));
        return json;
    }

    private ObjectNode json() {
        ObjectNode json = Json.object()
                .put("reference", reference.toString())
                .put("current", current.toString())
                .put("referenceRows", referenceRows)
                .put("currentRows", currentRows)
                .put("verdict", report.verdict().text())
                .put("driftedColumns", report.drifted())
                .put("judgedColumns", report.judged())
                .put("columnsShare", report.settings().columnsShare())
                .put("alpha", report.settings().alpha());
        put(json, "share", report.share());
        multivariate.ifPresent(all -> json.set("multivariate", json(all)));
        ArrayNode columns = json.putArray("columns");
        report.columns().forEach(column -> columns.add(json(column)));
        return json;
    }

    private static ObjectNode json(ColumnVerdict column) {
        ObjectNode json = Json.object()
                .put("column", column.column())
                .put("kind", column.comparison().kind().text())
                .put("verdict", column.verdict().text())
                .put("reason", column.reason());
        ColumnDrift drift = column.comparison().drift().orElse(null);
        if (drift == null) {
            return json;
        }
        json.put("metric", column.method().text())
                .put("n", drift.currentRows())
                .put("referenceN", drift.referenceRows());
        put(json, "value", column.value());
        put(json, "threshold", column.threshold());
        put(json, "p", column.p());
        put(json, "chance", column.chance());
        put(json, "referenceMissing", drift.referenceMissing());
        put(json, "currentMissing", drift.currentMissing());
        ArrayNode metrics = json.putArray("metrics");
        column.measures().forEach(measure -> {
            ObjectNode each = metrics.addObject()
                    .put("metric", measure.method().text())
                    .put("verdict", measure.verdict().text())
                    .put("n", drift.currentRows());
            put(each, "value", measure.value());
            put(each, "threshold", measure.threshold());
        });
        return json;
    }

    private static void put(ObjectNode json, String name, double value) {
        if (Double.isFinite(value)) {
            json.put(name, value);
        }
    }

    private static ObjectNode shown(ColumnVerdict column) {
        ObjectNode shown = Json.object();
        ColumnDrift drift = column.comparison().drift().orElse(null);
        if (drift == null) {
            return shown;
        }
        return shown.put("value", number(column.value()))
                .put("threshold", number(column.threshold()))
                .put("psi", number(drift.psi()))
                .put("js", number(drift.jensenShannon()))
                .put("wasserstein", number(drift.wasserstein()))
                .put("ks", number(drift.ks()))
                .put("hellinger", number(drift.hellinger()))
                .put("linf", number(drift.lInfinity()))
                .put("tvd", number(drift.totalVariation()))
                .put("p", number(column.p()));
    }

    /** Without what is there for the table only. */
    static JsonNode plain(JsonNode json) {
        if (json instanceof ObjectNode object) {
            object.remove("shown");
        }
        json.forEach(DriftOutput::plain);
        return json;
    }

    /** Short, for people; nothing when there is no number. */
    static String number(double value) {
        if (!Double.isFinite(value)) {
            return "";
        }
        double size = Math.abs(value);
        String form = size != 0 && size < 0.001 ? "%.0e" : size >= 1e6 ? "%.2e" : size >= 1000 ? "%.0f" : "%.3f";
        return String.format(Locale.ROOT, form, value);
    }

    /** What a method's value must not exceed, in words. */
    static String limit(DriftMethod method, double threshold) {
        return (method.isTest() ? "≤ " : "≥ ") + number(threshold);
    }
}
