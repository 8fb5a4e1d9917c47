package org.millwright.scoring.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.Vector;

/** Tensor data in binary form: little-endian, row by row; each text as its length in four bytes and its UTF-8. */
public final class BinaryData {
    private static final VarHandle SHORTS =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private BinaryData() {}

    /** The {@code size} bytes at {@code from} as so many elements; refuses more, less and what the type does not allow. */
    static Values read(String input, Datatype type, int elements, byte[] bytes, int from, int size) {
        if (type == Datatype.BYTES) {
            return Values.ofTexts(input, texts(input, elements, bytes, from, size));
        }
        long needed = (long) elements * type.width;
        Tensor.refuse(
                needed != size, input, elements + " elements of " + type + " are " + needed + " bytes, not " + size);
        if (type.isReal()) {
            var values = new double[elements];
            for (int i = 0; i < elements; i++) {
                values[i] = real(type, bytes, from + i * type.width);
            }
            return Values.ofReals(input, values);
        }
        var values = new long[elements];
        for (int i = 0; i < elements; i++) {
            values[i] = whole(type, bytes, from + i * type.width);
        }
        if (type != Datatype.BOOL) {
            return Values.ofWholes(input, values);
        }
        for (int i = 0; i < elements; i++) {
            Tensor.refuse(values[i] > 1, input, "element " + i + " is no BOOL, which is one byte of 0 or 1");
        }
        return Values.ofTruths(input, values);
    }

    private static double real(Datatype type, byte[] bytes, int at) {
        return switch (type) {
            case FP64 -> Double.longBitsToDouble((long) LONGS.get(bytes, at));
            case FP32 -> Float.intBitsToFloat((int) INTS.get(bytes, at));
            case BF16 -> Float.intBitsToFloat((short) SHORTS.get(bytes, at) << 16);
            default -> half((short) SHORTS.get(bytes, at));
        };
    }

    /** IEEE 754 binary16. */
    private static float half(short bits) {
        int sign = bits < 0 ? -1 : 1;
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0) {
            return sign * (fraction * 0x1p-24f);
        }
        if (exponent == 0x1f) {
            return fraction == 0 ? sign * Float.POSITIVE_INFINITY : Float.NaN;
        }
        return sign * Float.intBitsToFloat(exponent + 112 << 23 | fraction << 13);
    }

    /** A whole number; of a UINT64 above the greatest long, a negative one, which its range refuses. */
    private static long whole(Datatype type, byte[] bytes, int at) {
        return switch (type) {
            case INT8 -> bytes[at];
            case INT16 -> (short) SHORTS.get(bytes, at);
            case UINT16 -> (short) SHORTS.get(bytes, at) & 0xffff;
            case INT32 -> (int) INTS.get(bytes, at);
            case UINT32 -> (int) INTS.get(bytes, at) & 0xffff_ffffL;
            case INT64, UINT64 -> (long) LONGS.get(bytes, at);
            default -> bytes[at] & 0xff;
        };
    }

    private static String[] texts(String input, int elements, byte[] bytes, int from, int size) {
        int end = from + size;
        Tensor.refuse(
                (long) elements * 4 > size, input, elements + " BYTES elements do not fit into " + size + " bytes");
        var texts = new String[elements];
        int at = from;
        for (int i = 0; i < elements; i++) {
            Tensor.refuse(at > end - 4, input, "element " + i + " lies beyond the end of the data");
            int length = (int) INTS.get(bytes, at);
            at += 4;
            Tensor.refuse(length < 0 || length > end - at, input, "element " + i + " lies beyond the end of the data");
            texts[i] = text(input, i, bytes, at, length);
            at += length;
        }
        Tensor.refuse(
                at != end, input, (end - at) + " bytes are left after the " + elements + " elements of the shape");
        return texts;
    }

    /** The bytes as text; refuses what is not UTF-8. */
    public static String text(String input, int element, byte[] bytes, int from, int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, from, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw InvalidInput.of("input '" + InvalidInput.shorten(input) + "': element " + element + " is not UTF-8");
        }
    }

    /** A column in binary form; {@link InvalidInput} when a value is missing that this form cannot say. */
    public static byte[] write(Frame frame, int column) {
        Vector values = frame.column(column);
        int rows = frame.rows();
        for (int row = 0; row < rows; row++) {
            if (values.isNull(row) && !(values instanceof Vector.Doubles)) {
                throw InvalidInput.of(
                        "output '" + frame.name(column) + "', row " + row
                                + ": is missing, which binary data cannot say: ask for this output as JSON (binary_data false)");
            }
        }
        if (values instanceof Vector.Strings strings) {
            return texts(strings, rows);
        }
        DataType type = frame.type(column);
        int width = Datatype.of(type).width;
        var bytes = new byte[rows * width];
        for (int row = 0; row < rows; row++) {
            put(bytes, row * width, values, row, width);
        }
        return bytes;
    }

    private static void put(byte[] bytes, int at, Vector values, int row, int width) {
        if (values instanceof Vector.Doubles doubles) {
            double value = doubles.values()[row];
            if (width == 8) {
                LONGS.set(bytes, at, Double.doubleToRawLongBits(value));
            } else {
                INTS.set(bytes, at, Float.floatToRawIntBits((float) value));
            }
        } else if (values instanceof Vector.Longs longs) {
            long value = longs.values()[row];
            if (width == 8) {
                LONGS.set(bytes, at, value);
            } else {
                INTS.set(bytes, at, (int) value);
            }
        } else {
            bytes[at] = ((Vector.Booleans) values).values()[row] ? (byte) 1 : 0;
        }
    }

    private static byte[] texts(Vector.Strings strings, int rows) {
        var encoded = new byte[rows][];
        int size = 0;
        for (int row = 0; row < rows; row++) {
            encoded[row] = String.valueOf(strings.values()[row]).getBytes(StandardCharsets.UTF_8);
            size = Math.addExact(size, 4 + encoded[row].length);
        }
        var bytes = new byte[size];
        int at = 0;
        for (byte[] text : encoded) {
            INTS.set(bytes, at, text.length);
            System.arraycopy(text, 0, bytes, at + 4, text.length);
            at += 4 + text.length;
        }
        return bytes;
    }
}
