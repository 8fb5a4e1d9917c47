package org.millwright.scoring.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.platform.Fp16Conversions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.Frame;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.Vector;

/** Input tensors of one call at a time over native memory that is used again for the next call of the same size. */
final class Slot implements AutoCloseable {
    private final OrtEnvironment environment;
    private final Inputs inputs;
    private final @Nullable ByteBuffer[] buffers;
    private final Map<String, OnnxTensor> tensors = new HashMap<>();
    private int rows = -1;

    Slot(OrtEnvironment environment, Inputs inputs) {
        this.environment = environment;
        this.inputs = inputs;
        this.buffers = new ByteBuffer[inputs.tensors().size()];
    }

    int rows() {
        return rows;
    }

    /** The input tensors filled with the rows {@code from} (inclusive) to {@code to} of a frame of the signature. */
    Map<String, OnnxTensor> fill(Frame frame, int from, int to) throws OrtException {
        if (to - from != rows) {
            close();
            rows = to - from;
        }
        for (int i = 0; i < buffers.length; i++) {
            Inputs.Tensor tensor = inputs.tensors().get(i);
            if (tensor.type() == OnnxJavaType.STRING) {
                text(tensor, frame, from, to);
            } else {
                numeric(i, tensor, frame, from, to);
            }
        }
        return tensors;
    }

    private long[] shape(Inputs.Tensor tensor) {
        return tensor.flat() ? new long[] {rows} : new long[] {rows, tensor.columns().length};
    }

    private void text(Inputs.Tensor tensor, Frame frame, int from, int to) throws OrtException {
        int width = tensor.columns().length;
        String[] values = new String[rows * width];
        for (int c = 0; c < width; c++) {
            @Nullable String[] column = ((Vector.Strings) frame.column(tensor.columns()[c])).values();
            for (int row = from; row < to; row++) {
                String value = column[row];
                values[(row - from) * width + c] = value == null ? "" : value;
            }
        }
        OnnxTensor old = tensors.put(tensor.name(), OnnxTensor.createTensor(environment, values, shape(tensor)));
        if (old != null) {
            old.close();
        }
    }

    private void numeric(int index, Inputs.Tensor tensor, Frame frame, int from, int to) throws OrtException {
        ByteBuffer buffer = buffers[index];
        if (buffer == null) {
            int bytes = rows * tensor.columns().length * tensor.type().size;
            buffer = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
            buffers[index] = buffer;
            tensors.put(tensor.name(), OnnxTensor.createTensor(environment, buffer, shape(tensor), tensor.type()));
        }
        int width = tensor.columns().length;
        for (int c = 0; c < width; c++) {
            write(buffer, tensor.type(), width, c, frame, tensor.columns()[c], from, to);
        }
    }

    private static void write(
            ByteBuffer buffer, OnnxJavaType type, int width, int offset, Frame frame, int column, int from, int to) {
        Vector vector = frame.column(column);
        for (int row = from; row < to; row++) {
            int at = ((row - from) * width + offset) * type.size;
            switch (type) {
                case FLOAT -> buffer.putFloat(at, (float) real(vector, row));
                case DOUBLE -> buffer.putDouble(at, real(vector, row));
                case INT64 -> buffer.putLong(at, whole(vector, frame, column, row));
                case INT32 ->
                    buffer.putInt(at, (int) whole(vector, frame, column, row, Integer.MIN_VALUE, Integer.MAX_VALUE));
                case INT16 ->
                    buffer.putShort(at, (short) whole(vector, frame, column, row, Short.MIN_VALUE, Short.MAX_VALUE));
                case INT8 -> buffer.put(at, (byte) whole(vector, frame, column, row, Byte.MIN_VALUE, Byte.MAX_VALUE));
                case UINT8 -> buffer.put(at, (byte) whole(vector, frame, column, row, 0, 255));
                case FLOAT16 -> buffer.putShort(at, Fp16Conversions.floatToFp16((float) real(vector, row)));
                case BFLOAT16 -> buffer.putShort(at, Fp16Conversions.floatToBf16((float) real(vector, row)));
                case BOOL -> buffer.put(at, (byte) whole(vector, frame, column, row));
                default -> throw new IllegalStateException("no numeric tensor of type " + type);
            }
        }
    }

    private static double real(Vector vector, int row) {
        if (vector instanceof Vector.Doubles doubles) {
            return doubles.values()[row];
        }
        if (vector.isNull(row)) {
            return Double.NaN;
        }
        if (vector instanceof Vector.Longs longs) {
            return longs.values()[row];
        }
        return ((Vector.Booleans) vector).values()[row] ? 1 : 0;
    }

    private static long whole(Vector vector, Frame frame, int column, int row) {
        if (vector.isNull(row)) {
            throw InvalidInput.cell(
                    frame.name(column), row, "a value, because the model cannot take a missing one", null);
        }
        if (vector instanceof Vector.Longs longs) {
            return longs.values()[row];
        }
        if (vector instanceof Vector.Booleans booleans) {
            return booleans.values()[row] ? 1 : 0;
        }
        double value = ((Vector.Doubles) vector).values()[row];
        if (Math.rint(value) != value || Math.abs(value) >= 0x1p63) {
            throw InvalidInput.cell(frame.name(column), row, "a whole number", value);
        }
        return (long) value;
    }

    private static long whole(Vector vector, Frame frame, int column, int row, long least, long most) {
        long value = whole(vector, frame, column, row);
        if (value < least || value > most) {
            throw InvalidInput.cell(frame.name(column), row, "a whole number from " + least + " to " + most, value);
        }
        return value;
    }

    @Override
    public void close() {
        tensors.values().forEach(OnnxTensor::close);
        tensors.clear();
        Arrays.fill(buffers, null);
        rows = -1;
    }
}
