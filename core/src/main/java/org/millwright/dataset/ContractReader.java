package org.millwright.dataset;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.kernel.Json;
import org.millwright.kernel.Yaml;

/** Reads a contract file, noting every mistake. */
final class ContractReader {
    private static final String[] TOP = {
        "version",
        "kind",
        "apiVersion",
        "id",
        "name",
        "tenant",
        "tags",
        "status",
        "servers",
        "dataProduct",
        "description",
        "domain",
        "schema",
        "support",
        "price",
        "team",
        "roles",
        "slaDefaultElement",
        "slaProperties",
        "authoritativeDefinitions",
        "customProperties",
        "contractCreatedTs"
    };
    private static final String[] TABLE = {
        "id", "name", "physicalName", "physicalType", "description", "businessName", "dataGranularityDescription",
        "logicalType", "authoritativeDefinitions", "customProperties", "tags", "quality", "relationships", "properties"
    };
    private static final String[] COLUMN = {
        "id",
        "name",
        "physicalName",
        "physicalType",
        "logicalType",
        "logicalTypeOptions",
        "description",
        "businessName",
        "required",
        "unique",
        "primaryKey",
        "primaryKeyPosition",
        "partitioned",
        "partitionKeyPosition",
        "classification",
        "encryptedName",
        "transformSourceObjects",
        "transformLogic",
        "transformDescription",
        "examples",
        "criticalDataElement",
        "relationships",
        "authoritativeDefinitions",
        "customProperties",
        "tags",
        "quality",
        "items",
        "properties"
    };
    private static final String[] AGREEMENT = {
        "id", "property", "value", "valueExt", "unit", "element", "driver", "description", "scheduler", "schedule"
    };

    private final Yaml.Value root;
    private final Map<String, Yaml.Value> tables = new LinkedHashMap<>();

    ContractReader(String file, String text) {
        this.root = Yaml.parse(file, text);
    }

    Contract read() {
        root.only(TOP);
        root.read("apiVersion", "", "v3.1.0, v3.0.2, v3.0.1 or v3.0.0", text -> {
            if (!text.matches("v3\\.(1\\.0|0\\.[0-2])")) {
                throw new IllegalArgumentException(text);
            }
            return text;
        });
        root.need("apiVersion");
        if (!root.text("kind").equals("DataContract")) {
            root.get("kind").orElse(root).error("expected kind: DataContract");
        }
        String id = root.text("id");
        String version = root.text("version");
        String status = root.text("status");
        root.get("schema").map(Yaml.Value::items).orElse(List.of()).forEach(table -> {
            String name = table.text("name");
            if (tables.put(name, table) != null) {
                table.error("a second table named '" + name + "'");
            }
        });
        Map<String, List<Freshness>> freshness = freshness();
        List<ContractTable> read = tables.entrySet().stream()
                .map(entry -> table(
                        id + " " + version,
                        entry.getKey(),
                        entry.getValue(),
                        freshness.getOrDefault(entry.getKey(), List.of())))
                .toList();
        root.finish();
        return new Contract(id, version, status, read);
    }

    private ContractTable table(String contract, String name, Yaml.Value value, List<Freshness> freshness) {
        value.only(TABLE);
        var rules = new RuleReader(name);
        var columns = new ArrayList<ContractTable.Column>();
        var key = new ArrayList<String>();
        rules.ofTable(value);
        for (Yaml.Value property :
                value.get("properties").map(Yaml.Value::items).orElse(List.of())) {
            property.only(COLUMN);
            ContractTable.Column column = column(property);
            if (columns.stream().anyMatch(other -> other.name().equals(column.name()))) {
                property.error("a second column named '" + column.name() + "'");
            }
            columns.add(column);
            if (column.key()) {
                key.add(column.name());
            }
            rules.ofColumn(column, property);
        }
        rules.ofKey(key, value.line());
        rules.ofQuality(value, columns);
        freshness.forEach(promise -> rules.add(promise.rule(columns)));
        return new ContractTable(
                contract, name, columns, rules.rules(), missing(value), Json.digest(digestible(value, freshness)));
    }

