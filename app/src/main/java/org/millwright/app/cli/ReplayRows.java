package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.millwright.engines.duckdb.DuckTables;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.scoring.Frame;
import org.millwright.scoring.codec.TensorCodec;

/** Rows of a Parquet file as inference requests of one row each, with the outcome that became known later. */
final class ReplayRows {
    private static final int BATCH = 4_096;

    private ReplayRows() {}

    /** Columns beside the model's inputs; "" for none. */
    record Columns(String id, String time, String label) {}

    /**
     * One request.
     *
     * @param at time of prediction, milliseconds since the epoch
     * @param body of the Open Inference Protocol
     */
    record Row(String id, long at, byte[] body, OptionalDouble label) {}

    /** @param model the deployment's description by the Open Inference Protocol */
    static List<Row> read(Path parquet, JsonNode model, Columns columns, int most, Path scratch) {
        var rows = new ArrayList<Row>();
        try (var tables = new DuckTables(scratch.resolve("duckdb"))) {
            List<String> there = tables.columns(parquet).stream()
                    .map(column -> column.name())
                    .toList();
            require(there, columns.id());
            require(there, columns.time());
            model.path("inputs")
                    .forEach(input -> require(there, input.path("name").asText()));
            tables.read(parquet, List.of(), BATCH, frame -> {
                for (int row = 0; row < frame.rows() && rows.size() < most; row++) {
                    rows.add(row(frame, row, model.path("inputs"), columns));
                }
            });
        }
        return rows;
    }

    private static void require(List<String> there, String column) {
        if (!column.isEmpty() && !there.contains(column)) {
            throw new Problem.Invalid(
                    "The rows have no column '" + column + "' (they have: " + String.join(", ", there) + ")",
                    "Name the right one with --id, --time or --label, or replay rows made for this model.");
        }
    }

    private static Row row(Frame frame, int row, JsonNode inputs, Columns columns) {
        ObjectNode body = Json.object();
        ArrayNode tensors = body.putArray("inputs");
        for (JsonNode input : inputs) {
            String name = input.path("name").asText();
            ArrayNode data = tensor(tensors, name, input.path("datatype").asText());
            Object value = frame.value(frame.position(name), row);
            data.add(value == null ? NullNode.getInstance() : Json.tree(value));
        }
        String id = columns.id().isEmpty() ? "" : String.valueOf(frame.value(frame.position(columns.id()), row));
        if (!id.isEmpty()) {
            tensor(tensors, TensorCodec.IDS, "BYTES").add(id);
        }
        long at = columns.time().isEmpty() ? 0 : millis(frame.value(frame.position(columns.time()), row));
        if (at != 0) {
            tensor(tensors, TensorCodec.EVENT_TIMES, "INT64").add(at);
        }
        return new Row(id, at, Json.bytes(body), label(frame, row, columns.label()));
    }

    private static ArrayNode tensor(ArrayNode tensors, String name, String datatype) {
        ObjectNode tensor = tensors.addObject().put("name", name).put("datatype", datatype);
        tensor.putArray("shape").add(1);
        return tensor.putArray("data");
    }

    private static OptionalDouble label(Frame frame, int row, String column) {
        int position = column.isEmpty() ? -1 : frame.position(column);
        return position >= 0
                        && frame.value(position, row) instanceof Number number
                        && !Double.isNaN(number.doubleValue())
                ? OptionalDouble.of(number.doubleValue())
                : OptionalDouble.empty();
    }

    /** A time of a table, as milliseconds since the epoch. */
    static long millis(@org.jspecify.annotations.Nullable Object time) {
        if (time instanceof Number number) {
            return number.longValue();
        }
        String text = String.valueOf(time);
        try {
            return text.endsWith("Z")
                    ? Instant.parse(text).toEpochMilli()
                    : LocalDateTime.parse(text.replace(' ', 'T'))
                            .toInstant(ZoneOffset.UTC)
                            .toEpochMilli();
        } catch (DateTimeParseException e) {
            throw new Problem.Invalid("'" + text + "' is no time (expected: such as 2013-08-01T12:00:00Z)");
        }
    }
}
