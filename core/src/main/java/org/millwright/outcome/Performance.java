package org.millwright.outcome;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.millwright.kernel.Json;
import org.millwright.scoring.metrics.RegressionMetrics.Estimate;

/**
 * How well a version predicted in a window, by the outcomes known so far. Errors are in the label's unit.
 *
 * @param classes of a classifier; the positive one of two is the last
 * @param baseline what {@code skill} compares with: the mean of the training labels, or the number of a class in
 *     {@code classes}; NaN when unknown
 * @param confusion rows by true class, then by predicted class; empty when the classes are many
 * @param unknownClasses outcomes of classes that the version does not know, which no metric counts
 * @param segments every column that the agreement splits by, the largest segments first
 * @param bias of the decisions by the columns that the agreement names
 */
public record Performance(
        Task task,
        Scores overall,
        List<String> classes,
        double baseline,
        List<List<Long>> confusion,
        Map<String, Long> unknownClasses,
        List<Segment> segments,
        List<Bias> bias) {

    public Performance {
        classes = List.copyOf(classes);
        confusion = List.copyOf(confusion);
        unknownClasses = java.util.Collections.unmodifiableMap(new TreeMap<>(unknownClasses));
        segments = List.copyOf(segments);
        bias = List.copyOf(bias);
    }

    /**
     * The rows that have these values.
     *
     * @param by the columns
     * @param value theirs, joined when there are several
     */
    public record Segment(List<String> by, String value, Scores scores) {
        public Segment {
            by = List.copyOf(by);
        }

        public String name() {
            return String.join(" × ", by);
        }

        public ObjectNode toJson() {
            ObjectNode json = Json.object();
            json.set("by", Json.tree(by));
            json.put("value", value);
            scores.into(json);
            return json;
        }
    }

    /** Predictions whose outcome is known. */
    public long n() {
        return overall.n();
    }

    /** Their share of all predictions, 0 to 1. */
    public double coverage() {
        return overall.coverage();
    }

    /** The metric of that name with its 95 % interval, whose bounds are NaN where none is known. */
    public Estimate metric(String name) {
        return overall.metric(name);
    }

    /** The rows with these values of columns; empty when there are none. */
    public Optional<Segment> segment(Map<String, String> values) {
        var sorted = new TreeMap<>(values);
        return segments.stream()
                .filter(segment -> segment.by().size() == sorted.size()
                        && sorted.keySet().containsAll(segment.by())
                        && segment.value()
                                .equals(String.join(
                                        " × ",
                                        segment.by().stream().map(sorted::get).toList())))
                .findFirst();
    }

    /** The bias by these columns. */
    public Optional<Bias> bias(List<String> by) {
        return bias.stream().filter(found -> found.by().equals(by)).findFirst();
    }

    /** All outcomes of classes that the version does not know. */
    public long unknown() {
        return unknownClasses.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The figures as JSON; what is not finite is left out. */
    public ObjectNode toJson() {
        ObjectNode json = overallJson();
        if (!segments.isEmpty()) {
            ArrayNode list = json.putArray("segments");
            segments.forEach(segment -> list.add(segment.toJson()));
        }
        if (!bias.isEmpty()) {
            ArrayNode list = json.putArray("fairness");
            bias.forEach(each -> list.add(each.toJson()));
        }
        return json;
    }

    /** The same without segments and bias. */
    public ObjectNode overallJson() {
        ObjectNode json = Json.object().put("task", task.text());
        overall.into(json);
        if (task == Task.REGRESSION) {
            Scores.put(json, "bias", metric("bias").value());
        }
        Scores.put(json, "baseline", baseline);
        if (!classes.isEmpty()) {
            json.set("classes", Json.tree(classes));
        }
        if (!confusion.isEmpty()) {
            json.set("confusion", Json.tree(confusion));
        }
        if (!unknownClasses.isEmpty()) {
            json.set("unknownClasses", Json.tree(unknownClasses));
        }
        return json;
    }

    public static Performance fromJson(JsonNode json) {
        List<Segment> segments = new ArrayList<>();
        json.path("segments")
                .forEach(node -> segments.add(
                        new Segment(texts(node.path("by")), node.path("value").asText(), Scores.from(node))));
        List<Bias> bias = new ArrayList<>();
        json.path("fairness").forEach(node -> bias.add(Bias.from(node)));
        List<List<Long>> confusion = new ArrayList<>();
        json.path("confusion").forEach(row -> {
            List<Long> counts = new ArrayList<>();
            row.forEach(count -> counts.add(count.asLong()));
            confusion.add(counts);
        });
        Map<String, Long> unknown = new TreeMap<>();
        json.path("unknownClasses")
                .properties()
                .forEach(field -> unknown.put(field.getKey(), field.getValue().asLong()));
        return new Performance(
                Task.valueOf(json.path("task").asText("regression").toUpperCase(java.util.Locale.ROOT)),
                Scores.from(json),
                texts(json.path("classes")),
                json.path("baseline").asDouble(Double.NaN),
                confusion,
                unknown,
                segments,
                bias);
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
