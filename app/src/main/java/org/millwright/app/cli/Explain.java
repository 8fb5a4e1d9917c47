package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import org.millwright.kernel.Json;

/** {@code mw run explain}: why steps ran, or why they did not have to. */
final class Explain {
    private static final int WIDTH = 120;

    private Explain() {}

    static int run(Shared shared, Optional<String> typed, Optional<String> only) {
        Client client = shared.client();
        String id = Runs.id(client, typed);
        var all = Json.array();
        JsonNode run = client.get("/api/1/runs/" + id);
        List<String> wanted = Runs.steps(run, only);
        for (JsonNode step : run.path("steps")) {
            String name = step.path("id").asText();
            boolean keyed = !step.path("status").asText().equals("waiting");
            if (keyed && wanted.contains(name)) {
                all.add(client.get("/api/1/runs/" + id + "/steps/" + Client.part(name) + "/explain"));
            }
        }
        if (!shared.isTable()) {
            return shared.list(all, "step", "status", "key", "comparedWith", "differences");
        }
        all.forEach(step -> print(shared, step));
        return Exit.OK;
    }

    private static void print(Shared shared, JsonNode step) {
        String name = step.path("step").asText();
        String reused = step.path("reusedFrom").asText();
        if (!reused.isEmpty()) {
            shared.print(name + ": not run again; code, inputs, parameters and environment are those of " + reused);
            return;
        }
        JsonNode differences = step.path("differences");
        String compared = step.path("comparedWith").asText();
        if (compared.isEmpty()) {
            shared.print(name + ": run, for the first time");
        } else if (differences.isEmpty()) {
            shared.print(name + ": run, although it is keyed as " + compared
                    + " (a step of this kind always runs, or fresh outputs were asked for)");
        } else {
            shared.print(name + ": run, because this differs from " + compared);
            differences.forEach(
                    difference -> shared.print("    " + difference.path("part").asText() + ": "
                            + value(difference.path("before")) + " → " + value(difference.path("now"))));
        }
    }

    private static String value(JsonNode value) {
        String text = value.asText("");
        if (text.isEmpty() || value.isNull() || value.isMissingNode()) {
            return "(none)";
        }
        return text.matches("[0-9a-f]{32,}") ? Texts.brief(text) : Screen.fit(text, WIDTH);
    }
}
