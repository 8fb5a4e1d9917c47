package org.millwright.bench;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows scored by ONNX Runtime and nothing else, as fast as its Java API lets one thread do it: tensors of numbers are made
 * once and filled anew. For graphs with an input for each column, or one for all of them.
 */
final class BareOnnx implements AutoCloseable {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;
    private final int rows;
    private final List<Input> inputs = new ArrayList<>();
    private final Map<String, OnnxTensor> tensors = new LinkedHashMap<>();

    /** An input and the columns that fill it; without a buffer it takes texts. */
    private record Input(
            String name,
            OnnxJavaType type,
            long[] shape,
            List<String> columns,
            @Nullable ByteBuffer buffer) {}

    /** @param threads inside a call */
    BareOnnx(byte[] graph, List<String> columns, int threads) throws OrtException {
        this(graph, columns, threads, 1);
    }

    /** @param rows of each call */
    BareOnnx(byte[] graph, List<String> columns, int threads, int rows) throws OrtException {
        this.rows = rows;
        try (var options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            session = environment.createSession(graph, options);
        }
        for (NodeInfo node : session.getInputInfo().values()) {
            TensorInfo info = (TensorInfo) node.getInfo();
            List<String> own = columns.contains(node.getName()) ? List.of(node.getName()) : columns;
            long[] shape = info.getShape().length == 1 ? new long[] {rows} : new long[] {rows, own.size()};
            ByteBuffer buffer = null;
            if (info.type != OnnxJavaType.STRING) {
                buffer = ByteBuffer.allocateDirect(rows * own.size() * info.type.size)
                        .order(ByteOrder.nativeOrder());
                tensors.put(node.getName(), OnnxTensor.createTensor(environment, buffer, shape, info.type));
            }
            inputs.add(new Input(node.getName(), info.type, shape, own, buffer));
        }
    }

    /** The first number of the first output, for a call of one row. */
    double score(Map<String, @Nullable Object> row) throws OrtException {
        for (Input input : inputs) {
            if (input.buffer() == null) {
                var texts = new String[input.columns().size()];
                fill(texts, 0, input, row);
                put(input, texts);
            } else {
                fill(input.buffer(), 0, input, row);
            }
        }
        return run();
    }

    /** The first number of the first output. */
    double score(List<Map<String, @Nullable Object>> batch) throws OrtException {
        if (batch.size() != rows) {
            throw new IllegalArgumentException(batch.size() + " rows for " + rows);
        }
        for (Input input : inputs) {
            if (input.buffer() == null) {
                var texts = new String[rows * input.columns().size()];
                for (int row = 0; row < rows; row++) {
                    fill(texts, row, input, batch.get(row));
                }
                put(input, texts);
            } else {
                for (int row = 0; row < rows; row++) {
                    fill(input.buffer(), row, input, batch.get(row));
                }
            }
        }
        return run();
    }

    private double run() throws OrtException {
        try (OrtSession.Result result = session.run(tensors)) {
            OnnxTensor output = (OnnxTensor) result.get(0);
            return output.getInfo().type == OnnxJavaType.FLOAT
                    ? output.getFloatBuffer().get(0)
                    : output.getDoubleBuffer().get(0);
        }
    }

    private static void fill(String[] texts, int row, Input input, Map<String, @Nullable Object> values) {
        int width = input.columns().size();
        for (int i = 0; i < width; i++) {
            Object value = values.get(input.columns().get(i));
            texts[row * width + i] = value == null ? "" : (String) value;
        }
    }

    private void put(Input input, String[] texts) throws OrtException {
        OnnxTensor old = tensors.put(input.name(), OnnxTensor.createTensor(environment, texts, input.shape()));
        if (old != null) {
            old.close();
        }
    }

    private static void fill(ByteBuffer buffer, int row, Input input, Map<String, @Nullable Object> values) {
        int width = input.columns().size();
        for (int i = 0; i < width; i++) {
            fill(
                    buffer,
                    row * width + i,
                    input.type(),
                    values.get(input.columns().get(i)));
        }
    }

    private static void fill(ByteBuffer buffer, int at, OnnxJavaType type, @Nullable Object value) {
        double number = value instanceof Number given ? given.doubleValue() : Double.NaN;
        switch (type) {
            case FLOAT -> buffer.putFloat(at * type.size, (float) number);
            case DOUBLE -> buffer.putDouble(at * type.size, number);
            case INT64 -> buffer.putLong(at * type.size, (long) number);
            case INT32 -> buffer.putInt(at * type.size, (int) number);
            default -> throw new IllegalStateException("a graph's input of type " + type + " is not measured");
        }
    }

    @Override
    public void close() throws OrtException {
        tensors.values().forEach(OnnxTensor::close);
        session.close();
    }
}
