package org.millwright.scoring;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fills a frame value by value, converting strictly to the signature's types. */
public final class FrameBuilder {
    private final Signature signature;
    private final ColumnBuilder[] columns;

    /** {@code rows} is the expected number of rows; more or fewer may follow. */
    public FrameBuilder(Signature signature, int rows) {
        this.signature = signature;
        List<Signature.Column> inputs = signature.inputs();
        this.columns = new ColumnBuilder[inputs.size()];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = new ColumnBuilder(inputs.get(i), Math.max(1, rows));
        }
    }

    public void addDouble(int column, double value) {
        columns[column].addDouble(value);
    }

    public void addLong(int column, long value) {
        columns[column].addLong(value);
    }

    public void addBoolean(int column, boolean value) {
        columns[column].addBoolean(value);
    }

    public void addString(int column, String value) {
        columns[column].addString(value);
    }

    public void addNull(int column) {
        columns[column].addNull();
    }

    /** Number of values that column has so far. */
    public int size(int column) {
        return columns[column].size();
    }

    /** Adds a boxed value: Number, Boolean, CharSequence or null. */
    public void add(int column, @Nullable Object value) {
        if (value == null) {
            addNull(column);
        } else if (value instanceof Double || value instanceof Float) {
            addDouble(column, ((Number) value).doubleValue());
        } else if (value instanceof Long
                || value instanceof Integer
                || value instanceof Short
                || value instanceof Byte) {
            addLong(column, ((Number) value).longValue());
        } else if (value instanceof Boolean truth) {
            addBoolean(column, truth);
        } else if (value instanceof CharSequence text) {
            addString(column, text.toString());
        } else if (value instanceof Number number) {
            addDouble(column, number.doubleValue());
        } else {
            throw columns[column].unfit(value);
        }
    }

    /** Adds one row; names that the signature does not have are ignored, a missing required one is refused. */
    public void addRow(Map<String, ? extends @Nullable Object> row) {
        for (int i = 0; i < columns.length; i++) {
            String name = columns[i].name();
            Object value = row.get(name);
            if (value != null) {
                add(i, value);
            } else if (row.containsKey(name)) {
                addNull(i);
            } else {
                columns[i].addAbsent();
            }
        }
    }

    /** The frame; optional columns that got no value are missing throughout. */
    public Frame build() {
        int rows = 0;
        for (ColumnBuilder column : columns) {
            rows = Math.max(rows, column.size());
        }
        var vectors = new Vector[columns.length];
        for (int i = 0; i < vectors.length; i++) {
            ColumnBuilder column = columns[i];
            if (column.size() == 0 && rows > 0) {
                column.fillAbsent(rows);
            }
            if (column.size() != rows) {
                throw InvalidInput.column(column.name(), "has " + column.size() + " values, expected " + rows);
            }
            vectors[i] = column.build();
        }
        return new Frame(rows, signature.names(), signature.types(), List.of(vectors));
    }
}
