package org.millwright.drift;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.millwright.alert.Verdict;
import org.millwright.kernel.Json;
import org.millwright.scoring.profile.ColumnDrift;

/** Drift as JSON: method, value, limits, verdict and n of each column; a measure without a value is left out. */
public final class DriftJson {
    private DriftJson() {}

    /** The whole report. */
    public static ObjectNode of(Drifted drifted) {
        ObjectNode json = Json.object().put("rows", drifted.rows());
        put(json, "share", drifted.share(Verdict.BROKEN));
        put(json, "warnShare", drifted.share(Verdict.AT_RISK));
        ArrayNode columns = json.putArray("columns");
        drifted.columns().forEach(column -> columns.add(of(column)));
        drifted.target().ifPresent(target -> json.set("outcome", of(target)));
        return json.set("prediction", of(drifted.prediction()));
    }

    private static ObjectNode of(Drifted.Column column) {
        ObjectNode json = Json.object()
                .put("name", column.name())
                .put("method", column.method())
                .put("warn", column.warn())
                .put("alert", column.alert())
                .put("verdict", column.verdict().text())
                .put("n", column.n());
        put(json, "value", column.value());
        ColumnDrift all = column.all();
        put(json, "psi", all.psi());
        put(json, "jensenShannon", all.jensenShannon());
        put(json, "totalVariation", all.totalVariation());
        put(json, "lInfinity", all.lInfinity());
        put(json, "hellinger", all.hellinger());
        put(json, "kl", all.kl());
        put(json, "ks", all.ks());
        put(json, "wasserstein", all.wasserstein());
        put(json, "p", Double.isNaN(column.p()) ? all.p() : column.p());
        put(json, "cramersV", all.cramersV());
        put(json, "newShare", all.newShare());
        put(json, "referenceMissing", all.referenceMissing());
        put(json, "currentMissing", all.currentMissing());
        return json.put("referenceRows", all.referenceRows()).put("currentRows", all.currentRows());
    }

    private static void put(ObjectNode json, String name, double value) {
        if (Double.isFinite(value)) {
            json.put(name, value);
        }
    }
}
