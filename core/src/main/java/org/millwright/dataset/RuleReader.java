package org.millwright.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.millwright.dataset.Threshold.Operator;
import org.millwright.kernel.Yaml;

/** Collects the rules of one table: those its columns imply, and those it spells out. */
final class RuleReader {
    private static final List<String> QUALITY = List.of(
            "id",
            "name",
            "description",
            "type",
            "metric",
            "rule",
            "arguments",
            "unit",
            "severity",
            "dimension",
            "businessImpact",
            "schedule",
            "scheduler",
            "method",
            "tags",
            "authoritativeDefinitions",
            "customProperties",
            "query",
            "engine",
            "implementation",
            "validValues",
            "pattern");
    private static final Map<String, String> FORMATS = Map.of(
            "uuid", "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
            "email", "^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$",
            "ipv4", "^(\\d{1,3}\\.){3}\\d{1,3}$",
            "uri", "^[A-Za-z][A-Za-z0-9+.-]*:");
    private static final List<String> HINTS = List.of("password", "byte", "binary", "hostname", "ipv6", "f32", "f64");

    private final String table;
    private final List<Rule> rules = new ArrayList<>();

    RuleReader(String table) {
        this.table = table;
    }

    List<Rule> rules() {
        return rules;
    }

    /** Keeps the rule; a second one of the same id gets a number. */
    void add(Rule rule) {
        long same = rules.stream()
                .filter(other -> other.id().equals(rule.id()) || other.id().startsWith(rule.id() + "-"))
                .count();
        rules.add(
                same == 0
                        ? rule
                        : new Rule(
                                rule.id() + "-" + (same + 1),
                                rule.check(),
                                rule.threshold(),
                                rule.severity(),
                                rule.description(),
                                rule.line()));
    }

    /** What every table promises: its columns, all of them, and no others without notice. */
    void ofTable(Yaml.Value value) {
        int line = value.get("properties").orElse(value).line();
        add(new Rule("columns", new Rule.HasColumns(), Threshold.NONE, Severity.ERROR, "Has every column", line));
        add(new Rule(
                "other-columns",
                new Rule.OnlyColumns(),
                Threshold.NONE,
                Severity.WARNING,
                "Has no other column",
                line));
    }

    void ofKey(List<String> key, int line) {
        if (!key.isEmpty()) {
            implied("primaryKey", new Rule.Unique(key), "No two rows have the same key", line);
        }
    }

    void ofColumn(ContractTable.Column column, Yaml.Value property) {
        String name = column.name();
        implied(
                name + ".type",
                new Rule.HasType(name),
                "Is " + column.type().name().toLowerCase(java.util.Locale.ROOT),
                property.line());
        if (property.flag("required", false) || column.key()) {
            implied(name + ".required", new Rule.NotNull(name), "Has a value", property.line());
        }
        if (property.flag("unique", false) && !column.key()) {
            implied(name + ".unique", new Rule.Unique(List.of(name)), "No value twice", property.line());
        }
        property.get("logicalTypeOptions").ifPresent(options -> options(column, options));
        for (Yaml.Value item : property.get("quality").map(Yaml.Value::items).orElse(List.of())) {
            quality(name, List.of(column), item);
        }
    }

    void ofQuality(Yaml.Value value, List<ContractTable.Column> columns) {
        for (Yaml.Value item : value.get("quality").map(Yaml.Value::items).orElse(List.of())) {
            quality("", columns, item);
        }
    }

    private void implied(String id, Rule.Check check, String description, int line) {
        add(new Rule(id, check, Threshold.NONE, Severity.ERROR, description, line));
    }

    private void options(ContractTable.Column column, Yaml.Value options) {
        LogicalType type = column.type();
        if (type.isNumeric() || type.isTemporal()) {
            options.only(
                    "minimum",
                    "maximum",
                    "exclusiveMinimum",
                    "exclusiveMaximum",
                    "multipleOf",
                    "format",
                    "timezone",
                    "defaultTimezone");
            range(column, options);
        } else if (type == LogicalType.STRING) {
            options.only("minLength", "maxLength", "pattern", "format");
            if (options.has("minLength") || options.has("maxLength")) {
                int max = options.integer("maxLength", -1);
                var length = new Rule.HasLength(column.name(), options.integer("minLength", 0), max);
                implied(column.name() + ".length", length, "Has the length", options.line());
            }
            options.get("pattern").ifPresent(pattern -> matches(column.name(), pattern));
        }
        options.get("format").ifPresent(format -> format(column, format));
    }

