package org.millwright.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** A record as facts and tables: what every readable form of a card or a pack shows. */
public record Sheet(List<Fact> facts, List<Table> tables, String text) {
    private static final Pattern REF = Pattern.compile(
            "(model|dataset|run|project|deployment|environment|alert|release|approval|agreement):[^\\s,]+");
    private static final long YEAR_2000 = 946_684_800_000L;

    /** A value with its name. */
    public record Fact(String name, Cell value) {}

    /**
     * A value as people read it.
     *
     * @param ref asset reference when it is one, "" otherwise
     */
    public record Cell(String text, String ref, boolean number) {}

    /** Values in rows. */
    public record Table(String name, List<String> columns, List<List<Cell>> rows) {}

    /** Of a record: its values as facts, its lists of objects as tables, a long {@code text} as it is. */
    public static Sheet of(JsonNode record) {
        var facts = new ArrayList<Fact>();
        var tables = new ArrayList<Table>();
        record.properties().forEach(field -> {
            if (!field.getKey().equals("text")) {
                add("", field.getKey(), field.getValue(), facts, tables);
            }
        });
        return new Sheet(facts, tables, record.path("text").asText());
    }

    private static void add(String before, String key, JsonNode value, List<Fact> facts, List<Table> tables) {
        String name = before.isEmpty() ? words(key) : before + " · " + words(key);
        if (value.isObject()) {
            value.properties().forEach(field -> add(name, field.getKey(), field.getValue(), facts, tables));
        } else if (value.isArray() && value.path(0).isObject()) {
            tables.add(table(name, value));
        } else {
            Cell cell = cell(key, value);
            if (!cell.text().isEmpty()) {
                facts.add(new Fact(name, cell));
            }
        }
    }

    private static Table table(String name, JsonNode array) {
        Set<String> keys = new LinkedHashSet<>();
        array.forEach(row -> row.fieldNames().forEachRemaining(keys::add));
        keys.removeIf(key -> {
            for (JsonNode row : array) {
                if (!cell(key, row.path(key)).text().isEmpty()) {
                    return false;
                }
            }
            return true;
        });
        var rows = new ArrayList<List<Cell>>();
        array.forEach(row ->
                rows.add(keys.stream().map(key -> cell(key, row.path(key))).toList()));
        return new Table(name, keys.stream().map(Sheet::words).toList(), rows);
    }

    private static Cell cell(String key, JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return new Cell("", "", false);
        }
        if (value.isContainerNode()) {
            var parts = new ArrayList<String>();
            value.properties()
                    .forEach(field -> parts.add(words(field.getKey()) + " "
                            + cell(field.getKey(), field.getValue()).text()));
            if (value.isArray()) {
                value.forEach(item -> parts.add(cell("", item).text()));
            }
            return new Cell(String.join(", ", parts), "", false);
        }
        if (value.isBoolean()) {
            return new Cell(value.booleanValue() ? "yes" : "no", "", false);
        }
        if (value.isNumber()) {
            boolean time = (key.equals("at") || key.endsWith("At")) && value.asLong() > YEAR_2000;
            return new Cell(time ? time(value.asLong()) : number(value), "", !time);
        }
        String text = value.asText();
        return new Cell(text, REF.matcher(text).matches() ? text : "", false);
    }

    /** {@code riskTier} as {@code Risk tier}. */
    static String words(String key) {
        String spaced =
                key.replaceAll("([a-z0-9])([A-Z])", "$1 $2").replace('_', ' ').replace('-', ' ');
        return spaced.isEmpty()
                ? spaced
                : spaced.substring(0, 1).toUpperCase(Locale.ROOT)
                        + spaced.substring(1).toLowerCase(Locale.ROOT);
    }

    /** Whole numbers as they are, others to six digits. */
    static String number(JsonNode value) {
        if (value.isIntegralNumber()) {
            return value.asText();
        }
        double number = value.doubleValue();
        if (!Double.isFinite(number)) {
            return "–";
        }
        if (number == Math.rint(number) && Math.abs(number) < 1e15) {
            return Long.toString((long) number);
        }
        String text = String.format(Locale.ROOT, "%.6g", number);
        return text.contains("e") ? text : text.replaceAll("0+$", "").replaceAll("\\.$", "");
    }

    static String time(long millis) {
        return Instant.ofEpochMilli(millis)
                .toString()
                .replaceFirst("\\.\\d+Z$", "Z")
                .replace('T', ' ');
    }

    static String day(long millis) {
        return Instant.ofEpochMilli(millis).toString().substring(0, 10);
    }
}
