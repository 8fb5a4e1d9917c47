package org.millwright.registry.handoff;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.millwright.kernel.Json;
import org.millwright.scoring.Signature;

/**
 * What became of one edge row.
 *
 * @param admitted whether the server takes the row; what signature or runtime refuses as a caller's fault is answered with
 *     400, and cannot surprise
 * @param expected the original's predictions, or why it refused
 * @param got those of the portable form in Java, or why it refused
 */
public record EdgeResult(EdgeRow row, Outcome outcome, boolean admitted, String expected, String got) {
    /** How the two answers compare. */
    public enum Outcome {
        AGREES("agrees"),
        BOTH_REFUSE("both refuse"),
        DIFFERS("differs"),
        ONLY_PYTHON_REFUSES("only Python refuses"),
        ONLY_JAVA_REFUSES("only Java refuses");

        private final String text;

        Outcome(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }

        /** Whether a caller gets what the original would give. */
        public boolean same() {
            return this == AGREES || this == BOTH_REFUSE;
        }
    }

    /** Whether a release must not happen because of the row. */
    public boolean blocks() {
        return admitted && !outcome.same() && row.kind() != EdgeClass.SPLIT_THRESHOLD;
    }

    /** The same result under a signature that takes less. */
    EdgeResult under(Signature narrowed) {
        boolean taken = admitted
                && row.changed().entrySet().stream()
                        .allMatch(cell -> narrowed.inputs()
                                .get(narrowed.position(cell.getKey()))
                                .admits(cell.getValue()));
        if (taken == admitted) {
            return this;
        }
        boolean refused = outcome == Outcome.BOTH_REFUSE || outcome == Outcome.ONLY_PYTHON_REFUSES;
        return new EdgeResult(
                row,
                refused ? Outcome.BOTH_REFUSE : Outcome.ONLY_JAVA_REFUSES,
                false,
                expected,
                "refused by the signature");
    }

    ObjectNode json() {
        ObjectNode json = Json.object()
                .put("class", row.kind().text())
                .put("base", row.base())
                .put("outcome", outcome.name())
                .put("admitted", admitted)
                .put("expected", expected)
                .put("got", got);
        return json.set("changed", EdgeJson.cells(row.changed()));
    }

    static EdgeResult of(JsonNode json) {
        var row = new EdgeRow(
                EdgeClass.of(json.path("class").asText()).orElseThrow(),
                json.path("base").asInt(),
                EdgeJson.cells(json.path("changed")));
        return new EdgeResult(
                row,
                Outcome.valueOf(json.path("outcome").asText()),
                json.path("admitted").asBoolean(),
                json.path("expected").asText(),
                json.path("got").asText());
    }
}
