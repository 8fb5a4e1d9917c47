package org.millwright.kernel;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A YAML document whose values know their line, and the list of everything wrong with it.
 *
 * <p>Readers ask for what they expect; what is missing, of the wrong kind or unknown is collected, so that one {@link
 * #finish()} reports all mistakes of a file at once, each as {@code file:line: what is wrong (expected …)}.
 */
public final class Yaml {
    private final String file;
    private final List<String> errors = new ArrayList<>();

    private Yaml(String file) {
        this.file = file;
    }

    /** Parses the text of a file; only syntax errors throw here. */
    public static Value parse(String file, String text) {
        var yaml = new Yaml(file);
        try {
            var settings = LoadSettings.builder()
                    .setLabel(file)
                    .setAllowDuplicateKeys(false)
                    .setMaxAliasesForCollections(50)
                    .setCodePointLimit(4 * 1024 * 1024)
                    .build();
            Optional<Node> root = new Compose(settings).composeString(text);
            return root.map(node -> yaml.new Value(node, ""))
                    .orElseThrow(() -> new Problem.Invalid(file + ":1: the file is empty"));
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            throw new Problem.Invalid(file + ":" + line + ": not valid YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw new Problem.Invalid(file + ": not valid YAML: " + e.getMessage());
        }
    }

    /** One value of the document, with the path that leads to it. */
    public final class Value {
        private final Node node;
        private final String path;
        private @Nullable Map<String, Value> fields;

        private Value(Node node, String path) {
            this.node = node;
            this.path = path;
        }

        /** Line of the value in the file, from 1. */
        public int line() {
            return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
        }

        public boolean isMap() {
            return node instanceof MappingNode;
        }

        public boolean isList() {
            return node instanceof SequenceNode;
        }

        public boolean isScalar() {
            return node instanceof ScalarNode;
        }

        /** Notes a mistake at this value. */
        public void error(String message) {
            errors.add(file + ":" + line() + ": " + (path.isEmpty() ? "" : path + ": ") + message);
        }

        /** The fields of a map in order; an error and nothing when this is no map. */
        public Map<String, Value> fields() {
            if (fields == null) {
                fields = new LinkedHashMap<>();
                if (node instanceof MappingNode map) {
                    for (var tuple : map.getValue()) {
                        String key = tuple.getKeyNode() instanceof ScalarNode k ? k.getValue() : "?";
                        fields.put(key, new Value(tuple.getValueNode(), path.isEmpty() ? key : path + "." + key));
                    }
                } else {
                    error("expected a map of keys and values");
                }
            }
            return fields;
        }

        /** Reports each key that is not among those known, with the nearest known one. */
        public Value only(String... known) {
            fields().forEach((key, value) -> {
                if (!List.of(known).contains(key)) {
                    String hint = nearest(key, List.of(known))
                            .map(k -> "; did you mean '" + k + "'?")
                            .orElse("");
                    value.error("unknown key '" + key + "'" + hint + " (known: " + String.join(", ", known) + ")");
                }
            });
            return this;
        }

        public boolean has(String key) {
            return fields().containsKey(key);
        }

        public Optional<Value> get(String key) {
            return Optional.ofNullable(fields().get(key));
        }

        /** A field that must be there; reports it and returns empty when it is not. */
        public Optional<Value> need(String key) {
            Value value = fields().get(key);
            if (value == null) {
                error("missing key '" + key + "'");
            }
            return Optional.ofNullable(value);
        }

        public String text(String key) {
            return need(key).map(Value::asText).orElse("");
        }

        public String text(String key, String fallback) {
            return get(key).map(Value::asText).orElse(fallback);
        }

        public double number(String key, double fallback) {
            return get(key).map(value -> value.asNumber(fallback)).orElse(fallback);
        }

        public int integer(String key, int fallback) {
            return get(key).map(value -> {
                        double number = value.asNumber(fallback);
                        if (number != Math.rint(number) || Math.abs(number) > Integer.MAX_VALUE) {
                            value.error("expected a whole number, got '" + value.asText() + "'");
                            return fallback;
                        }
                        return (int) number;
                    })
                    .orElse(fallback);
        }

        public boolean flag(String key, boolean fallback) {
            return get(key).map(value -> switch (value.asText()) {
                        case "true" -> true;
                        case "false" -> false;
                        default -> {
                            value.error("expected true or false, got '" + value.asText() + "'");
                            yield fallback;
                        }
                    })
                    .orElse(fallback);
        }

        /** A field read by a function that throws IllegalArgumentException for what it does not accept. */
        public <T> T read(String key, T fallback, String expected, Function<String, T> reader) {
            return get(key).map(value -> {
                        try {
                            return reader.apply(value.asText());
                        } catch (IllegalArgumentException e) {
                            value.error("expected " + expected + ", got '" + value.asText() + "'");
                            return fallback;
                        }
                    })
                    .orElse(fallback);
        }

        /** The text of a scalar; an error and "" for anything else. */
        public String asText() {
            if (node instanceof ScalarNode scalar) {
                return scalar.getTag().equals(Tag.NULL) ? "" : scalar.getValue();
            }
            error("expected a single value");
            return "";
        }

        public double asNumber(double fallback) {
            try {
                return Double.parseDouble(asText());
            } catch (NumberFormatException e) {
                error("expected a number, got '" + asText() + "'");
                return fallback;
            }
        }

        /** The items of a list; a single value counts as a list of one. */
        public List<Value> items() {
            if (node instanceof SequenceNode sequence) {
                var items = new ArrayList<Value>();
                for (Node item : sequence.getValue()) {
                    items.add(new Value(item, path + "[" + items.size() + "]"));
                }
                return items;
            }
            return List.of(this);
        }

        public List<String> texts(String key) {
            return get(key).map(
                            value -> value.items().stream().map(Value::asText).toList())
                    .orElse(List.of());
        }

        /** The value as plain maps, lists, strings, numbers, booleans (YAML 1.2 core schema). */
        public @Nullable Object plain() {
            if (node instanceof MappingNode) {
                var map = new LinkedHashMap<String, @Nullable Object>();
                fields().forEach((key, value) -> map.put(key, value.plain()));
                return map;
            }
            if (node instanceof SequenceNode) {
                return items().stream().map(Value::plain).toList();
            }
            ScalarNode scalar = (ScalarNode) node;
            String text = scalar.getValue();
            Tag tag = scalar.getTag();
            if (tag.equals(Tag.NULL)) {
                return null;
            } else if (tag.equals(Tag.BOOL)) {
                return Boolean.valueOf(text);
            } else if (tag.equals(Tag.INT)) {
                return Long.valueOf(text);
            } else if (tag.equals(Tag.FLOAT)) {
                return Double.valueOf(text.replace(".inf", "Infinity").replace(".nan", "NaN"));
            }
            return text;
        }

        /** Throws one {@link Problem.Invalid} with every mistake noted in this document so far. */
        public void finish() {
            if (!errors.isEmpty()) {
                throw new Problem.Invalid(String.join("\n", errors));
            }
        }
    }

    /** The known word that is nearest to what was typed, if any is near. */
    public static Optional<String> nearest(String typed, Collection<String> known) {
        return known.stream()
                .filter(word -> distance(typed, word) <= Math.min(3, (word.length() + 2) / 3))
                .min((a, b) -> Integer.compare(distance(typed, a), distance(typed, b)));
    }

    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j] + 1, row[j - 1] + 1), diagonal + cost);
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
