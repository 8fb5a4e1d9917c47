package org.millwright.registry.handoff;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;
import org.millwright.kernel.Json;
import org.millwright.scoring.Constraints;
import org.millwright.scoring.ConstraintsJson;

/**
 * A narrower signature under which what differs is refused instead.
 *
 * @param columns constraints by column; empty when nothing blocks or nothing helps
 * @param resolves whether nothing would block any more
 * @param recordedRefused recorded rows that it would refuse: above 0 it would break what is sent today
 */
public record Proposal(Map<String, Constraints> columns, boolean resolves, long recordedRefused) {
    public Proposal {
        columns = java.util.Collections.unmodifiableMap(new TreeMap<>(columns));
    }

    /** Whether it can be accepted. */
    public boolean helps() {
        return !columns.isEmpty() && resolves && recordedRefused == 0;
    }

    public ObjectNode json() {
        ObjectNode json = Json.object().put("resolves", resolves).put("recordedRefused", recordedRefused);
        json.set("columns", ConstraintsJson.writeAll(columns));
        ObjectNode words = json.putObject("words");
        columns.forEach((column, constraints) -> words.put(column, constraints.text()));
        return json;
    }

    /** Reads {@link #json()}. */
    public static Proposal of(JsonNode json) {
        return new Proposal(
                ConstraintsJson.readAll(json.path("columns")),
                json.path("resolves").asBoolean(),
                json.path("recordedRefused").asLong());
    }
}
