package org.millwright.web.ui;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.millwright.scoring.ConstraintsJson;

/**
 * What the hand-off check found on edge rows, as a table by class.
 *
 * @param columns how many columns were changed, {@code of} how many
 * @param narrowed what the signature was narrowed to, a column each, such as {@code wind not null}
 * @param proposed the same of what is proposed
 * @param proposalHelps whether the proposal can be accepted
 * @param accepted who accepted a proposal, "" when nobody did
 */
public record EdgeTable(
        long rows,
        int columns,
        int of,
        List<Row> classes,
        List<String> narrowed,
        List<String> proposed,
        boolean proposalHelps,
        String accepted,
        long acceptedAt,
        String reason) {
    /** Rows of one class. */
    public record Row(
            String name,
            long rows,
            long agree,
            long bothRefuse,
            long differ,
            long onlyPython,
            long onlyJava,
            long notAdmitted,
            double rate,
            boolean blocks,
            List<Example> examples) {
        /** In how many rows a caller gets something else than from the original. */
        public boolean surprises() {
            return rate > 0;
        }
    }

    /** One row that differs. */
    public record Example(String row, String outcome, boolean blocks, String expected, String got) {}

    /** Whether any class blocks a release. */
    public boolean blocks() {
        return classes.stream().anyMatch(Row::blocks);
    }

    /** All rows that differ, with the name of their class. */
    public List<Row> differing() {
        return classes.stream().filter(row -> !row.examples().isEmpty()).toList();
    }

    static EdgeTable of(JsonNode edges) {
        var classes = new ArrayList<Row>();
        edges.path("classes").forEach(row -> classes.add(row(row)));
        JsonNode proposal = edges.path("proposal");
        JsonNode accepted = edges.path("accepted");
        return new EdgeTable(
                edges.path("rows").asLong(),
                edges.path("columns").asInt(),
                edges.path("ofColumns").asInt(),
                classes,
                words(edges.path("narrowed")),
                words(proposal.path("columns")),
                proposal.path("resolves").asBoolean()
                        && proposal.path("recordedRefused").asLong() == 0,
                accepted.path("by").asText(""),
                accepted.path("at").asLong(),
                accepted.path("reason").asText(""));
    }

    private static Row row(JsonNode row) {
        var examples = new ArrayList<Example>();
        row.path("examples")
                .forEach(example -> examples.add(new Example(
                        example.path("row").asText(),
                        example.path("outcome").asText(),
                        example.path("blocks").asBoolean(),
                        example.path("expected").asText(),
                        example.path("got").asText())));
        return new Row(
                row.path("class").asText(),
                row.path("rows").asLong(),
                row.path("agree").asLong(),
                row.path("bothRefuse").asLong(),
                row.path("differ").asLong(),
                row.path("onlyPythonRefuses").asLong(),
                row.path("onlyJavaRefuses").asLong(),
                row.path("notAdmitted").asLong(),
                row.path("rate").asDouble(),
                row.path("blocks").asBoolean(),
                examples);
    }

    private static List<String> words(JsonNode columns) {
        var words = new ArrayList<String>();
        new TreeMap<>(ConstraintsJson.readAll(columns))
                .forEach((column, constraints) -> words.add(column + " " + constraints.text()));
        return words;
    }
}
