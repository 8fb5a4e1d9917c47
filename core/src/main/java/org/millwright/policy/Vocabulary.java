package org.millwright.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableMap;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.common.values.NullValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The names that expressions may speak of, each with its kind and what it means. */
public final class Vocabulary {
    private final Map<String, Shape.Field> names;
    private final Map<String, StructType> structs = new TreeMap<>();

    public Vocabulary(Map<String, Shape.Field> names) {
        this.names = Collections.unmodifiableMap(new LinkedHashMap<>(names));
        names.values().forEach(field -> type(field.shape()));
    }

    /** Names of which nothing is checked ahead. */
    public static Vocabulary free(Collection<String> names) {
        var fields = new LinkedHashMap<String, Shape.Field>();
        names.forEach(name -> fields.put(name, new Shape.Field(Shape.Plain.ANY, "")));
        return new Vocabulary(fields);
    }

    /** A part of a document. */
    public record Entry(String path, String kind, String meaning) {}

    /** Every name with its kind and meaning, parts after what they are parts of. */
    public List<Entry> entries() {
        var entries = new ArrayList<Entry>();
        names.forEach((name, field) -> describe(name, field, entries));
        return entries;
    }

    private static void describe(String path, Shape.Field field, List<Entry> entries) {
        entries.add(new Entry(path, field.shape().text(), field.meaning()));
        Shape shape = field.shape() instanceof Shape.ListOf list ? list.items() : field.shape();
        if (shape instanceof Shape.Fields fields) {
            String prefix = shape.equals(field.shape()) ? path : path + "[]";
            fields.fields().forEach((name, part) -> describe(prefix + "." + name, part, entries));
        }
    }

    Collection<String> names() {
        return names.keySet();
    }

    /** The fields of what a path such as {@code version.handoff} leads to, if it leads to named fields. */
    Optional<Shape.Fields> fieldsAt(String path) {
        Map<String, Shape.Field> at = names;
        Optional<Shape.Fields> found = Optional.empty();
        for (String part : path.split("\\.")) {
            Shape.Field field = at.get(part);
            if (field == null || !(field.shape() instanceof Shape.Fields fields)) {
                return Optional.empty();
            }
            found = Optional.of(fields);
            at = fields.fields();
        }
        return found;
    }

    /** The fields of what lists hold: what the variable of a macro such as {@code exists} may have. */
    Map<String, Shape.Fields> inLists() {
        var found = new LinkedHashMap<String, Shape.Fields>();
        entries().stream()
                .filter(entry -> entry.kind().startsWith("list of "))
                .forEach(entry -> items(entry.path()).ifPresent(fields -> found.put(entry.path(), fields)));
        return found;
    }

    private Optional<Shape.Fields> items(String path) {
        int dot = path.lastIndexOf('.');
        Map<String, Shape.Field> at = dot < 0
                ? names
                : fieldsAt(path.substring(0, dot)).map(Shape.Fields::fields).orElse(Map.of());
        Shape.Field field = at.get(path.substring(dot + 1));
        return field != null
                        && field.shape() instanceof Shape.ListOf list
                        && list.items() instanceof Shape.Fields fields
                ? Optional.of(fields)
                : Optional.empty();
    }

    Map<String, CelType> variables() {
        var types = new LinkedHashMap<String, CelType>();
        names.forEach((name, field) -> types.put(name, type(field.shape())));
        return types;
    }

    CelTypeProvider provider() {
        ImmutableMap<String, CelType> all = ImmutableMap.copyOf(structs);
        return new CelTypeProvider() {
            @Override
            public ImmutableCollection<CelType> types() {
                return all.values();
            }

            @Override
            public Optional<CelType> findType(String name) {
                return Optional.ofNullable(all.get(name));
            }
        };
    }

    private CelType type(Shape shape) {
        return switch (shape) {
            case Shape.Plain plain ->
                switch (plain) {
                    case TEXT -> SimpleType.STRING;
                    case NUMBER -> SimpleType.DOUBLE;
                    case WHOLE -> SimpleType.INT;
                    case FLAG -> SimpleType.BOOL;
                    case ANY -> SimpleType.DYN;
                };
            case Shape.MapOf map -> MapType.create(SimpleType.STRING, type(map.values()));
            case Shape.ListOf list -> ListType.create(type(list.items()));
            case Shape.Fields fields -> struct(fields);
        };
    }

    private StructType struct(Shape.Fields fields) {
        StructType known = structs.get(fields.name());
        if (known == null) {
            var found = new HashMap<String, CelType>();
            fields.fields().forEach((name, field) -> found.put(name, type(field.shape())));
            ImmutableMap<String, CelType> types = ImmutableMap.copyOf(found);
            known = StructType.create(fields.name(), types.keySet(), name -> Optional.ofNullable(types.get(name)));
            structs.put(fields.name(), known);
        }
        return known;
    }

    /** A document's values as expressions see them; what is missing, null or of another kind is not there. */
    Map<String, Object> values(JsonNode document) {
        return fields(names, document);
    }

    private static Map<String, Object> fields(Map<String, Shape.Field> known, JsonNode node) {
        var map = new HashMap<String, Object>();
        known.forEach((name, field) -> value(field.shape(), node.path(name)).ifPresent(value -> map.put(name, value)));
        return map;
    }

    private static Optional<Object> value(Shape shape, JsonNode node) {
        if (node.isMissingNode() || node.isNumber() && !Double.isFinite(node.doubleValue())) {
            return Optional.empty();
        }
        return switch (shape) {
            case Shape.Plain plain -> plain(plain, node);
            case Shape.MapOf map -> node.isObject() ? Optional.of(map(map.values(), node)) : Optional.empty();
            case Shape.ListOf list -> node.isArray() ? Optional.of(list(list.items(), node)) : Optional.empty();
            case Shape.Fields fields -> node.isObject() ? Optional.of(fields(fields.fields(), node)) : Optional.empty();
        };
    }

    private static Optional<Object> plain(Shape.Plain plain, JsonNode node) {
        return switch (plain) {
            case TEXT -> node.isTextual() ? Optional.of(node.asText()) : Optional.empty();
            case NUMBER -> node.isNumber() ? Optional.of(node.doubleValue()) : Optional.empty();
            case WHOLE ->
                node.isNumber() && node.doubleValue() == Math.rint(node.doubleValue())
                        ? Optional.of(node.longValue())
                        : Optional.empty();
            case FLAG -> node.isBoolean() ? Optional.of(node.booleanValue()) : Optional.empty();
            case ANY -> Optional.of(any(node));
        };
    }

    private static Map<String, Object> map(Shape shape, JsonNode node) {
        var map = new HashMap<String, Object>();
        node.properties()
                .forEach(field -> value(shape, field.getValue()).ifPresent(value -> map.put(field.getKey(), value)));
        return map;
    }

    private static List<Object> list(Shape shape, JsonNode node) {
        var list = new ArrayList<Object>();
        node.forEach(item -> value(shape, item).ifPresent(list::add));
        return list;
    }

    private static Object any(JsonNode node) {
        if (node.isObject()) {
            return map(Shape.Plain.ANY, node);
        }
        if (node.isArray()) {
            return list(Shape.Plain.ANY, node);
        }
        if (node.isIntegralNumber()) {
            return node.longValue();
        }
        if (node.isNumber()) {
            return node.doubleValue();
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        return node.isNull() ? NullValue.NULL_VALUE : node.asText();
    }
}
