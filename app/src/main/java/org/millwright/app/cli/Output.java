package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * Writes a command's data: tables for people; JSON, YAML, CSV and bare names for programs.
 *
 * <p>A column is {@code HEADER=path.to.value} or just {@code path}, whose last word is then the header; the first column
 * is the name. A value {@code at:path} holds milliseconds since the epoch, or a time of ISO 8601,
 * and is shown as UTC; of {@code through:path}, the end of a deadline's last day, that day is shown.
 *
 * @param width columns of the terminal that shows it; 0 when none does
 */
record Output(PrintWriter out, Form form, int width) {
    /** How data are written. */
    enum Form {
        TABLE,
        JSON,
        YAML,
        CSV,
        NAME;

        static Form of(String text) {
            for (Form form : values()) {
                if (form.toString().equals(text)) {
                    return form;
                }
            }
            throw new Problem.Invalid("MW_OUTPUT: '" + text + "' (expected: table, json, yaml, csv or name)");
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    void list(JsonNode rows, String... columns) {
        List<Column> parsed = java.util.Arrays.stream(columns).map(Column::of).toList();
        switch (form) {
            case JSON -> json(rows);
            case YAML -> yaml(rows);
            case CSV -> csv(rows, parsed);
            case NAME -> rows.forEach(row -> out.println(parsed.getFirst().value(row)));
            case TABLE -> table(rows, parsed);
        }
        out.flush();
    }

    void show(JsonNode thing, String... fields) {
        List<Column> parsed = java.util.Arrays.stream(fields).map(Column::of).toList();
        switch (form) {
            case JSON -> json(thing);
            case YAML -> yaml(thing);
            case CSV -> csv(Json.array().add(thing), parsed);
            case NAME -> out.println(parsed.getFirst().value(thing));
            case TABLE -> {
                int wide = parsed.stream()
                        .mapToInt(column -> column.header().length())
                        .max()
                        .orElse(0);
                for (Column column : parsed) {
                    String value = column.told(thing);
                    if (!value.isEmpty()) {
                        out.println(TableText.pad(column.header(), wide, false) + "  " + value);
                    }
                }
            }
        }
        out.flush();
    }

    /** Kubernetes manifests, in the forms that its tools read. */
    void documents(List<ObjectNode> documents) {
        switch (form) {
            case JSON -> {
                ObjectNode list = Json.object().put("apiVersion", "v1").put("kind", "List");
                json(list.set("items", Json.array().addAll(documents)));
            }
            case NAME, CSV ->
                documents.forEach(each -> out.println(each.path("kind").asText() + "/"
                        + each.at("/metadata/name").asText()));
            case TABLE, YAML ->
                documents.forEach(each -> {
                    out.println("---");
                    yaml(each);
                });
        }
        out.flush();
    }

    private void json(JsonNode value) {
        out.println(value.toPrettyString());
    }

    private void yaml(JsonNode value) {
        var settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setSplitLines(false)
                .build();
        out.print(new Dump(settings).dumpToString(Json.mapper().convertValue(value, Object.class)));
    }

    private void csv(JsonNode rows, List<Column> columns) {
        out.println(String.join(",", columns.stream().map(Column::header).toList()));
        for (JsonNode row : rows) {
            out.println(String.join(
                    ",",
                    columns.stream().map(column -> quoted(column.value(row))).toList()));
        }
    }

    private static String quoted(String text) {
        return text.matches("[^,\"\\r\\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    private void table(JsonNode rows, List<Column> columns) {
        var cells = new ArrayList<List<String>>();
        rows.forEach(row ->
                cells.add(columns.stream().map(column -> column.told(row)).toList()));
        TableText.lines(columns.stream().map(Column::header).toList(), cells, width)
                .forEach(out::println);
    }

    /** One value of a row, and what it is called. */
    record Column(String header, List<String> path, boolean time, boolean through) {
        static Column of(String text) {
            int equals = text.indexOf('=');
            String path = text.substring(equals + 1);
            boolean time = path.startsWith("at:");
            boolean through = path.startsWith("through:");
            List<String> words = List.of(
                    path.substring(time || through ? path.indexOf(':') + 1 : 0).split("\\."));
            String header = equals < 0 ? words.getLast() : text.substring(0, equals);
            return new Column(header.toUpperCase(Locale.ROOT), words, time, through);
        }

        /** The value for people: of a map such as a model's aliases {@code champion=3 previous=2}. */
        String told(JsonNode row) {
            JsonNode value = at(row);
            return value.isObject()
                    ? value.properties().stream()
                            .map(field -> field.getKey() + "=" + text(field.getValue()))
                            .collect(Collectors.joining(" "))
                    : value(row);
        }

        private JsonNode at(JsonNode row) {
            JsonNode value = row;
            for (String word : path) {
                value = value.path(word);
            }
            return value;
        }

        String value(JsonNode row) {
            JsonNode value = at(row);
            if (value.isMissingNode() || value.isNull()) {
                return "";
            }
            if (through) {
                return Texts.time(value.asLong() - 1).substring(0, "2026-12-31".length());
            }
            if (time) {
                return value.isNumber() ? Texts.time(value.asLong()) : Texts.time(value.asText());
            }
            return switch (value.getNodeType()) {
                case ARRAY -> joined(value);
                case OBJECT -> value.toString();
                default -> value.asText();
            };
        }

        private static String joined(JsonNode values) {
            var words = new ArrayList<String>();
            values.forEach(value -> words.add(text(value)));
            return String.join(" ", words);
        }

        private static String text(JsonNode value) {
            return value.isValueNode() ? value.asText() : value.toString();
        }
    }
}
