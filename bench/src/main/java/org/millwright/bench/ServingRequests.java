package org.millwright.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Json;
import org.millwright.scoring.Frame;

/** The same rows, none with a missing value, in the form of each protocol: written before they are needed. */
final class ServingRequests {
    private static final int DIFFERENT = 64;

    private final String model;
    private final List<Column> columns;
    private final List<List<Map<String, @Nullable Object>>> rows = new ArrayList<>();
    private final List<byte[]> v2 = new ArrayList<>();
    private final List<byte[]> split = new ArrayList<>();
    private final List<byte[]> grpc = new ArrayList<>();

    private record Column(String name, String datatype) {}

    private ServingRequests(String model, List<Column> columns) {
        this.model = model;
        this.columns = columns;
    }

    /** @param size rows of each request */
    static ServingRequests of(Server server, String deployment, int size) {
        List<Column> columns = new ArrayList<>();
        for (JsonNode input : server.get("/v2/models/" + deployment).path("inputs")) {
            columns.add(new Column(
                    input.path("name").asText(), input.path("datatype").asText()));
        }
        var requests = new ServingRequests(deployment, columns);
        List<Map<String, @Nullable Object>> found = new ArrayList<>();
        ScoringRequests.rows(server, frame -> requests.take(frame, found));
        if (found.isEmpty()) {
            throw new IllegalStateException("every row of the demo's replay has a missing value");
        }
        for (int i = 0; i < DIFFERENT; i++) {
            List<Map<String, @Nullable Object>> batch = new ArrayList<>();
            for (int row = 0; row < size; row++) {
                batch.add(found.get((i * size + row) % found.size()));
            }
            requests.add(batch);
        }
        return requests;
    }

    private void take(Frame frame, List<Map<String, @Nullable Object>> found) {
        for (int row = 0; row < frame.rows(); row++) {
            var values = new LinkedHashMap<String, @Nullable Object>();
            for (Column column : columns) {
                Object value = frame.value(frame.position(column.name()), row);
                if (value != null && !value.equals(Double.NaN)) {
                    values.put(column.name(), value);
                }
            }
            if (values.size() == columns.size()) {
                found.add(values);
            }
        }
    }

    private void add(List<Map<String, @Nullable Object>> batch) {
        ObjectNode tensors = Json.object();
        ObjectNode frame = Json.object();
        ObjectNode inner = frame.putObject("dataframe_split");
        var data = inner.putArray("data");
        batch.forEach(row -> data.addArray());
        for (Column column : columns) {
            inner.withArray("columns").add(column.name());
            ObjectNode tensor = tensors.withArray("inputs").addObject();
            tensor.put("name", column.name()).put("datatype", column.datatype());
            tensor.putArray("shape").add(batch.size());
            var values = tensor.putArray("data");
            for (int row = 0; row < batch.size(); row++) {
                Object value = batch.get(row).get(column.name());
                values.addPOJO(value);
                ((ArrayNode) data.path(row)).addPOJO(value);
            }
        }
        rows.add(batch);
        v2.add(ScoringRequests.post("/v2/models/" + model + "/infer", Json.bytes(tensors)));
        split.add(ScoringRequests.post("/invocations", Json.bytes(frame)));
        grpc.add(message(batch));
    }

    /** A ModelInferRequest with raw contents, as the usual client sends it. */
    private byte[] message(List<Map<String, @Nullable Object>> batch) {
        return written(out -> {
            out.writeString(1, model);
            for (Column column : columns) {
                out.writeByteArray(5, written(tensor -> {
                    tensor.writeString(1, column.name());
                    tensor.writeString(2, column.datatype());
                    tensor.writeInt64(3, batch.size());
                }));
            }
            for (Column column : columns) {
                out.writeByteArray(7, raw(column, batch));
            }
        });
    }

    private static byte[] raw(Column column, List<Map<String, @Nullable Object>> batch) {
        var out = new ByteArrayOutputStream();
        for (Map<String, @Nullable Object> row : batch) {
            Object value = Objects.requireNonNull(row.get(column.name()));
            ByteBuffer eight = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            switch (column.datatype()) {
                case "FP64" ->
                    out.writeBytes(
                            eight.putDouble(((Number) value).doubleValue()).array());
                case "INT64" ->
                    out.writeBytes(eight.putLong(((Number) value).longValue()).array());
                case "BYTES" -> {
                    byte[] text = ((String) value).getBytes(StandardCharsets.UTF_8);
                    out.write(eight.putInt(text.length).array(), 0, 4);
                    out.writeBytes(text);
                }
                default -> throw new IllegalStateException("datatype " + column.datatype() + " is not measured");
            }
        }
        return out.toByteArray();
    }

    private interface Writing {
        void to(CodedOutputStream out) throws IOException;
    }

    private static byte[] written(Writing writing) {
        var bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            writing.to(out);
            out.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Map<String, @Nullable Object>> rows(int number) {
        return rows.get(number % DIFFERENT);
    }

    /** A whole HTTP request of the Open Inference Protocol. */
    byte[] v2(int number) {
        return v2.get(number % DIFFERENT);
    }

    /** A whole HTTP request to {@code /invocations}. */
    byte[] split(int number) {
        return split.get(number % DIFFERENT);
    }

    /** A message for {@link GrpcClient}. */
    byte[] grpc(int number) {
        return grpc.get(number % DIFFERENT);
    }

    /** A column's type for a server that is told instead of shown. */
    ObjectNode declared() {
        ObjectNode settings = Json.object();
        for (Column column : columns) {
            ObjectNode input = settings.withArray("inputs").addObject();
            input.put("name", column.name()).put("datatype", column.datatype());
            input.putArray("shape").add(-1);
            if (column.datatype().equals("BYTES")) {
                input.putObject("parameters").put("content_type", "str");
            }
        }
        return settings;
    }
}