    private static ContractTable.Column column(Yaml.Value property) {
        LogicalType type = property.read(
                "logicalType",
                LogicalType.STRING,
                "string, date, timestamp, time, number, integer, object, array or boolean",
                LogicalType::of);
        return new ContractTable.Column(
                property.text("name"), type, property.text("physicalType", ""), property.flag("primaryKey", false));
    }

    /** The custom property {@code missing} of a table: words that mean "no value" in a CSV file. */
    private static List<String> missing(Yaml.Value table) {
        for (Yaml.Value custom :
                table.get("customProperties").map(Yaml.Value::items).orElse(List.of())) {
            if (custom.text("property", "").equals("missing")) {
                return custom.texts("value");
            }
        }
        return List.of();
    }

    private static Object digestible(Yaml.Value table, List<Freshness> freshness) {
        var all = new ArrayList<Object>();
        all.add(Optional.ofNullable(table.plain()).orElse(""));
        freshness.forEach(promise -> all.add(promise.column() + " " + promise.oldest()));
        return all;
    }

    private record Freshness(String column, Duration oldest, Yaml.Value value) {
        Rule rule(List<ContractTable.Column> columns) {
            boolean known = columns.stream()
                    .anyMatch(candidate ->
                            candidate.name().equals(column) && candidate.type().isTemporal());
            if (!known) {
                value.error("expected the element to be a date or timestamp column, got '" + column + "'");
            }
            double seconds = oldest.toSeconds();
            return new Rule(
                    column + ".freshness",
                    new Rule.Fresh(column, oldest),
                    new Threshold(Threshold.Operator.MUST_BE_LESS_OR_EQUAL_TO, seconds, seconds, false),
                    Severity.ERROR,
                    value.text("description", "The newest value is at most " + text(oldest) + " old"),
                    value.line());
        }

        private static String text(Duration duration) {
            return duration.toDays() > 0 ? duration.toDays() + " d" : duration.toHours() + " h";
        }
    }

    /** The freshness promises by table; other service levels are kept in the file, not checked on data. */
    private Map<String, List<Freshness>> freshness() {
        var found = new LinkedHashMap<String, List<Freshness>>();
        for (Yaml.Value agreement :
                root.get("slaProperties").map(Yaml.Value::items).orElse(List.of())) {
            agreement.only(AGREEMENT);
            if (!agreement.text("property").equals("freshness")) {
                continue;
            }
            Duration oldest = duration(agreement);
            for (String element : agreement
                    .text("element", root.text("slaDefaultElement", ""))
                    .split(",")) {
                String[] parts = element.strip().split("\\.", 2);
                if (parts.length < 2 || !tables.containsKey(parts[0])) {
                    agreement.error("expected element: table.column of this contract, got '" + element.strip() + "'");
                } else {
                    found.computeIfAbsent(parts[0], table -> new ArrayList<>())
                            .add(new Freshness(parts[1], oldest, agreement));
                }
            }
        }
        return found;
    }

    private static Duration duration(Yaml.Value agreement) {
        double value = agreement.need("value").map(number -> number.asNumber(0)).orElse(0.0);
        long unit = agreement.read("unit", 86_400L, "a unit such as min, h, d, w or y", text -> switch (text) {
            case "s", "second", "seconds" -> 1L;
            case "min", "minute", "minutes" -> 60L;
            case "h", "hour", "hours" -> 3_600L;
            case "d", "day", "days" -> 86_400L;
            case "w", "week", "weeks" -> 604_800L;
            case "y", "yr", "year", "years" -> 31_557_600L;
            default -> throw new IllegalArgumentException(text);
        });
        return Duration.ofSeconds(Math.round(value * unit));
    }
}
