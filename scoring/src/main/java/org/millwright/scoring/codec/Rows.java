package org.millwright.scoring.codec;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.FrameBuilder;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.Signature;

/** Collects the rows of an MLflow scoring request. */
final class Rows {
    private final Signature signature;
    private final Limits limits;
    private final FrameBuilder frame;
    private final Set<String> ignored = new TreeSet<>();
    private final BitSet missing = new BitSet();
    private int rows;

    Rows(Signature signature, Limits limits) {
        this.signature = signature;
        this.limits = limits;
        this.frame = new FrameBuilder(signature, 1);
    }

    void split(JsonNode node) {
        List<String> columns = InvocationsCodec.texts(node.path("columns"), "dataframe_split.columns");
        for (String field : (Iterable<String>) node::fieldNames) {
            if (!List.of("columns", "data", "index").contains(field)) {
                throw InvalidInput.of("unknown field 'dataframe_split." + InvalidInput.shorten(field)
                        + "': expected columns, data and optionally index");
            }
        }
        int[] positions = positions(columns);
        for (JsonNode row : array(node.path("data"), "dataframe_split.data")) {
            if (!row.isArray() || row.size() != positions.length) {
                throw InvalidInput.of(
                        "dataframe_split.data, row " + rows + ": expected an array of " + positions.length + " values");
            }
            next();
            for (int i = 0; i < positions.length; i++) {
                if (positions[i] >= 0) {
                    add(positions[i], row.path(i));
                }
            }
        }
    }

    void records(JsonNode node, String where) {
        for (JsonNode row : array(node, where)) {
            if (!row.isObject()) {
                throw InvalidInput.of(where + ", row " + rows + ": expected an object of column and value");
            }
            next();
            record(row);
        }
    }

    private void record(JsonNode row) {
        for (int i = 0; i < signature.inputs().size(); i++) {
            Signature.Column column = signature.inputs().get(i);
            JsonNode value = row.get(column.name());
            if (value != null) {
                add(i, value);
            } else if (column.required()) {
                throw InvalidInput.column(
                        column.name(), "is required by the model's signature but was not sent in row " + (rows - 1));
            } else {
                addMissing(i);
            }
        }
        row.fieldNames().forEachRemaining(this::noteUnknown);
    }

    void instances(JsonNode node) {
        JsonNode first = array(node, "instances").path(0);
        if (first.isObject()) {
            records(node, "instances");
        } else {
            matrix(node, "instances");
        }
    }

    void inputs(JsonNode node) {
        if (node.isArray()) {
            instances(node);
            return;
        }
        if (!node.isObject()) {
            throw InvalidInput.of("'inputs' must be an object of columns or an array of rows");
        }
        boolean columns = true;
        for (JsonNode value : node) {
            columns &= value.isArray();
        }
        if (!columns) {
            next();
            record(node);
            return;
        }
        for (Map.Entry<String, JsonNode> column : node.properties()) {
            int position = signature.position(column.getKey());
            if (position < 0) {
                noteUnknown(column.getKey());
                continue;
            }
            check(column.getValue().size());
            rows = Math.max(rows, column.getValue().size());
            for (JsonNode value : column.getValue()) {
                add(position, value.isArray() && value.size() == 1 ? value.path(0) : value);
            }
        }
    }

    private void matrix(JsonNode node, String where) {
        int width = signature.inputs().size();
        for (JsonNode row : node) {
            boolean single = width == 1 && !row.isContainerNode();
            if (!single && (!row.isArray() || row.size() != width)) {
                throw InvalidInput.of(where + ", row " + rows + ": expected an object, or an array of the " + width
                        + " values " + signature.names());
            }
            next();
            for (int i = 0; i < width; i++) {
                add(i, single ? row : row.path(i));
            }
        }
    }

    void csv(List<List<@Nullable String>> lines) {
        List<String> names = new ArrayList<>();
        for (String name : lines.get(0)) {
            names.add(name == null ? "" : name);
        }
        int[] positions = positions(names);
        for (List<@Nullable String> line : lines.subList(1, lines.size())) {
            if (line.size() != positions.length) {
                throw InvalidInput.of(
                        "CSV row " + rows + " has " + line.size() + " fields, the header has " + positions.length);
            }
            next();
            for (int i = 0; i < positions.length; i++) {
                if (positions[i] >= 0) {
                    field(positions[i], line.get(i));
                }
            }
        }
    }

