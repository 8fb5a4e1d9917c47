package org.millwright.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millwright.identity.Actor;
import org.millwright.identity.Level;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.millwright.tracking.Names;

/** What the verbs of models and those of versions share; every method is for inside a transaction. */
record Registry(
        Database database,
        Ledger ledger,
        Clock clock,
        ModelStore models,
        VersionStore versions,
        ModelGuards guards,
        Announcements announce) {

    /** Refuses whoever may not read the model of that name, be there one or not. */
    void requireReadable(Actor by, String name) {
        guards.requireRead(by, name, () -> models.project(name));
    }

    RegisteredModel requireWritable(Actor by, String name) {
        return requireWritable(by, name, Level.EDIT);
    }

    RegisteredModel requireWritable(Actor by, String name, Level needed) {
        ModelRules.requireName("name", name);
        RegisteredModel model = require(name);
        guards.requireLevel(by, name, model.project(), needed);
        return model;
    }

    RegisteredModel require(String name) {
        return models.find(name)
                .orElseThrow(() ->
                        new Problem.NotFound("Registered Model with name=" + Names.shortened(name) + " not found"));
    }

    ModelVersion requireVersion(String name, long number) {
        return versions.find(name, number)
                .orElseThrow(() -> new Problem.NotFound(
                        "Model Version (name=" + Names.shortened(name) + ", version=" + number + ") not found"));
    }

    /** Writes down what happened to a version. */
    void record(Actor by, String action, ModelVersion version, ObjectNode details) {
        var subjects = new ArrayList<>(List.of(version.subject(), subject(version.name())));
        version.runId().ifPresent(run -> subjects.add("run:" + run));
        version.modelId().ifPresent(model -> subjects.add("logged-model:" + model));
        ledger.append(by, action, subjects, details);
    }

    static ObjectNode tag(String key, String value) {
        return Json.object()
                .put("key", key)
                .put("value", Names.shortened(value))
                .put("digest", Json.sha256(value.getBytes(StandardCharsets.UTF_8)));
    }

    static String digest(Optional<String> text) {
        return Json.sha256(text.orElse("").getBytes(StandardCharsets.UTF_8));
    }

    static String subject(String name) {
        return "model:" + name;
    }
}
