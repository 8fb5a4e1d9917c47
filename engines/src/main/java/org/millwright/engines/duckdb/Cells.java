package org.millwright.engines.duckdb;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Vector;

/** One column of a frame in the making. */
sealed interface Cells {
    static Cells of(DataType type, int size) {
        return switch (type) {
            case DOUBLE, FLOAT -> new Reals(new double[size]);
            case LONG, INTEGER -> new Wholes(new long[size], new BitSet());
            case BOOLEAN -> new Truths(new boolean[size], new BitSet());
            case STRING -> new Texts(new String[size]);
        };
    }

    void read(ResultSet rows, int column, int row) throws SQLException;

    Vector vector(int rows);

    record Reals(double[] values) implements Cells {
        @Override
        public void read(ResultSet rows, int column, int row) throws SQLException {
            double value = rows.getDouble(column);
            values[row] = rows.wasNull() ? Double.NaN : value;
        }

        @Override
        public Vector vector(int rows) {
            return new Vector.Doubles(Arrays.copyOf(values, rows));
        }
    }

    record Wholes(long[] values, BitSet nulls) implements Cells {
        @Override
        public void read(ResultSet rows, int column, int row) throws SQLException {
            values[row] = rows.getLong(column);
            if (rows.wasNull()) {
                values[row] = 0;
                nulls.set(row);
            }
        }

        @Override
        public Vector vector(int rows) {
            return new Vector.Longs(Arrays.copyOf(values, rows), nulls.isEmpty() ? null : nulls);
        }
    }

    record Truths(boolean[] values, BitSet nulls) implements Cells {
        @Override
        public void read(ResultSet rows, int column, int row) throws SQLException {
            values[row] = rows.getBoolean(column);
            if (rows.wasNull()) {
                values[row] = false;
                nulls.set(row);
            }
        }

        @Override
        public Vector vector(int rows) {
            return new Vector.Booleans(Arrays.copyOf(values, rows), nulls.isEmpty() ? null : nulls);
        }
    }

    record Texts(@Nullable String[] values) implements Cells {
        @Override
        public void read(ResultSet rows, int column, int row) throws SQLException {
            values[row] = rows.getString(column);
        }

        @Override
        public Vector vector(int rows) {
            return new Vector.Strings(Arrays.copyOf(values, rows));
        }
    }
}