    private void range(ContractTable.Column column, Yaml.Value options) {
        boolean lowOpen = options.has("exclusiveMinimum");
        boolean highOpen = options.has("exclusiveMaximum");
        String low = end(column, options, lowOpen ? "exclusiveMinimum" : "minimum");
        String high = end(column, options, highOpen ? "exclusiveMaximum" : "maximum");
        if (!low.isEmpty() || !high.isEmpty()) {
            implied(
                    column.name() + ".range",
                    new Rule.InRange(column.name(), low, lowOpen, high, highOpen),
                    "Is within " + (low.isEmpty() ? "…" : low) + " and " + (high.isEmpty() ? "…" : high),
                    options.line());
        }
        options.get("multipleOf")
                .ifPresent(step -> implied(
                        column.name() + ".multipleOf",
                        new Rule.MultipleOf(column.name(), step.asNumber(1)),
                        "Is a multiple of " + step.asText(),
                        step.line()));
    }

    private static String end(ContractTable.Column column, Yaml.Value options, String key) {
        Optional<Yaml.Value> value = options.get(key);
        if (value.isPresent() && column.type().isNumeric()) {
            value.get().asNumber(0);
        }
        return value.map(Yaml.Value::asText).orElse("");
    }

    private void format(ContractTable.Column column, Yaml.Value format) {
        String text = format.asText();
        if (column.type() == LogicalType.STRING && FORMATS.containsKey(text)) {
            implied(
                    column.name() + ".format",
                    new Rule.Matches(column.name(), FORMATS.get(text)),
                    "Is a " + text,
                    format.line());
        } else if (column.type() == LogicalType.INTEGER && text.matches("[iu](8|16|32|64)")) {
            int bits = Integer.parseInt(text.substring(1)) - (text.startsWith("i") ? 1 : 0);
            String high = java.math.BigInteger.TWO
                    .pow(bits)
                    .subtract(java.math.BigInteger.ONE)
                    .toString();
            String low = text.startsWith("i")
                    ? java.math.BigInteger.TWO.pow(bits).negate().toString()
                    : "0";
            implied(
                    column.name() + ".format",
                    new Rule.InRange(column.name(), low, false, high, false),
                    "Fits " + text,
                    format.line());
        } else if (column.type().isTemporal()
                ? !text.startsWith("yyyy-MM-dd") && !text.startsWith("HH:mm")
                : !HINTS.contains(text)) {
            format.error("the format '" + text + "' is not supported (expected: "
                    + (column.type().isTemporal()
                            ? "ISO dates and times"
                            : "uuid, email, ipv4, uri, i8 to u64, f32 or f64")
                    + ")");
        }
    }

    private void matches(String column, Yaml.Value pattern) {
        pattern(pattern)
                .ifPresent(text -> implied(
                        column + ".pattern", new Rule.Matches(column, text), "Matches " + text, pattern.line()));
    }

    private static Optional<String> pattern(Yaml.Value value) {
        try {
            return Optional.of(Pattern.compile(value.asText()).pattern());
        } catch (PatternSyntaxException e) {
            value.error("'" + value.asText() + "' is no regular expression: " + e.getDescription());
            return Optional.empty();
        }
    }

    private void quality(String column, List<ContractTable.Column> columns, Yaml.Value item) {
        var known = new ArrayList<>(QUALITY);
        known.addAll(Operator.keys());
        item.only(known.toArray(String[]::new));
        String metric = item.text("metric", item.text("rule", ""));
        String type = item.text("type", "library");
        Optional<Rule.Check> check = switch (type) {
            case "text" -> Optional.empty();
            case "custom" -> Optional.of(new Rule.Foreign(item.text("engine")));
            case "sql" -> Optional.of(new Rule.Sql(query(column, item)));
            case "library" -> metric(metric, column, columns, item);
            default -> {
                item.error("unknown type '" + type + "' (expected library, sql, custom or text)");
                yield Optional.empty();
            }
        };
        check.ifPresent(found -> {
            String name = item.text("name", type.equals("library") ? metric : item.text("id", type));
            Threshold threshold = found instanceof Rule.Foreign ? Threshold.NONE : threshold(item);
            String description = item.text("description", name);
            add(new Rule(
                    column.isEmpty() ? name : column + "." + name,
                    found,
                    threshold,
                    Severity.of(item.text("severity", "error")),
                    description,
                    item.line()));
        });
    }

