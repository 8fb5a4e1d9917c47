package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.millwright.kernel.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code mw maturity}: levels by evidence, and at most three things to close first. */
@Command(
        name = "maturity",
        description = "How mature projects are by their records, and what to close first.",
        mixinStandardHelpOptions = true)
final class MaturityCommand implements Callable<Integer> {
    @Mixin
    private Shared shared = new Shared();

    @Option(names = "--project", description = "Of this project only.")
    private Optional<String> project = Optional.empty();

    @Option(names = "--at", description = "As of this moment, such as 2026-03-01 or 90d; now otherwise.")
    private Optional<String> at = Optional.empty();

    @Option(
            names = "--months",
            description = "In JSON and YAML, also the levels at the ends of so many months.",
            defaultValue = "0")
    private int months;

    @Override
    public Integer call() {
        JsonNode found = shared.client()
                .get("/api/1/insights/maturity?months=" + months
                        + project.map(name -> "&project=" + Client.part(name)).orElse("")
                        + at.map(text -> "&at=" + Client.part(text)).orElse(""));
        if (shared.isDocument()) {
            return shared.show(found, "level");
        }
        shared.list(rows(found), "dimension=title", "level", "gap", "next", "how-to=howTo");
        if (shared.isTable()) {
            shared.say("level " + found.path("level").asInt() + " of 4, "
                    + found.path("levelName").asText() + "; level "
                    + found.path("google").asInt() + " of 2 of Google's model");
            found.path("focus").forEach(focus -> shared.say(Told.focus(focus)));
        }
        return Exit.OK;
    }

    private static ArrayNode rows(JsonNode found) {
        ArrayNode rows = Json.array();
        for (JsonNode dimension : found.path("dimensions")) {
            ObjectNode row = rows.addObject()
                    .put("title", dimension.path("title").asText())
                    .put("level", dimension.path("level").asInt());
            for (JsonNode answered : dimension.path("criteria")) {
                if (!answered.path("met").asBoolean()) {
                    JsonNode criterion = answered.path("criterion");
                    row.put("gap", criterion.path("ask").asText())
                            .put("next", criterion.path("next").asText())
                            .put("howTo", criterion.path("howTo").asText());
                    break;
                }
            }
        }
        return rows;
    }
}
