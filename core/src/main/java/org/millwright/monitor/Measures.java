package org.millwright.monitor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.project.Agreement;
import org.millwright.project.Projects;
import org.millwright.scoring.profile.ColumnDrift;
import org.millwright.scoring.profile.Profile;
import org.millwright.scoring.profile.Reference;

/** Measures stored windows: how well a version predicted in it, and how far its rows moved from training. */
final class Measures {
    private final Database database;
    private final Projects projects;
    private final References references;
    private final MonitorStore store;
    private final PredictionStore predictions;

    Measures(Database database, Projects projects, References references) {
        this.database = database;
        this.projects = projects;
        this.references = references;
        this.store = new MonitorStore(database);
        this.predictions = new PredictionStore(database);
    }

    /** How long the windows of a project are: as agreed, else months. */
    WindowKind kind(String project) {
        return projects.agreement(project)
                .map(agreement -> WindowKind.of(agreement.window()))
                .orElse(WindowKind.MONTH);
    }

    Optional<Reference> reference(Watched watched, String version) {
        return references.of(watched.deployment(), version);
    }

    Performance performance(Watched watched, WindowState state) {
        Optional<String> kept =
                database.read(() -> store.performance(state.deployment(), state.version(), state.window()));
        if (kept.isPresent()) {
            return Performance.fromJson(Json.parse(kept.get()));
        }
        double baseline =
                reference(watched, state.version()).map(Reference::baseline).orElse(Double.NaN);
        var pairs = database.read(() -> predictions.pairs(state.deployment(), state.version(), state.window()));
        return Performance.of(pairs, state.rows(), baseline);
    }

    Optional<Profile> profile(WindowState state) {
        return database.read(() -> store.profile(state.deployment(), state.version(), state.window()))
                .map(Profile::fromJson);
    }

    /** The window against training; empty when the version has no training profile. */
    Optional<Drifted> drift(Watched watched, WindowState state, Optional<Agreement.Drift> agreed) {
        return reference(watched, state.version())
                .flatMap(reference -> profile(state).map(profile -> Drifted.of(reference, profile, agreed)));
    }

    static ObjectNode toJson(Drifted drifted) {
        ObjectNode json = Json.object().put("rows", drifted.rows());
        put(json, "share", drifted.share(Verdict.BROKEN));
        put(json, "warnShare", drifted.share(Verdict.AT_RISK));
        ArrayNode columns = json.putArray("columns");
        drifted.columns().forEach(column -> columns.add(toJson(column)));
        return json.set("prediction", toJson(drifted.prediction()));
    }

    private static ObjectNode toJson(Drifted.Column column) {
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
        put(json, "ks", all.ks());
        put(json, "wasserstein", all.wasserstein());
        put(json, "p", all.p());
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
