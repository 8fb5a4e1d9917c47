package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.millwright.kernel.Json;

/** Signals of a deployment as rows of a table. */
final class MonitorSignals {
    private static final int LONGEST = 100;

    private MonitorSignals() {}

    static JsonNode rows(JsonNode signals) {
        ArrayNode rows = Json.array();
        for (JsonNode window : signals.path("windows")) {
            if (window.path("leading").asBoolean()) {
                add(rows, window);
            }
        }
        contract(rows, signals.path("contract"), signals.path("refusedLastHour").asLong());
        signals.path("notes")
                .forEach(note -> row(
                        rows,
                        note.path("window").asText(),
                        note.path("kind").asText(),
                        note.path("subject").asText(),
                        "note",
                        Json.object().missingNode(),
                        note.path("note").asText()));
        signals.path("readings")
                .forEach(reading -> row(
                        rows,
                        "now",
                        reading.path("clause").asText(),
                        "",
                        reading.has("threshold") ? reading.path("verdict").asText() : "",
                        Json.object().missingNode(),
                        reading.path("note").asText()));
        return rows;
    }

    /** How many rules the newest window was held against; those that it breaks have rows of their own. */
    private static void contract(ArrayNode rows, JsonNode contract, long refused) {
        if (contract.isEmpty()) {
            return;
        }
        int rules = contract.path("rules").size();
        long broken = contract.path("rules").findValuesAsText("verdict").stream()
                .filter("broken"::equals)
                .count();
        int not = 0;
        for (JsonNode reason : contract.path("notChecked")) {
            not += reason.path("rules").size();
        }
        row(
                rows,
                contract.path("window").asText(),
                "contract",
                rules + (rules == 1 ? " rule" : " rules"),
                broken == 0 ? "kept" : "broken",
                Json.object().missingNode(),
                broken + " of them broken by more rows than may; " + not
                        + " other rules are not checked on live traffic (-o json says why)"
                        + (refused == 0
                                ? ""
                                : "; " + refused + " requests of the last hour were refused by the signature"));
    }

    private static void add(ArrayNode rows, JsonNode window) {
        String label = window.path("window").asText();
        JsonNode estimated = window.path("estimated");
        if (estimated.has("note")) {
            row(
                    rows,
                    label,
                    "estimate",
                    "",
                    "insufficient",
                    Json.object().missingNode(),
                    estimated.path("note").asText());
        } else {
            estimates(rows, label, estimated);
        }
        JsonNode together = window.path("multivariate");
        if (together.isObject()) {
            row(
                    rows,
                    label,
                    "multivariate-drift",
                    "all columns",
                    together.path("verdict").asText(),
                    together.path("value"),
                    together.path("note").asText());
        }
        findings(rows, label, window);
    }

    private static void estimates(ArrayNode rows, String label, JsonNode estimated) {
        estimated
                .path("metrics")
                .properties()
                .forEach(metric -> row(
                        rows,
                        label,
                        "estimate",
                        metric.getKey(),
                        metric.getValue().path("signal").asText(),
                        metric.getValue().path("value"),
                        interval(metric.getValue()) + " over "
                                + estimated.path("n").asLong() + " rows; no concept drift assumed"));
    }

    private static void findings(ArrayNode rows, String label, JsonNode window) {
        window.path("quality")
                .path("findings")
                .forEach(finding -> row(
                        rows,
                        label,
                        finding.path("kind").asText(),
                        finding.path("column").asText(),
                        "found",
                        finding.path("share"),
                        finding.path("note").asText()));
        window.path("skew")
                .forEach(column -> row(
                        rows,
                        label,
                        "train-serve-skew",
                        column.path("column").asText(),
                        "found",
                        column.path("value"),
                        "away from training in the version's first window, by "
                                + column.path("method").asText()));
    }

    private static String interval(JsonNode metric) {
        return String.format(
                Locale.ROOT,
                "%.4g to %.4g",
                metric.path("low").asDouble(Double.NaN),
                metric.path("high").asDouble(Double.NaN));
    }

    private static void row(
            ArrayNode rows, String window, String signal, String subject, String verdict, JsonNode value, String note) {
        ObjectNode row = rows.addObject()
                .put("window", window)
                .put("signal", signal)
                .put("subject", subject)
                .put("verdict", verdict);
        if (value.isNumber()) {
            row.put("value", DriftOutput.number(value.asDouble()));
        }
        row.put("note", note);
    }

    static JsonNode causes(JsonNode causes, JsonNode losses) {
        ArrayNode rows = Json.array();
        losses.path("segments")
                .forEach(segment -> cause(
                        rows,
                        "errors rose",
                        segment.path("column").asText() + "="
                                + segment.path("value").asText(),
                        segment.path("change"),
                        String.format(
                                Locale.ROOT,
                                "of the %s of %s: %s before, %s now, %.1f %% of the rows",
                                losses.path("metric").asText(),
                                losses.path("window").asText(),
                                DriftOutput.number(segment.path("before").asDouble(Double.NaN)),
                                DriftOutput.number(segment.path("now").asDouble(Double.NaN)),
                                100 * segment.path("share").asDouble())));
        causes.path("columns")
                .forEach(column -> cause(
                        rows,
                        "column moved",
                        column.path("column").asText(),
                        column.path("value"),
                        column.path("method").asText() + ", limit "
                                + DriftOutput.number(column.path("threshold").asDouble())
                                + (column.has("usage")
                                        ? "; usage "
                                                + DriftOutput.number(
                                                        column.path("usage").asDouble())
                                        : "")));
        JsonNode together = causes.path("multivariate");
        if (together.isObject()) {
            cause(
                    rows,
                    "columns came apart",
                    "all columns",
                    together.path("value"),
                    together.path("note").asText());
        }
        causes.path("error")
                .path("segments")
                .forEach(segment -> cause(
                        rows,
                        "more rows of a kind",
                        cut(segment.path("where").asText()),
                        segment.path("change"),
                        String.format(
                                Locale.ROOT,
                                "of the estimated mae; %.1f %% of the rows before, %.1f %% now",
                                100 * segment.path("shareBefore").asDouble(),
                                100 * segment.path("shareNow").asDouble())));
        causes.path("changes")
                .forEach(change -> cause(
                        rows,
                        "at that time",
                        change.path("action").asText(),
                        Json.object().missingNode(),
                        change.path("subject").asText() + " at "
                                + change.path("time").asText()));
        return rows;
    }

    /** Enough to know which rows are meant; all of it is in the JSON. */
    private static String cut(String where) {
        return where.length() <= LONGEST ? where : where.substring(0, LONGEST - 1) + "…";
    }

    private static void cause(ArrayNode rows, String cause, String what, JsonNode value, String note) {
        ObjectNode row = rows.addObject().put("cause", cause).put("what", what);
        if (value.isNumber()) {
            row.put("value", DriftOutput.number(value.asDouble()));
        }
        row.put("note", note);
    }
}
