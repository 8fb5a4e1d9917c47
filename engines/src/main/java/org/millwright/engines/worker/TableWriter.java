package org.millwright.engines.worker;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Vector;

/** Writes rows as a message that asks for their predictions. */
final class TableWriter {
    /** Where the request's number goes. */
    static final int NUMBER = Integer.BYTES + 1;

    private static final int HEAD = NUMBER + Long.BYTES + 2 * Integer.BYTES;
    private static final byte[] NOTHING = {};

    /** A column whose texts are bytes already. */
    private record Column(byte[] name, DataType type, Vector values, byte[][] texts, boolean masked) {
        long size() {
            int rows = values.size();
            long size = Short.BYTES + name.length + 2 + (masked ? rows : 0);
            for (byte[] text : texts) {
                size += text.length;
            }
            return size + (long) rows * width(type);
        }
    }

    private TableWriter() {}

    /** The message, or nothing when it would have more bytes than the limit. */
    static java.util.Optional<ByteBuffer> write(Frame frame, int limit) {
        List<Column> columns = new ArrayList<>(frame.width());
        long size = HEAD;
        for (int i = 0; i < frame.width(); i++) {
            Column column = column(frame.name(i), frame.type(i), frame.column(i));
            columns.add(column);
            size += column.size();
        }
        if (size - Integer.BYTES > limit) {
            return java.util.Optional.empty();
        }
        ByteBuffer message = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
        message.putInt((int) size - Integer.BYTES).put(Messages.PREDICT);
        message.putLong(0).putInt(frame.rows()).putInt(frame.width());
        columns.forEach(column -> put(message, column));
        return java.util.Optional.of(message.flip());
    }

    static int code(DataType type) {
        return switch (type) {
            case DOUBLE -> 1;
            case FLOAT -> 2;
            case LONG -> 3;
            case INTEGER -> 4;
            case BOOLEAN -> 5;
            case STRING -> 6;
        };
    }

    static int width(DataType type) {
        return switch (type) {
            case DOUBLE, LONG -> Long.BYTES;
            case FLOAT, INTEGER, STRING -> Integer.BYTES;
            case BOOLEAN -> 1;
        };
    }

    private static Column column(String name, DataType type, Vector values) {
        return new Column(name.getBytes(StandardCharsets.UTF_8), type, values, texts(values), isMasked(values));
    }

    /** In a column of reals NaN stands for itself. */
    private static boolean isMasked(Vector values) {
        int missing = 0;
        for (int row = 0; row < values.size(); row++) {
            missing += values.isNull(row) ? 1 : 0;
        }
        return missing > 0 && !(values instanceof Vector.Doubles);
    }

    private static byte[][] texts(Vector values) {
        if (!(values instanceof Vector.Strings strings)) {
            return new byte[0][];
        }
        byte[][] texts = new byte[values.size()][];
        for (int row = 0; row < texts.length; row++) {
            @Nullable String text = strings.values()[row];
            texts[row] = text == null ? NOTHING : text.getBytes(StandardCharsets.UTF_8);
        }
        return texts;
    }

    private static void put(ByteBuffer message, Column column) {
        message.putShort((short) column.name().length).put(column.name());
        message.put((byte) code(column.type())).put((byte) (column.masked() ? 1 : 0));
        Vector values = column.values();
        if (column.masked()) {
            for (int row = 0; row < values.size(); row++) {
                message.put((byte) (values.isNull(row) ? 1 : 0));
            }
        }
        switch (values) {
            case Vector.Doubles doubles -> put(message, doubles.values(), column.type());
            case Vector.Longs longs -> put(message, longs.values(), column.type());
            case Vector.Booleans booleans -> {
                for (boolean value : booleans.values()) {
                    message.put((byte) (value ? 1 : 0));
                }
            }
            case Vector.Strings strings -> {
                for (byte[] text : column.texts()) {
                    message.putInt(text.length);
                }
                for (byte[] text : column.texts()) {
                    message.put(text);
                }
            }
        }
    }

    private static void put(ByteBuffer message, double[] values, DataType type) {
        for (double value : values) {
            if (type == DataType.FLOAT) {
                message.putFloat((float) value);
            } else {
                message.putDouble(value);
            }
        }
    }

    private static void put(ByteBuffer message, long[] values, DataType type) {
        for (long value : values) {
            if (type == DataType.INTEGER) {
                message.putInt((int) value);
            } else {
                message.putLong(value);
            }
        }
    }
}