    private void field(int column, @Nullable String field) {
        if (field == null || Csv.isMissing(signature.inputs().get(column).type(), field)) {
            addMissing(column);
        } else {
            Csv.add(frame, signature, column, rows - 1, field);
        }
    }

    private int[] positions(List<String> columns) {
        Set<String> seen = new HashSet<>();
        int[] positions = new int[columns.size()];
        for (int i = 0; i < positions.length; i++) {
            if (!seen.add(columns.get(i))) {
                throw InvalidInput.column(columns.get(i), "occurs twice");
            }
            positions[i] = signature.position(columns.get(i));
            if (positions[i] < 0) {
                noteUnknown(columns.get(i));
            }
        }
        for (int i = 0; i < signature.inputs().size(); i++) {
            Signature.Column column = signature.inputs().get(i);
            if (seen.contains(column.name())) {
                continue;
            }
            if (column.required()) {
                throw InvalidInput.column(column.name(), "is required by the model's signature but was not sent");
            }
            missing.set(i);
        }
        return positions;
    }

    private void noteUnknown(String name) {
        if (signature.position(name) < 0 && ignored.size() <= Warnings.SHOWN) {
            ignored.add(InvalidInput.shorten(name));
        }
    }

    private void next() {
        check(++rows);
    }

    private void check(int count) {
        if (count > limits.rows()) {
            throw InvalidInput.of("more than " + limits.rows() + " rows in one request");
        }
    }

    private void add(int column, JsonNode value) {
        if (value.isNull()) {
            addMissing(column);
        } else if (value.isIntegralNumber() && value.canConvertToLong()) {
            frame.addLong(column, value.longValue());
        } else if (value.isNumber()) {
            real(column, value.doubleValue(), value.isDouble());
        } else if (value.isTextual()) {
            frame.addString(column, value.textValue());
        } else if (value.isBoolean()) {
            frame.addBoolean(column, value.booleanValue());
        } else {
            throw InvalidInput.cell(
                    signature.inputs().get(column).name(), frame.size(column), "a single value", "an array or object");
        }
    }

    private void addMissing(int column) {
        frame.addNull(column);
        missing.set(column);
    }

    /** @param read whether it was read as a double: an infinity may be a number that is none, such as 1e999 */
    private void real(int column, double value, boolean read) {
        if (read && Double.isInfinite(value)) {
            throw InvalidInput.cell(
                    signature.inputs().get(column).name(),
                    frame.size(column),
                    "a number that a double can hold",
                    "infinity");
        }
        frame.addDouble(column, value);
        if (Double.isNaN(value)) {
            missing.set(column);
        }
    }

    private static JsonNode array(JsonNode node, String where) {
        if (!node.isArray()) {
            throw InvalidInput.of("'" + where + "' must be an array of rows");
        }
        return node;
    }

    /** @param others fields of the request that nobody reads */
    ScoringRequest request(JsonNode params, List<String> others) {
        String id = "";
        List<String> ids = List.of();
        long[] times = {};
        for (Map.Entry<String, JsonNode> param : params.properties()) {
            switch (param.getKey()) {
                case "id" -> id = param.getValue().asText();
                case "ids" -> ids = InvocationsCodec.texts(param.getValue(), "params.ids");
                case "event_time" -> times = times(param.getValue());
                default ->
                    throw InvalidInput.of("unknown param '" + InvalidInput.shorten(param.getKey())
                            + "': the model takes id, ids and event_time");
            }
        }
        if ((!ids.isEmpty() && ids.size() != rows) || (times.length > 1 && times.length != rows)) {
            throw InvalidInput.of("params.ids and params.event_time need one entry for each of the " + rows + " rows");
        }
        return new ScoringRequest(id, frame.build(), ids, times, List.of(), warnings(others));
    }

    private List<String> warnings(List<String> others) {
        List<String> warnings = new ArrayList<>();
        Warnings.add(warnings, "ignored columns", List.copyOf(ignored));
        Warnings.add(warnings, "ignored fields", others);
        Warnings.addMissing(warnings, signature, missing);
        return warnings;
    }

    private static long[] times(JsonNode node) {
        long[] times = new long[node.isArray() ? node.size() : 1];
        for (int i = 0; i < times.length; i++) {
            JsonNode time = node.isArray() ? node.path(i) : node;
            if (!time.isIntegralNumber() || !time.canConvertToLong()) {
                throw InvalidInput.of("params.event_time must be whole milliseconds since 1970 UTC");
            }
            times[i] = time.longValue();
        }
        return times;
    }
}
