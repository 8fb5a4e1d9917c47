package org.millwright.engines.duckdb;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.duckdb.DuckDBAppender;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Vector;

/** Frames of the same columns as a table. */
final class Appending {
    private final Duck duck;
    private final String table;
    private List<String> names = List.of();
    private long rows;

    Appending(Duck duck, String table) {
        this.duck = duck;
        this.table = table;
    }

    long rows() {
        return rows;
    }

    boolean isEmpty() {
        return names.isEmpty();
    }

    void add(Frame frame) throws SQLException {
        if (names.isEmpty()) {
            create(frame);
        } else if (!names.equals(frame.names())) {
            throw new IllegalArgumentException("columns: " + frame.names() + " (expected: " + names + ")");
        }
        try (DuckDBAppender appender = duck.connection().createAppender(table)) {
            for (int row = 0; row < frame.rows(); row++) {
                appender.beginRow();
                for (int column = 0; column < frame.width(); column++) {
                    append(appender, frame.type(column), frame.column(column), row);
                }
                appender.endRow();
            }
        }
        rows += frame.rows();
    }

    private void create(Frame frame) throws SQLException {
        var columns = new ArrayList<String>();
        for (int i = 0; i < frame.width(); i++) {
            columns.add(Sql.name(frame.name(i)) + " " + type(frame.type(i)));
        }
        duck.execute("create table " + table + " (" + String.join(", ", columns) + ")");
        names = frame.names();
    }

    private static String type(DataType type) {
        return switch (type) {
            case DOUBLE -> "double";
            case FLOAT -> "float";
            case LONG -> "bigint";
            case INTEGER -> "integer";
            case BOOLEAN -> "boolean";
            case STRING -> "varchar";
        };
    }

    private static void append(DuckDBAppender appender, DataType type, Vector vector, int row) throws SQLException {
        if (vector.isNull(row)) {
            appender.appendNull();
            return;
        }
        switch (vector) {
            case Vector.Doubles doubles when type == DataType.FLOAT -> appender.append((float) doubles.values()[row]);
            case Vector.Doubles doubles -> appender.append(doubles.values()[row]);
            case Vector.Longs longs when type == DataType.INTEGER -> appender.append((int) longs.values()[row]);
            case Vector.Longs longs -> appender.append(longs.values()[row]);
            case Vector.Booleans booleans -> appender.append(booleans.values()[row]);
            case Vector.Strings strings -> appender.append(strings.values()[row]);
        }
    }
}
