package org.millwright.engines.worker;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.Vector;

/** Reads the predictions that a worker sent; believes no length before the bytes are there. */
final class TableReader {
    private static final int MOST_COLUMNS = 100_000;

    private final ByteBuffer body;

    private TableReader(ByteBuffer body) {
        this.body = body;
    }

    /** Throws {@link Messages.Strange} when they are not as many rows, or no table. */
    static Frame read(ByteBuffer body, int rows) throws Messages.Strange {
        try {
            return new TableReader(body).read(rows);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new Messages.Strange("sent a table that ends too early");
        } catch (InvalidInput e) {
            throw new Messages.Strange("sent a table that is none: " + e.getMessage());
        }
    }

    private Frame read(int rows) throws Messages.Strange {
        int answered = body.getInt();
        int columns = body.getInt();
        if (answered != rows || columns < 1 || columns > MOST_COLUMNS) {
            throw new Messages.Strange("sent " + Integer.toUnsignedString(answered) + " rows of "
                    + Integer.toUnsignedString(columns) + " columns for " + rows + " rows");
        }
        Frame.Builder frame = Frame.of(rows);
        for (int i = 0; i < columns; i++) {
            String name = text(Short.toUnsignedInt(body.getShort()));
            DataType type = type(body.get());
            BitSet missing = body.get() == 0 ? null : mask(rows);
            require((long) rows * TableWriter.width(type));
            frame.column(name, type, values(type, rows, missing));
        }
        if (body.hasRemaining()) {
            throw new Messages.Strange("sent " + body.remaining() + " bytes after its table");
        }
        return frame.build();
    }

    private Vector values(DataType type, int rows, @Nullable BitSet missing) {
        return switch (type) {
            case DOUBLE, FLOAT -> new Vector.Doubles(doubles(type, rows), missing);
            case LONG, INTEGER -> new Vector.Longs(longs(type, rows), missing);
            case BOOLEAN -> new Vector.Booleans(booleans(rows), missing);
            case STRING -> new Vector.Strings(texts(rows, missing));
        };
    }

    private static DataType type(byte code) throws Messages.Strange {
        for (DataType type : DataType.values()) {
            if (TableWriter.code(type) == code) {
                return type;
            }
        }
        throw new Messages.Strange("sent a column of the unknown type " + code);
    }

    private void require(long bytes) {
        if (bytes > body.remaining()) {
            throw new BufferUnderflowException();
        }
    }

    private BitSet mask(int rows) {
        require(rows);
        var missing = new BitSet();
        for (int row = 0; row < rows; row++) {
            missing.set(row, body.get() != 0);
        }
        return missing;
    }

    private double[] doubles(DataType type, int rows) {
        var values = new double[rows];
        for (int row = 0; row < rows; row++) {
            values[row] = type == DataType.FLOAT ? body.getFloat() : body.getDouble();
        }
        return values;
    }

    private long[] longs(DataType type, int rows) {
        var values = new long[rows];
        for (int row = 0; row < rows; row++) {
            values[row] = type == DataType.INTEGER ? body.getInt() : body.getLong();
        }
        return values;
    }

    private boolean[] booleans(int rows) {
        var values = new boolean[rows];
        for (int row = 0; row < rows; row++) {
            values[row] = body.get() != 0;
        }
        return values;
    }

    private @Nullable String[] texts(int rows, @Nullable BitSet missing) {
        var lengths = new int[rows];
        for (int row = 0; row < rows; row++) {
            lengths[row] = body.getInt();
        }
        var values = new @Nullable String[rows];
        for (int row = 0; row < rows; row++) {
            String text = text(lengths[row]);
            values[row] = missing != null && missing.get(row) ? null : text;
        }
        return values;
    }

    private String text(int length) {
        require(Integer.toUnsignedLong(length));
        var bytes = new byte[length];
        body.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
