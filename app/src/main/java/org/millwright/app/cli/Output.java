package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.millwright.kernel.Json;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** Writes data to standard output in the form asked for. */
final class Output {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());
    private static final int WIDEST = 72;

    private final Form form;
    private final PrintWriter out;

    Output(Form form, PrintWriter out) {
        this.form = form;
        this.out = out;
    }

    /** How data is written. */
    enum Form {
        TABLE,
        JSON,
        YAML,
        CSV,
        NAME
    }

    boolean isTable() {
        return form == Form.TABLE;
    }

    PrintWriter writer() {
        return out;
    }

    /** Writes a list; tables and CSV show the columns named, NAME the first of them. */
    void list(JsonNode items, String... columns) {
        switch (form) {
            case JSON -> out.println(pretty(items));
            case YAML -> out.print(yaml(items));
            case CSV -> csv(items, columns);
            case NAME -> items.forEach(item -> out.println(cell(item, columns[0])));
            case TABLE -> table(items, columns);
        }
        out.flush();
    }

    /** Writes one thing; as a table, its single-valued fields one a line. */
    void one(JsonNode item, String name) {
        switch (form) {
            case JSON -> out.println(pretty(item));
            case YAML -> out.print(yaml(item));
            case NAME -> out.println(cell(item, name));
            case CSV, TABLE ->
                item.properties().stream()
                        .filter(field -> !field.getValue().isContainerNode())
                        .forEach(field -> out.printf("%-14s %s%n", field.getKey(), cell(item, field.getKey())));
        }
        out.flush();
    }

    void line(String text) {
        out.println(text);
        out.flush();
    }

    private void table(JsonNode items, String... columns) {
        var rows = new ArrayList<List<String>>();
        rows.add(List.of(columns).stream()
                .map(column -> column.toUpperCase(java.util.Locale.ROOT))
                .toList());
        items.forEach(item -> rows.add(
                List.of(columns).stream().map(column -> cut(cell(item, column))).toList()));
        var widths = new int[columns.length];
        for (List<String> row : rows) {
            for (int i = 0; i < columns.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            var line = new StringBuilder();
            for (int i = 0; i < columns.length; i++) {
                line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private void csv(JsonNode items, String... columns) {
        out.println(String.join(",", columns));
        items.forEach(item -> out.println(List.of(columns).stream()
                .map(column -> quoted(cell(item, column)))
                .collect(Collectors.joining(","))));
    }

    private static String quoted(String text) {
        return text.matches("[^\",\r\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    private static String cut(String text) {
        String line = text.lines().findFirst().orElse("");
        return line.length() > WIDEST ? line.substring(0, WIDEST - 1) + "…" : line;
    }

    private static String cell(JsonNode item, String column) {
        JsonNode node = item.at("/" + column.replace('.', '/'));
        if (node.isMissingNode() || node.isNull()) {
            return "";
        }
        if (column.endsWith("At") && node.isIntegralNumber()) {
            return TIME.format(Instant.ofEpochMilli(node.longValue()));
        }
        if (node.isArray()) {
            var texts = new ArrayList<String>();
            node.forEach(value -> texts.add(value.isContainerNode() ? Json.write(value) : value.asText()));
            return String.join(",", texts);
        }
        if (node.isObject()) {
            return node.properties().stream()
                    .map(field -> field.getKey() + "=" + field.getValue().asText())
                    .collect(Collectors.joining(" "));
        }
        return node.asText();
    }

    private static String pretty(JsonNode node) {
        return node.toPrettyString();
    }

    private static String yaml(JsonNode node) {
        Object plain = Json.convert(node, Object.class);
        return new Dump(DumpSettings.builder()
                        .setDefaultFlowStyle(FlowStyle.BLOCK)
                        .build())
                .dumpToString(plain);
    }
}
