package org.millwright.kernel;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
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
    private static final int MAX_ALIASES = 50;
    private static final int MAX_SIZE = 4 * 1024 * 1024;
    private static final int MAX_DEPTH = 50;
    private static final int MAX_VALUES = 200_000;

    private final String file;
    private final List<String> errors = new ArrayList<>();

    private Yaml(String file) {
        this.file = file;
    }

    /** Parses the text of a file; only what cannot be read at all throws here. */
    public static Value parse(String file, String text) {
        var yaml = new Yaml(file);
        var settings = LoadSettings.builder()
                .setLabel(file)
                .setMaxAliasesForCollections(MAX_ALIASES)
                .setCodePointLimit(MAX_SIZE)
                .build();
        try {
            yaml.requireShallow(new Parse(settings).parseString(text));
            Node root = new Compose(settings)
                    .composeString(text)
                    .orElseThrow(() -> new Problem.Invalid(file + ":1: the file is empty"));
            yaml.walk(root, "", new Walk());
            return yaml.new Value(root, "");
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            throw new Problem.Invalid(file + ":" + line + ": not valid YAML: " + e.getProblem());
        } catch (ReaderException e) {
            long line = text.codePoints()
                            .limit(e.getPosition())
                            .filter(c -> c == '\n')
                            .count()
                    + 1;
            throw new Problem.Invalid(file + ":" + line + ": not valid YAML: a character that no text has (code "
                    + e.getCodePoint() + ")");
        } catch (YamlEngineException e) {
            throw new Problem.Invalid(file + ":1: not valid YAML: " + e.getMessage());
        }
    }

    /** Refuses nesting that would overflow the stack of whoever walks over the values. */
    private void requireShallow(Iterable<Event> events) {
        int depth = 0;
        for (Event event : events) {
            depth += event instanceof CollectionStartEvent ? 1 : event instanceof CollectionEndEvent ? -1 : 0;
            if (depth > MAX_DEPTH) {
                throw new Problem.Invalid(at(event.getStartMark()) + "nested deeper than " + MAX_DEPTH + " levels");
            }
        }
    }

    /** What a walk over the document has seen. */
    private static final class Walk {
        final Set<Node> above = Collections.newSetFromMap(new IdentityHashMap<>());
        int values;
    }

    /** Notes keys that occur twice; refuses aliases that stand inside of themselves or multiply what is there. */
    private void walk(Node node, String path, Walk walk) {
        if (++walk.values > MAX_VALUES) {
            throw new Problem.Invalid(
                    at(node.getStartMark()) + "more than " + MAX_VALUES + " values, counting what aliases repeat");
        }
        if (node instanceof ScalarNode) {
            return;
        }
        if (!walk.above.add(node)) {
            throw new Problem.Invalid(at(node.getStartMark()) + "an alias inside of what it stands for");
        }
        if (node instanceof SequenceNode sequence) {
            sequence.getValue().forEach(item -> walk(item, path, walk));
        } else if (node instanceof MappingNode map) {
            var lines = new HashMap<String, Integer>();
            for (var tuple : map.getValue()) {
                String key = key(tuple);
                Integer first = lines.putIfAbsent(key, line(tuple.getKeyNode().getStartMark()));
                if (first != null) {
                    errors.add(at(tuple.getKeyNode().getStartMark()) + (path.isEmpty() ? "" : path + ": ") + "key '"
                            + key + "' occurs a second time (expected: once, as in line " + first + ")");
                }
                walk(tuple.getValueNode(), path.isEmpty() ? key : path + "." + key, walk);
            }
        }
        walk.above.remove(node);
    }

    private static String key(NodeTuple tuple) {
        return tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
    }

    private String at(Optional<Mark> mark) {
        return file + ":" + line(mark) + ": ";
    }

    private static int line(Optional<Mark> mark) {
        return mark.map(found -> found.getLine() + 1).orElse(1);
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
            return Yaml.line(node.getStartMark());
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
                        String key = key(tuple);
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

        /** The value as plain maps, lists, strings, numbers, booleans (YAML 1.2 JSON schema). */
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
                return whole(text);
            } else if (tag.equals(Tag.FLOAT)) {
                String plain = text.toLowerCase(Locale.ROOT);
                return Double.valueOf(plain.replace(".inf", "Infinity").replace(".nan", "NaN"));
            }
            return text;
        }

        /** Throws one {@link Problem.Invalid} with every mistake noted in this document so far. */
        public void finish() {
            finish(List.of());
        }

        /** The same, with mistakes of other files. */
        public void finish(Collection<String> others) {
            if (!errors.isEmpty() || !others.isEmpty()) {
                throw new Problem.Invalid(
                        Stream.concat(errors.stream(), others.stream()).collect(Collectors.joining("\n")));
            }
        }
    }

    private static Number whole(String text) {
        var number = new BigInteger(text);
        return number.bitLength() < Long.SIZE ? (Number) number.longValue() : number;
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
