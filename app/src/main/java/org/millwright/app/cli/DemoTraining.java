package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Stations 5 to 8: one run of the pipeline {@code train}, told step by step. */
final class DemoTraining {
    private JsonNode run = org.millwright.kernel.Json.object();
    private String version = "";

    private DemoTraining() {}

    static List<DemoStation> stations() {
        var training = new DemoTraining();
        return List.of(
                new DemoStation(5, "Features, and with them the run to a model: June is held out", training::features),
                new DemoStation(6, "Train", training::train),
                new DemoStation(7, "Evaluate and gate", training::gate),
                new DemoStation(8, "Register and hand off", training::register));
    }

    private String features(DemoShell shell) {
        boolean first = shell.look("deployment list").isEmpty();
        DemoShell.Result result = shell.mw("run train --through 2013-06 --as ana");
        boolean kept = !first && result.exit() == Exit.REFUSED;
        if (!result.ok() && !kept) {
            throw new DemoFailed("mw run train ended with " + result.exit() + "\n"
                    + result.err().strip());
        }
        run = result.json();
        return told("features") + "; each flight sees the last weather before its departure, nothing later";
    }

    private String train(DemoShell shell) {
        shell.expect(Exit.OK, "run explain " + Texts.brief(id()) + " --step train");
        return told("train") + " by an ordinary script and MLflow's client";
    }

    private String gate(DemoShell shell) {
        JsonNode gate = step("gate");
        if (gate.path("status").asText().equals("refused")) {
            return told("evaluate") + "; the gate keeps the version in production: "
                    + gate.path("error").asText().lines().findFirst().orElse("");
        }
        return told("evaluate") + "; gate: " + told("gate");
    }

    private String register(DemoShell shell) {
        JsonNode registered = step("register");
        if (!registered.path("status").asText().matches("succeeded|reused")) {
            version = "1";
        } else {
            version = registered
                    .path("outputs")
                    .path(0)
                    .path("info")
                    .path("version")
                    .asText();
        }
        JsonNode model = shell.ok("model show " + DemoSetUp.PROJECT + "/" + version);
        JsonNode handOff = model.path("handOff");
        if (!handOff.path("agreed").asBoolean()
                || model.path("certificate").asText().isEmpty()) {
            throw new DemoFailed("version " + version + " has no agreeing hand-off and certificate: " + handOff);
        }
        return String.format(
                Locale.ROOT,
                "version %s: Python and Java agree on %,d rows within %.2g minutes (allowed: %s); certificate %s",
                version,
                handOff.path("rows").asLong(),
                handOff.path("difference").asDouble(),
                handOff.path("tolerance").asText(),
                Texts.brief(model.path("certificate").asText()));
    }

    private String id() {
        return run.path("id").asText();
    }

    private JsonNode step(String name) {
        for (JsonNode step : run.path("steps")) {
            if (step.path("id").asText().equals(name)) {
                return step;
            }
        }
        throw new DemoFailed("run " + id() + " has no step " + name);
    }

    /** What a step said of itself, and how long it took. */
    private String told(String name) {
        JsonNode step = step(name);
        String time = step.path("status").asText().equals("reused")
                ? " (reused)"
                : " ("
                        + Texts.duration(Duration.ofMillis(step.path("endedAt").asLong()
                                - step.path("startedAt").asLong()))
                        + ")";
        return step.path("summary").asText() + time;
    }
}
