package org.millwright.scoring.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.ModelFailure;
import org.millwright.scoring.Signature;
import org.millwright.scoring.Vector;

/** Turns the graph's output tensors into columns. */
final class Outputs {
    private record Column(String name, Vector values) {}

    private Outputs() {}

    /** Columns named after the signature's outputs when their number agrees, else after the graph's. */
    static Frame read(Signature signature, OrtSession.Result result, int rows) throws OrtException {
        List<Column> columns = new ArrayList<>();
        for (Map.Entry<String, OnnxValue> output : result) {
            if (!(output.getValue() instanceof OnnxTensor tensor)) {
                throw new ModelFailure("ONNX output '" + output.getKey()
                        + "' is not a tensor: export classifiers without ZipMap (options={'zipmap': False})");
            }
            columns.addAll(columns(output.getKey(), tensor, rows));
        }
        boolean named = columns.size() == signature.outputs().size();
        Frame.Builder frame = Frame.of(rows);
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            String single = columns.size() == 1 ? "prediction" : column.name();
            String name = named ? signature.outputs().get(i).name() : single;
            DataType declared = named ? signature.outputs().get(i).type() : natural(column.values());
            Vector values = as(declared, column.values());
            frame.column(name, fits(declared, values) ? declared : natural(values), values);
        }
        return frame.build();
    }

    private static boolean fits(DataType type, Vector values) {
        if (values instanceof Vector.Doubles) {
            return type.isReal();
        }
        if (values instanceof Vector.Longs) {
            return type.isIntegral();
        }
        return type == natural(values);
    }

    /** Whole numbers as the signature has them: converters number classes that are truth values or reals. */
    private static Vector as(DataType declared, Vector values) {
        if (!(values instanceof Vector.Longs longs) || declared.isIntegral() || declared == DataType.STRING) {
            return values;
        }
        if (declared.isReal()) {
            return new Vector.Doubles(
                    Arrays.stream(longs.values()).asDoubleStream().toArray());
        }
        boolean[] truths = new boolean[longs.values().length];
        for (int i = 0; i < truths.length; i++) {
            truths[i] = longs.values()[i] != 0;
        }
        return new Vector.Booleans(truths);
    }

    private static DataType natural(Vector values) {
        if (values instanceof Vector.Doubles) {
            return DataType.DOUBLE;
        }
        if (values instanceof Vector.Longs) {
            return DataType.LONG;
        }
        return values instanceof Vector.Booleans ? DataType.BOOLEAN : DataType.STRING;
    }

    private static List<Column> columns(String name, OnnxTensor tensor, int rows) throws OrtException {
        TensorInfo info = tensor.getInfo();
        long[] shape = info.getShape();
        boolean fits = (shape.length == 1 || shape.length == 2) && shape[0] == rows;
        if (!fits) {
            throw new ModelFailure("ONNX output '" + name + "' has shape " + Arrays.toString(shape) + ": expected ["
                    + rows + "] or [" + rows + ", k]");
        }
        int width = shape.length == 1 ? 1 : (int) shape[1];
        List<Column> columns = new ArrayList<>(width);
        for (int c = 0; c < width; c++) {
            String label = width == 1 ? name : name + "." + c;
            columns.add(new Column(label, values(name, tensor, info, rows, width, c)));
        }
        return columns;
    }

    private static Vector values(String name, OnnxTensor tensor, TensorInfo info, int rows, int width, int column)
            throws OrtException {
        switch (info.type) {
            case FLOAT:
            case FLOAT16:
            case BFLOAT16:
                return reals(tensor.getFloatBuffer(), rows, width, column);
            case DOUBLE:
                return reals(tensor.getDoubleBuffer(), rows, width, column);
            case INT64:
                return wholes(tensor.getLongBuffer(), rows, width, column);
            case INT32:
                return wholes(tensor.getIntBuffer(), rows, width, column, mask(info));
            case INT16:
                return wholes(tensor.getShortBuffer(), rows, width, column, mask(info));
            case INT8:
            case UINT8:
                return wholes(tensor.getByteBuffer(), rows, width, column, mask(info));
            case BOOL:
                return truths(tensor.getByteBuffer(), rows, width, column);
            case STRING:
                return texts(tensor.getValue(), rows, column);
            default:
                throw new ModelFailure("ONNX output '" + name + "' of type " + info.type + " is not served");
        }
    }

    private static Vector reals(FloatBuffer buffer, int rows, int width, int column) {
        double[] values = new double[rows];
        for (int i = 0; i < rows; i++) {
            values[i] = buffer.get(i * width + column);
        }
        return new Vector.Doubles(values);
    }

    private static Vector reals(DoubleBuffer buffer, int rows, int width, int column) {
        double[] values = new double[rows];
        for (int i = 0; i < rows; i++) {
            values[i] = buffer.get(i * width + column);
        }
        return new Vector.Doubles(values);
    }

    private static Vector wholes(LongBuffer buffer, int rows, int width, int column) {
        long[] values = new long[rows];
        for (int i = 0; i < rows; i++) {
            values[i] = buffer.get(i * width + column);
        }
        return new Vector.Longs(values);
    }

    /** The bits of a value that count when the graph's type has no sign; all where it has one. */
    private static long mask(TensorInfo info) {
        return switch (info.onnxType) {
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8 -> 0xffL;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16 -> 0xffffL;
            case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32 -> 0xffff_ffffL;
            default -> -1L;
        };
    }

    private static Vector wholes(IntBuffer buffer, int rows, int width, int column, long mask) {
        long[] values = new long[rows];
        for (int i = 0; i < rows; i++) {
            values[i] = buffer.get(i * width + column) & mask;
        }
        return new Vector.Longs(values);
    }

    private static Vector wholes(ShortBuffer buffer, int rows, int width, int column, long mask) {
        long[] values = new long[rows];
        for (int i = 0; i < rows; i++) {
            values[i] = buffer.get(i * width + column) & mask;
        }
        return new Vector.Longs(values);
    }

    private static Vector wholes(ByteBuffer buffer, int rows, int width, int column, long mask) {
        long[] values = new long[rows];
        for (int i = 0; i < rows; i++) {
            values[i] = buffer.get(i * width + column) & mask;
        }
        return new Vector.Longs(values);
    }

    private static Vector truths(ByteBuffer buffer, int rows, int width, int column) {
        boolean[] values = new boolean[rows];
        for (int i = 0; i < rows; i++) {
            values[i] = buffer.get(i * width + column) != 0;
        }
        return new Vector.Booleans(values);
    }

    private static Vector texts(Object value, int rows, int column) {
        if (value instanceof String[] flat) {
            return new Vector.Strings(flat);
        }
        String[] values = new String[rows];
        for (int i = 0; i < rows; i++) {
            values[i] = ((String[][]) value)[i][column];
        }
        return new Vector.Strings(values);
    }
}
