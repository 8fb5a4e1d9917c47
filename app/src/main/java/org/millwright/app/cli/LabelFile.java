package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.millwright.dataset.Column;
import org.millwright.dataset.OpenTable;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.kernel.Yaml;
import org.millwright.scoring.Frame;

/** Outcomes in a CSV or Parquet file: one row each. */
final class LabelFile {
    private static final int MOST = 5_000_000;
    private static final int SHOWN = 10;
    /** What a server takes at once. */
    private static final int TOGETHER = 50_000;

    private static final List<String> SUMS = List.of("received", "joined", "pending", "duplicates", "contradicted");

    private final Frame frame;
    private final int id;
    private final int value;
    private final int time;
    private final List<String> attributes;

    private LabelFile(Frame frame, String id, String value, Optional<String> time, List<String> attributes) {
        this.frame = frame;
        this.attributes = attributes;
        this.id = frame.position(id);
        this.value = frame.position(value);
        this.time = time.map(frame::position).orElse(-1);
    }

    static LabelFile read(Path file, String id, String value, Optional<String> time, List<String> attributes) {
        try (var files = new TableFiles();
                OpenTable table = files.open(file, TableFiles.MISSING)) {
            List<String> there = table.columns().stream().map(Column::name).toList();
            Set<String> wanted = new LinkedHashSet<>(List.of(id, value));
            time.ifPresent(wanted::add);
            wanted.addAll(attributes);
            for (String name : wanted) {
                if (!there.contains(name)) {
                    throw new Problem.Invalid(
                            "No column '" + name + "' in " + file.getFileName()
                                    + Yaml.nearest(name, there)
                                            .map(near -> "; did you mean '" + near + "'?")
                                            .orElse("")
                                    + " (it has: " + String.join(", ", there) + ")",
                            "Name the columns by --id, --value, --time and --attributes.");
                }
            }
            if (table.rows() > MOST) {
                throw new Problem.TooLarge(
                        file.getFileName() + " has " + Texts.count(table.rows()) + " rows (at most " + Texts.count(MOST)
                                + ")",
                        "Split it.");
            }
            return new LabelFile(table.read(List.copyOf(wanted)), id, value, time, attributes);
        }
    }

    /** The outcomes that are known, in parts that a server takes; refuses all when a row is malformed. */
    List<ArrayNode> parts() {
        List<ArrayNode> parts = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (int row = 0; row < frame.rows() && wrong.size() < SHOWN; row++) {
            Object outcome = frame.value(value, row);
            if (outcome == null || outcome instanceof Double number && number.isNaN()) {
                continue;
            }
            String name = text(frame.value(id, row));
            if (name == null || name.isEmpty()) {
                wrong.add("row " + (row + 1) + ": no id");
                continue;
            }
            if (parts.isEmpty() || parts.getLast().size() == TOGETHER) {
                parts.add(Json.array());
            }
            ObjectNode label = parts.getLast().addObject().put("id", name);
            label.set("value", Json.tree(outcome));
            describe(label, row);
            Object at = time < 0 ? null : frame.value(time, row);
            if (at != null) {
                label.set("time", at instanceof Number number ? Json.tree(number.longValue()) : Json.tree(iso(at)));
            }
        }
        if (!wrong.isEmpty()) {
            throw new Problem.Invalid(String.join("; ", wrong), "Nothing was sent: correct them and send all again.");
        }
        return parts;
    }

    private void describe(ObjectNode label, int row) {
        for (String name : attributes) {
            String known = text(frame.value(frame.position(name), row));
            if (known != null) {
                label.withObject("/attributes").put(name, known);
            }
        }
    }

    private static @Nullable String text(@Nullable Object value) {
        boolean whole = value instanceof Double real && real == Math.rint(real) && Math.abs(real) < 1L << 53;
        return value == null ? null : whole ? Long.toString(((Double) value).longValue()) : value.toString();
    }

    /** Times without a zone are UTC's, days begin at midnight. */
    private static String iso(Object time) {
        String text = time.toString().replace(' ', 'T');
        if (text.matches("\\d{4}-\\d\\d-\\d\\d")) {
            return text + "T00:00:00Z";
        }
        return text.matches(".*(Z|[+-]\\d\\d(:?\\d\\d)?)") && text.contains("T") ? text : text + "Z";
    }

    /** Rows without a value: their outcome is not known yet. */
    int unknown(List<ArrayNode> parts) {
        return frame.rows() - parts.stream().mapToInt(ArrayNode::size).sum();
    }

    /** What became of all parts together. */
    static ObjectNode sum(List<JsonNode> answers) {
        ObjectNode sum = Json.object();
        SUMS.forEach(field -> sum.put(
                field,
                answers.stream()
                        .mapToLong(answer -> answer.path(field).asLong())
                        .sum()));
        for (String field : List.of("unknown", "contradictions", "unusedAttributes")) {
            ArrayNode some = sum.putArray(field);
            answers.forEach(answer -> answer.path(field).forEach(each -> {
                if (some.size() < SHOWN) {
                    some.add(each);
                }
            }));
        }
        ObjectNode classes = sum.putObject("unknownClasses");
        answers.forEach(answer -> answer.path("unknownClasses")
                .properties()
                .forEach(entry -> classes.put(
                        entry.getKey(),
                        classes.path(entry.getKey()).asLong() + entry.getValue().asLong())));
        return sum;
    }
}
