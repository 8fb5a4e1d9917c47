package org.millwright.registry.handoff;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Json;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Signature;

/**
 * Rows at the limits of a signature, made of recorded ones: one cell changed in each, and some combinations. The same
 * signature, rows and seed give the same rows.
 *
 * @param bases recorded rows that the signature takes
 * @param columns names of the columns that are changed, at most {@link #MOST_COLUMNS}
 * @param quantiles recorded values of each real column, rising, between which thresholds are looked for
 */
public record EdgeRows(
        Signature signature,
        List<Map<String, @Nullable Object>> bases,
        List<String> columns,
        List<EdgeRow> rows,
        Map<String, List<Double>> quantiles) {
    /** Columns that are tried; of a wider model these are drawn. */
    public static final int MOST_COLUMNS = 60;

    private static final int BASES = 3;
    /** Columns beyond which one base row must do: what a model refuses is asked row by row. */
    private static final int WIDE = 20;

    private static final int COMBINATIONS = 24;
    private static final int QUANTILES = 5;
    /** Split thresholds that are tried, over all columns. */
    private static final int THRESHOLDS = 120;

    public EdgeRows {
        bases = List.copyOf(bases);
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
        quantiles = Map.copyOf(quantiles);
    }

    /** Makes the rows; without a recorded row that the signature takes there are none. */
    public static EdgeRows of(Signature signature, Frame recorded, long seed) {
        var random = new Random(seed);
        List<Map<String, @Nullable Object>> bases = bases(signature, recorded, random);
        var names = new ArrayList<>(signature.names());
        if (names.size() > MOST_COLUMNS) {
            Collections.shuffle(names, random);
        }
        List<String> columns = names.subList(0, Math.min(MOST_COLUMNS, names.size()));
        var rows = new ArrayList<EdgeRow>();
        for (String name : columns) {
            Signature.Column column = signature.inputs().get(signature.position(name));
            for (int base = 0; base < bases.size(); base++) {
                int of = base;
                EdgeValues.of(column, bases.get(base).get(name), seed)
                        .forEach(
                                (kind, values) -> values.forEach(value -> rows.add(EdgeRow.of(kind, of, name, value))));
            }
        }
        combinations(rows, bases.size(), random);
        var quantiles = new LinkedHashMap<String, List<Double>>();
        for (String name : columns) {
            if (signature.inputs().get(signature.position(name)).type().isReal()) {
                quantiles.put(name, quantiles(recorded, name));
            }
        }
        return new EdgeRows(signature, bases, columns, rows, quantiles);
    }

    private static List<Map<String, @Nullable Object>> bases(Signature signature, Frame recorded, Random random) {
        var bases = new ArrayList<Map<String, @Nullable Object>>();
        int most = signature.inputs().size() > WIDE ? 1 : BASES;
        for (int attempt = 0; attempt < 200 && recorded.rows() > 0 && bases.size() < most; attempt++) {
            Map<String, @Nullable Object> row = recorded.row(random.nextInt(recorded.rows()));
            boolean complete = attempt >= 100 || !row.containsValue(null);
            if (complete
                    && !bases.contains(row)
                    && EdgeCheck.refusal(signature, row).isEmpty()) {
                bases.add(row);
            }
        }
        return bases;
    }

    /**
     * Adds rows that change two or three columns, and rows in which everything is missing or infinite. What 32 bits lose is left
     * out: whether such a row differs by a jump is found for one column only.
     */
    private static void combinations(List<EdgeRow> rows, int bases, Random random) {
        List<EdgeRow> singles = rows.stream()
                .filter(row -> row.kind() != EdgeClass.FLOAT32_PRECISION && row.kind() != EdgeClass.BEYOND_FLOAT32)
                .toList();
        for (int i = 0; i < COMBINATIONS && bases > 0 && singles.size() > 1; i++) {
            var changed = new LinkedHashMap<String, @Nullable Object>();
            for (int cell = 0; cell < 2 + i % 2; cell++) {
                changed.putAll(singles.get(random.nextInt(singles.size())).changed());
            }
            if (changed.size() > 1) {
                rows.add(new EdgeRow(EdgeClass.COMBINATION, i % bases, changed));
            }
        }
        for (EdgeClass kind : List.of(EdgeClass.NULL, EdgeClass.POSITIVE_INFINITY)) {
            var changed = new LinkedHashMap<String, @Nullable Object>();
            for (EdgeRow row : singles) {
                if (row.kind() == kind) {
                    changed.putAll(row.changed());
                }
            }
            if (changed.size() > 1) {
                rows.add(new EdgeRow(EdgeClass.COMBINATION, 0, changed));
            }
        }
    }

    private static List<Double> quantiles(Frame recorded, String name) {
        var values = new TreeSet<Double>();
        int column = recorded.position(name);
        for (int row = 0; row < recorded.rows(); row++) {
            if (recorded.value(column, row) instanceof Number number && Double.isFinite(number.doubleValue())) {
                values.add(number.doubleValue());
            }
        }
        var sorted = List.copyOf(values);
        var chosen = new TreeSet<Double>();
        for (int i = 0; i < QUANTILES && !sorted.isEmpty(); i++) {
            chosen.add(sorted.get((sorted.size() - 1) * i / (QUANTILES - 1)));
        }
        return List.copyOf(chosen);
    }

    /** What the script that asks the original model reads. */
    public byte[] json(double tolerance) {
        ObjectNode json = Json.object();
        ObjectNode types = json.putObject("types");
        signature
                .inputs()
                .forEach(column -> types.put(column.name(), column.type().text()));
        var list = json.putArray("bases");
        for (Map<String, @Nullable Object> base : bases) {
            list.add(EdgeJson.cells(base));
        }
        var all = json.putArray("rows");
        rows.forEach(row -> all.addObject()
                .put("group", group(row))
                .put("base", row.base())
                .set("changed", EdgeJson.cells(row.changed())));
        ObjectNode thresholds =
                json.putObject("thresholds").put("most", THRESHOLDS).put("tolerance", tolerance);
        ObjectNode columnsJson = thresholds.putObject("columns");
        quantiles.forEach((name, values) -> values.forEach(columnsJson.putArray(name)::add));
        return Json.bytes(json);
    }

    /** Rows of a group make one frame in Python: a missing whole number changes the type of its column for all of them. */
    private String group(EdgeRow row) {
        boolean plain = row.changed().entrySet().stream().noneMatch(cell -> {
            DataType type =
                    signature.inputs().get(signature.position(cell.getKey())).type();
            return cell.getValue() == null && (type.isIntegral() || type == DataType.BOOLEAN);
        });
        return plain
                ? row.kind().text()
                : row.kind().text() + " " + row.changed().keySet();
    }
}
