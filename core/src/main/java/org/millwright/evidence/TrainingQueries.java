package org.millwright.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.millwright.identity.Role;
import org.millwright.kernel.Json;
import org.millwright.ledger.Entry;
import org.millwright.scoring.bundle.Provenance;

/** What is recorded about how a version was made: code, environment, parameters, and whether it was made again. */
final class TrainingQueries {
    private TrainingQueries() {}

    static Found training(Dossier dossier) {
        Provenance provenance = provenance(dossier);
        ObjectNode record = Json.object();
        dossier.training()
                .run()
                .ifPresent(run -> record.put("run", run.ref())
                        .put("pipeline", run.pipeline())
                        .put("status", run.status().name().toLowerCase(java.util.Locale.ROOT))
                        .put("startedBy", dossier.name(run.startedBy()))
                        .put("startedAt", run.createdAt())
                        .put("why", run.cause()));
        dossier.version().runId().ifPresent(id -> record.put("trackingRun", id));
        put(record, "seed", provenance.notes().get("seed"));
        put(record, "threads", provenance.notes().get("threads"));
        var chosen = new TreeMap<String, String>();
        provenance.notes().forEach((name, value) -> {
            if (name.startsWith("parameter.")) {
                chosen.put(name.substring("parameter.".length()), value);
            }
        });
        dossier.training().run().ifPresent(run -> chosen.putAll(run.parameters()));
        pairs(record, "pipelineParameters", chosen);
        dossier.proof()
                .bundle()
                .ifPresent(bundle -> pairs(
                        record,
                        "modelParameters",
                        new TreeMap<>(bundle.manifest().parameters())));
        if (record.isEmpty()) {
            return Found.nothing("How it was trained is not recorded", Role.DATA_SCIENTIST);
        }
        return Found.of("Trained with recorded parameters", record)
                .lacksUnless(
                        dossier.training().run().isPresent(),
                        "It was registered by a client, not made by a pipeline that can be run again",
                        Role.DATA_SCIENTIST);
    }

    private static void pairs(ObjectNode record, String name, Map<String, String> values) {
        if (!values.isEmpty()) {
            var rows = record.putArray(name);
            values.forEach(
                    (key, value) -> rows.addObject().put("parameter", key).put("value", value));
        }
    }

    private static void put(ObjectNode record, String name, @org.jspecify.annotations.Nullable String value) {
        if (value != null && !value.isEmpty()) {
            record.put(name, value);
        }
    }

    private static Provenance provenance(Dossier dossier) {
        return dossier.proof()
                .bundle()
                .map(bundle -> bundle.manifest().provenance())
                .orElse(Provenance.UNKNOWN);
    }

    static Found code(Dossier dossier) {
        ObjectNode record = Json.object();
        put(record, "commit", provenance(dossier).commit());
        dossier.training().source().ifPresent(source -> {
            put(record, "commit", source.commit());
            record.put("source", "source:" + source.id())
                    .put("manifest", source.manifest())
                    .put("files", source.files())
                    .put("uncommittedChanges", source.dirty());
        });
        var materials = Json.array();
        for (JsonNode material : Dossiers.materials(dossier.proof().statement())) {
            if (!material.path("uri").asText().startsWith("dataset:")) {
                materials.add(material);
            }
        }
        if (!materials.isEmpty()) {
            record.set("signedMaterials", materials);
        }
        if (record.isEmpty()) {
            return Found.nothing("The code that trained it is not recorded", Role.DATA_SCIENTIST);
        }
        boolean committed = !record.path("commit").asText().isEmpty()
                && !record.path("uncommittedChanges").asBoolean();
        return Found.of("Code by digest", record)
                .lacksUnless(committed, "The code is no commit of a repository", Role.DATA_SCIENTIST);
    }

    static Found environment(Dossier dossier) {
        Provenance provenance = provenance(dossier);
        ObjectNode record = Json.object();
        put(record, "lock", provenance.environment());
        put(record, "python", provenance.notes().get("python"));
        put(record, "platform", provenance.notes().get("platform"));
        dossier.training()
                .environment()
                .ifPresent(environment -> record.put("environment", environment.ref())
                        .put("packages", environment.packages())
                        .put("lock", environment.lockSha256()));
        if (record.isEmpty()) {
            return Found.nothing("The packages that it was trained with are not locked", Role.ML_ENGINEER);
        }
        return Found.of("Environment by its lock", record)
                .lacksUnless(record.has("lock"), "No lock pins the packages", Role.ML_ENGINEER);
    }

    /** Whether it was made again, and with what result. */
    static Found reproduction(Dossier dossier) {
        List<Entry> made = dossier.entries("model.reproduced"::equals);
        if (made.isEmpty()) {
            return Found.nothing("Nobody made it a second time to compare", Role.ML_ENGINEER);
        }
        ObjectNode record = Json.object();
        var verdicts = record.putArray("verdicts");
        made.forEach(entry -> {
            ObjectNode row = dossier.told(entry);
            entry.details().properties().forEach(field -> row.set(field.getKey(), field.getValue()));
            verdicts.add(row);
        });
        return Found.of("Made again " + Found.count(made.size(), "time"), record);
    }
}
