package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millwright.kernel.Problem;

/** Finding runs by what people type, and waiting for their end. */
final class Runs {
    private static final String[] FIELDS = {"id", "pipeline", "status", "error"};

    private Runs() {}

    /** The id of a run from {@code run:ID}, an id, its beginning, or nothing for the newest. */
    static String id(Client client, Optional<String> typed) {
        String begin = typed.map(text -> text.startsWith("run:") ? text.substring(4) : text)
                .orElse("");
        if (begin.length() == 32) {
            return begin;
        }
        JsonNode runs = client.get("/api/1/runs?limit=1000").path("runs");
        for (JsonNode run : runs) {
            if (run.path("id").asText().startsWith(begin)) {
                return run.path("id").asText();
            }
        }
        throw new Problem.NotFound(typed.map(text -> "No run " + text).orElse("There are no runs yet"), "mw run list");
    }

    /** The steps of a run by name, or the one that was asked for. */
    static List<String> steps(JsonNode run, Optional<String> only) {
        var names = new ArrayList<String>();
        run.path("steps").forEach(step -> names.add(step.path("id").asText()));
        if (only.isPresent() && !names.contains(only.get())) {
            throw new Problem.NotFound(
                    "Run " + run.path("id").asText() + " has no step " + only.get() + " (it has: "
                            + String.join(", ", names) + ")",
                    "mw run show " + Texts.brief(run.path("id").asText()));
        }
        return only.map(List::of).orElse(names);
    }

    /** Waits for the run's end, shows its way, prints how it ended; the exit code says the same. */
    static int finish(Shared shared, Client client, String id, boolean logs) {
        JsonNode run = new RunWatch(client, shared.screen(), logs).untilEnd(id);
        shared.show(run, FIELDS);
        String status = run.path("status").asText();
        if (!status.equals("succeeded")) {
            shared.say("    mw run show " + Texts.brief(id)
                    + " tells more. After a change of files run the pipeline again:"
                    + " what did not change is reused. With the same files: mw resume " + Texts.brief(id)
                    + shared.asSuffix());
        }
        return switch (status) {
            case "succeeded" -> Exit.OK;
            case "refused" -> Exit.REFUSED;
            default -> Exit.FAILED;
        };
    }

    /** Brings the table that a run made. */
    static void table(Client client, JsonNode run, Path file) {
        String table = "";
        for (JsonNode step : run.path("steps")) {
            for (JsonNode output : step.path("outputs")) {
                if (output.path("type").asText().equalsIgnoreCase("table")) {
                    table = Client.part(step.path("id").asText()) + "/outputs/"
                            + Client.part(output.path("name").asText());
                }
            }
        }
        String id = run.path("id").asText();
        if (table.isEmpty()) {
            throw new Problem.NotFound("Run " + id + " made no table", "mw run replay --month YYYY-MM makes one.");
        }
        client.download("/api/1/runs/" + id + "/steps/" + table, file);
    }
}