    private String query(String column, Yaml.Value item) {
        String query = item.text("query").strip().replaceAll(";+\\s*$", "");
        return query.replace("${object}", "${table}")
                .replace("${column}", "\"" + column.replace("\"", "\"\"") + "\"")
                .replace("${property}", "\"" + column.replace("\"", "\"\"") + "\"");
    }

    private Optional<Rule.Check> metric(
            String metric, String column, List<ContractTable.Column> columns, Yaml.Value item) {
        Optional<Yaml.Value> arguments = item.get("arguments");
        if (column.isEmpty()
                && List.of("nullValues", "missingValues", "invalidValues").contains(metric)) {
            item.error("the metric " + metric + " belongs to a column, not to the table " + table);
            return Optional.empty();
        }
        return switch (metric) {
            case "rowCount" -> Optional.of(new Rule.RowCount());
            case "nullValues" -> Optional.of(new Rule.NotNull(column));
            case "missingValues" ->
                Optional.of(new Rule.NotMissing(
                        column,
                        arguments.map(value -> value.texts("missingValues")).orElse(List.of())));
            case "duplicateValues" ->
                Optional.of(new Rule.Unique(
                        column.isEmpty() ? properties(arguments.orElse(item), columns) : List.of(column)));
            case "invalidValues" -> invalid(column, arguments.orElse(item));
            default -> {
                item.error("unknown metric '" + metric
                        + "' (expected rowCount, nullValues, missingValues, invalidValues or duplicateValues)");
                yield Optional.empty();
            }
        };
    }

    private static List<String> properties(Yaml.Value arguments, List<ContractTable.Column> columns) {
        List<String> names = columns.stream().map(ContractTable.Column::name).toList();
        List<Yaml.Value> values =
                arguments.need("properties").map(Yaml.Value::items).orElse(List.of());
        for (Yaml.Value value : values) {
            if (!names.contains(value.asText())) {
                value.error("no column '" + value.asText() + "'"
                        + Yaml.nearest(value.asText(), names)
                                .map(near -> "; did you mean '" + near + "'?")
                                .orElse(""));
            }
        }
        return values.stream().map(Yaml.Value::asText).toList();
    }

    private static Optional<Rule.Check> invalid(String column, Yaml.Value arguments) {
        if (arguments.has("validValues")) {
            return Optional.of(new Rule.OneOf(column, arguments.texts("validValues")));
        }
        if (arguments.has("pattern")) {
            return arguments.get("pattern").flatMap(RuleReader::pattern).map(text -> new Rule.Matches(column, text));
        }
        arguments.error("expected arguments: validValues or pattern");
        return Optional.empty();
    }

    private static Threshold threshold(Yaml.Value item) {
        List<Operator> given = java.util.Arrays.stream(Operator.values())
                .filter(operator -> item.has(operator.key()))
                .toList();
        if (given.size() != 1) {
            item.error("expected exactly one of " + String.join(", ", Operator.keys()) + ", got " + given.size());
            return Threshold.NONE;
        }
        Operator operator = given.getFirst();
        Yaml.Value value = item.get(operator.key()).orElse(item);
        boolean percent = item.read("unit", false, "rows or percent", text -> switch (text) {
            case "rows" -> false;
            case "percent" -> true;
            default -> throw new IllegalArgumentException(text);
        });
        List<Yaml.Value> ends = value.items();
        if (ends.size() != (operator.hasTwoEnds() ? 2 : 1)) {
            value.error("expected " + (operator.hasTwoEnds() ? "two numbers" : "one number"));
            return Threshold.NONE;
        }
        double first = ends.getFirst().asNumber(0);
        return new Threshold(operator, first, ends.getLast().asNumber(first), percent);
    }
}
