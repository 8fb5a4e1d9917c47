package org.millwright.registry.handoff;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.millwright.kernel.Json;
import org.millwright.registry.handoff.EdgeResult.Outcome;
import org.millwright.scoring.Constraints;
import org.millwright.scoring.Signature;

/**
 * What became of all edge rows of a version.
 *
 * @param columns how many columns were changed, {@code of} how many
 */
public record EdgeReport(List<EdgeResult> results, int columns, int of) {
    /** Rows of a class that are listed, those that block first. */
    public static final int EXAMPLES = 10;

    public EdgeReport {
        results = List.copyOf(results);
    }

    /** The rows of one class. */
    public record Tally(EdgeClass kind, List<EdgeResult> results) {
        /** Rows with that outcome. */
        public long count(Outcome outcome) {
            return results.stream()
                    .filter(result -> result.outcome() == outcome)
                    .count();
        }

        /** Rows that the signature refuses. */
        public long refused() {
            return results.stream().filter(result -> !result.admitted()).count();
        }

        public boolean blocks() {
            return results.stream().anyMatch(EdgeResult::blocks);
        }

        /** Share of the rows that the signature takes and that are answered otherwise than by the original. */
        public double rate() {
            long taken = results.size() - refused();
            long other = results.stream()
                    .filter(result -> result.admitted() && !result.outcome().same())
                    .count();
            return taken == 0 ? 0 : (double) other / taken;
        }

        private List<EdgeResult> examples() {
            var examples = new ArrayList<EdgeResult>();
            results.stream().filter(EdgeResult::blocks).forEach(examples::add);
            results.stream()
                    .filter(result -> !result.blocks() && !result.outcome().same() && result.admitted())
                    .forEach(examples::add);
            results.stream().filter(result -> !result.admitted()).forEach(examples::add);
            return examples.subList(0, Math.min(EXAMPLES, examples.size()));
        }

        private ObjectNode json() {
            ObjectNode json = Json.object().put("class", kind.text()).put("rows", results.size());
            json.put("agree", count(Outcome.AGREES)).put("bothRefuse", count(Outcome.BOTH_REFUSE));
            json.put("differ", count(Outcome.DIFFERS))
                    .put("onlyPythonRefuses", count(Outcome.ONLY_PYTHON_REFUSES))
                    .put("onlyJavaRefuses", count(Outcome.ONLY_JAVA_REFUSES));
            json.put("notAdmitted", refused())
                    .put("rate", Math.round(rate() * 1e4) / 1e4)
                    .put("blocks", blocks());
            ArrayNode list = json.putArray("examples");
            examples()
                    .forEach(example -> list.addObject()
                            .put(
                                    "row",
                                    "recorded row " + example.row().base() + " with "
                                            + example.row().text())
                            .put("outcome", example.outcome().text())
                            .put("blocks", example.blocks())
                            .put("expected", example.expected())
                            .put("got", example.got()));
            return json;
        }
    }

    /** By class, in the classes' order. */
    public List<Tally> tallies() {
        var byClass = new EnumMap<EdgeClass, List<EdgeResult>>(EdgeClass.class);
        results.forEach(result -> byClass.computeIfAbsent(result.row().kind(), kind -> new ArrayList<>())
                .add(result));
        return byClass.entrySet().stream()
                .map(entry -> new Tally(entry.getKey(), entry.getValue()))
                .toList();
    }

    /** Names of the classes that block a release. */
    public List<String> blocking() {
        return tallies().stream()
                .filter(Tally::blocks)
                .map(tally -> tally.kind().text())
                .toList();
    }

    /** The same evidence judged under a signature whose columns take less. */
    public EdgeReport under(Signature signature, Map<String, Constraints> columns) {
        Signature narrowed = signature.narrowed(columns);
        return new EdgeReport(
                results.stream().map(result -> result.under(narrowed)).toList(), this.columns, of);
    }

    /** What people and gates see; the rows themselves are in {@link #evidence}. */
    public ObjectNode json() {
        ObjectNode json = Json.object()
                .put("rows", results.size())
                .put("columns", columns)
                .put("ofColumns", of);
        json.set("blocking", Json.tree(blocking()));
        ArrayNode classes = json.putArray("classes");
        tallies().forEach(tally -> classes.add(tally.json()));
        return json;
    }

    /** Every row with its result, from which {@link #of} makes the report again. */
    public byte[] evidence() {
        ObjectNode json = Json.object().put("columns", columns).put("ofColumns", of);
        ArrayNode rows = json.putArray("rows");
        results.forEach(result -> rows.add(result.json()));
        return Json.bytes(json);
    }

    /** Reads {@link #evidence}. */
    public static EdgeReport of(byte[] evidence) {
        JsonNode json = Json.parse(evidence);
        var results = new ArrayList<EdgeResult>();
        json.path("rows").forEach(row -> results.add(EdgeResult.of(row)));
        return new EdgeReport(
                results, json.path("columns").asInt(), json.path("ofColumns").asInt());
    }
}
