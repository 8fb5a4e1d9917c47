package org.millwright.evidence;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.millwright.identity.Role;
import org.millwright.kernel.Json;
import org.millwright.kernel.Yaml;

/**
 * Which records answer what a framework asks.
 *
 * @param source what was read to make it
 * @param text the file itself
 */
public record FrameworkMap(
        String framework,
        String title,
        String version,
        String date,
        String source,
        String note,
        List<Item> items,
        String text) {
    private static final int MOST_ITEMS = 500;
    private static final int MOST_RECORDS = 30;

    public FrameworkMap {
        items = List.copyOf(items);
    }

    /**
     * One thing that the framework asks.
     *
     * @param records names of the queries that answer it
     * @param owes the role that sees to it where they do not
     */
    public record Item(String id, String title, List<String> records, Role owes) {
        public Item {
            records = List.copyOf(records);
        }
    }

    /** Hex SHA-256 of the file. */
    public String digest() {
        return Json.sha256(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    /** Reads a map's file; one {@link org.millwright.kernel.Problem.Invalid} names every mistake with its line. */
    static FrameworkMap parse(String file, String text) {
        Yaml.Value root = Yaml.parse(file, text)
                .only("apiVersion", "kind", "framework", "title", "version", "date", "source", "note", "items");
        if (!root.text("apiVersion").equals("millwright/v1")
                || !root.text("kind").equals("FrameworkMap")) {
            root.error("expected apiVersion: millwright/v1 and kind: FrameworkMap");
        }
        String framework = root.text("framework");
        if (!framework.matches("[a-z0-9][a-z0-9-]{0,62}")) {
            root.error("framework: '" + framework + "' (expected: small letters, digits and hyphens)");
        }
        String date = root.text("date");
        if (!date.matches("\\d{4}-\\d{2}-\\d{2}")) {
            root.error("date: '" + date + "' (expected: such as 2026-11-30)");
        }
        var map = new FrameworkMap(
                framework,
                root.text("title"),
                root.text("version"),
                date,
                root.text("source"),
                root.text("note", ""),
                items(root),
                text);
        root.finish();
        return map;
    }

    private static List<Item> items(Yaml.Value root) {
        var items = new ArrayList<Item>();
        Set<String> ids = new HashSet<>();
        List<Yaml.Value> values = root.need("items").map(Yaml.Value::items).orElse(List.of());
        if (values.size() > MOST_ITEMS) {
            root.error(values.size() + " items (expected: at most " + MOST_ITEMS + ")");
            return items;
        }
        for (Yaml.Value value : values) {
            value.only("id", "title", "records", "owes");
            Item item = item(value);
            if (!ids.add(item.id())) {
                value.error("id '" + item.id() + "' occurs twice");
            }
            items.add(item);
        }
        return items;
    }

    private static Item item(Yaml.Value value) {
        List<String> records = value.texts("records");
        if (records.isEmpty() || records.size() > MOST_RECORDS) {
            value.error("records: " + records.size() + " names (expected: 1 to " + MOST_RECORDS + ")");
        }
        for (String name : records) {
            if (!Queries.names().contains(name)) {
                value.error("no query '" + name + "'"
                        + Yaml.nearest(name, Queries.names())
                                .map(near -> "; did you mean '" + near + "'?")
                                .orElse("")
                        + " (known: " + String.join(", ", Queries.names()) + ")");
            }
        }
        String id = value.text("id");
        if (!id.matches("[a-z0-9][a-z0-9.-]{0,62}")) {
            value.error("id: '" + id + "' (expected: small letters, digits, dots and hyphens)");
        }
        return new Item(id, value.text("title"), records, role(value));
    }

    private static Role role(Yaml.Value value) {
        String text = value.text("owes");
        try {
            return Role.of(text);
        } catch (org.millwright.kernel.Problem.Invalid e) {
            value.error(String.valueOf(e.getMessage()));
            return Role.ADMIN;
        }
    }
}
