package org.millwright.monitor.signal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.TreeMap;
import org.millwright.kernel.Json;
import org.millwright.scoring.performance.ErrorChange;
import org.millwright.scoring.performance.Estimated;
import org.millwright.scoring.performance.Estimator;

/** Signals as JSON; figures that are not known are left out. */
public final class SignalJson {
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
