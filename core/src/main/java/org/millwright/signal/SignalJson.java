package org.millwright.signal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.Locale;
import java.util.TreeMap;
import org.millwright.drift.MultivariateDrift;
import org.millwright.kernel.Json;
import org.millwright.scoring.performance.ErrorChange;
import org.millwright.scoring.performance.Estimated;
import org.millwright.scoring.performance.Estimator;
import org.millwright.scoring.profile.ContractCheck;

/** Signals as JSON; figures that are not known are left out. */
public final class SignalJson {
    private static final int MOST_BROKEN = 20;
    private static final String UNKNOWN = "unknown";

    private SignalJson() {}

    /** Estimates with their assumption. */
    public static ObjectNode of(Estimator.Estimates estimates) {
        ObjectNode json = Json.object()
                .put("method", estimates.method())
                .put("n", estimates.rows())
                .put("assumption", Estimator.ASSUMPTION);
        ObjectNode metrics = json.putObject("metrics");
        boolean few = estimates.rows() < DataQuality.MIN_ROWS;
        new TreeMap<>(estimates.metrics())
                .forEach((name, value) -> metrics.set(name, few ? of(value).put("signal", UNKNOWN) : of(value)));
        if (few) {
            json.put("note", "only " + estimates.rows() + " rows (needed: " + DataQuality.MIN_ROWS + ")");
        }
        return json;
    }

    private static ObjectNode of(Estimated value) {
        ObjectNode json = Json.object();
        put(json, "value", value.value());
        put(json, "samplingError", value.samplingError());
        put(json, "low", value.low());
        put(json, "high", value.high());
        put(json, "lowerThreshold", value.limits().least());
        put(json, "upperThreshold", value.limits().most());
        return json.put("signal", value.signal().name().toLowerCase(Locale.ROOT));
    }

    /** All columns together. */
    public static ObjectNode of(MultivariateDrift drift) {
        ObjectNode json = Json.object().put("method", MultivariateDrift.METHOD).put("n", drift.rows());
        drift.error().ifPresent(error -> {
            put(json, "value", error.value());
            put(json, "samplingError", error.samplingError());
            put(json, "usual", error.usual());
            put(json, "lowerThreshold", error.least());
            put(json, "upperThreshold", error.most());
        });
        return json.put("verdict", drift.word()).put("note", drift.note());
    }

    public static ObjectNode of(DataQuality quality) {
        ObjectNode json = Json.object().put("n", quality.rows());
        put(json, "outsideTraining", quality.outside());
        ArrayNode findings = json.putArray("findings");
        quality.findings()
                .forEach(finding -> findings.addObject()
                        .put("kind", finding.kind().text())
                        .put("column", finding.column())
                        .put("share", finding.share())
                        .put("threshold", finding.limit())
                        .put("note", finding.note()));
        return json;
    }

    /** The rules that rows broke, and how many there are. */
    public static ObjectNode broken(Promised promised) {
        ObjectNode json = Json.object().put("rules", promised.rules().size());
        ArrayNode broken = json.putArray("broken");
        promised.rules().stream()
                .filter(rule -> rule.broken() > 0)
                .sorted(Comparator.comparing(Promised.Rule::share).reversed())
                .limit(MOST_BROKEN)
                .forEach(rule -> broken.add(of(rule)));
        return json;
    }

    /** Every rule, and those that rows are not held against, by the reason. */
    public static ObjectNode of(Promised promised) {
        ObjectNode json = Json.object();
        ArrayNode rules = json.putArray("rules");
        promised.rules().forEach(rule -> rules.add(of(rule)));
        ArrayNode unchecked = json.putArray("notChecked");
        promised.reasons().forEach((why, names) -> {
            ArrayNode list = unchecked.addObject().put("why", why).putArray("rules");
            names.forEach(list::add);
        });
        return json;
    }

    private static ObjectNode of(Promised.Rule rule) {
        ContractCheck check = rule.check();
        ObjectNode json = Json.object()
                .put("contract", check.source().contract())
                .put("contractDigest", check.source().digest())
                .put("dataset", check.source().dataset())
                .put("rule", check.source().rule())
                .put("column", check.column())
                .put("expected", check.expected())
                .put("severity", check.severity().text())
                .put("n", rule.rows())
                .put("broken", rule.broken());
        put(json, "share", rule.share());
        return json.put("threshold", rule.limit()).put("verdict", rule.tooMany() ? "broken" : "kept");
    }

    /** What makes an estimated error differ; the segments that matter most. */
    public static ObjectNode of(ErrorChange change, int most) {
        ObjectNode json = Json.object().put("metric", "mae");
        put(json, "training", change.before());
        put(json, "now", change.now());
        ArrayNode columns = json.putArray("columns");
        change.columns().stream()
                .limit(most)
                .forEach(column ->
                        columns.addObject().put("column", column.name()).put("change", column.change()));
        ArrayNode segments = json.putArray("segments");
        change.segments().stream()
                .filter(segment -> segment.change() > 0)
                .limit(most)
                .forEach(segment -> segments.addObject()
                        .put("where", segment.where())
                        .put("error", segment.error())
                        .put("shareBefore", segment.shareBefore())
                        .put("shareNow", segment.shareNow())
                        .put("change", segment.change()));
        return json;
    }

    /** In which kinds of rows the measured loss rose, those that make most of it. */
    public static ObjectNode of(LossChange change, int most) {
        ObjectNode json = Json.object()
                .put("metric", change.loss())
                .put("window", change.window())
                .put("version", change.version())
                .put("windowBefore", change.windowBefore())
                .put("n", change.rows())
                .put("nBefore", change.rowsBefore());
        put(json, "before", change.before());
        put(json, "now", change.now());
        put(json, "low", change.low());
        put(json, "high", change.high());
        put(json, "p", change.p());
        ArrayNode parts = json.putArray("segments");
        change.parts().stream().limit(most).forEach(part -> {
            ObjectNode one = parts.addObject()
                    .put("column", part.column())
                    .put("value", part.value())
                    .put("n", part.rows());
            put(one, "before", part.before());
            put(one, "now", part.now());
            put(one, "share", part.share());
            put(one, "change", part.change());
            put(one, "p", part.p());
        });
        return json;
    }

    private static void put(ObjectNode json, String name, double value) {
        if (Double.isFinite(value)) {
            json.put(name, value);
        }
    }
}
