package org.millwright.engines.duckdb;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.millwright.dataset.Column;
import org.millwright.kernel.Problem;
import org.millwright.kernel.Yaml;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;

/** The rows of a Parquet file as frames, in the file's order. */
final class Frames implements AutoCloseable {
    private static final Set<String> SMALL = Set.of("TINYINT", "SMALLINT", "INTEGER", "UTINYINT", "USMALLINT");
    private static final Set<String> LARGE = Set.of("BIGINT", "UINTEGER");

    private final List<Column> columns;
    private final Statement statement;
    private final ResultSet rows;

    private Frames(List<Column> columns, Statement statement, ResultSet rows) {
        this.columns = columns;
        this.statement = statement;
        this.rows = rows;
    }

    /** @param names columns to read; empty for all */
    static Frames open(Duck duck, Path parquet, List<String> names, long limit) throws SQLException {
        return open(duck, parquet, names, limit < Long.MAX_VALUE ? " limit " + limit : "");
    }

    /** So many rows at random; the same each time. */
    static Frames sample(Duck duck, Path parquet, List<String> names, int rows) throws SQLException {
        return open(duck, parquet, names, " using sample reservoir(" + rows + " rows) repeatable (7)");
    }

    private static Frames open(Duck duck, Path parquet, List<String> names, String which) throws SQLException {
        String table = Sql.parquet(List.of(parquet));
        List<Column> columns = chosen(Source.describe(duck, "select * from " + table), names, parquet);
        String select = columns.stream().map(Frames::readable).collect(Collectors.joining(", "));
        Statement statement = duck.connection().createStatement();
        ResultSet rows = statement.executeQuery("select " + select + " from " + table + which);
        return new Frames(columns, statement, rows);
    }

    /** The next rows, at most {@code size}; empty at the end. */
    Optional<Frame> next(int size) throws SQLException {
        return Optional.of(frame(size)).filter(frame -> frame.rows() > 0);
    }

    /** The next rows, at most {@code size}, or a frame without rows. */
    Frame frame(int size) throws SQLException {
        var cells = new ArrayList<Cells>();
        for (Column column : columns) {
            cells.add(Cells.of(type(column.type()), size));
        }
        int count = 0;
        while (count < size && rows.next()) {
            for (int i = 0; i < cells.size(); i++) {
                cells.get(i).read(rows, i + 1, count);
            }
            count++;
        }
        Frame.Builder frame = Frame.of(count);
        for (int i = 0; i < cells.size(); i++) {
            frame.column(
                    columns.get(i).name(),
                    type(columns.get(i).type()),
                    cells.get(i).vector(count));
        }
        return frame.build();
    }

    @Override
    public void close() throws SQLException {
        rows.close();
        statement.close();
    }

    static boolean isNumeric(String type) {
        return SMALL.contains(type)
                || LARGE.contains(type)
                || type.equals("DOUBLE")
                || type.equals("FLOAT")
                || type.equals("HUGEINT")
                || type.equals("UBIGINT")
                || type.startsWith("DECIMAL");
    }

    private static DataType type(String type) {
        if (SMALL.contains(type)) {
            return DataType.INTEGER;
        }
        if (LARGE.contains(type)) {
            return DataType.LONG;
        }
        if (type.equals("FLOAT")) {
            return DataType.FLOAT;
        }
        if (isNumeric(type)) {
            return DataType.DOUBLE;
        }
        return type.equals("BOOLEAN") ? DataType.BOOLEAN : DataType.STRING;
    }

    private static String readable(Column column) {
        String name = Sql.name(column.name());
        return switch (type(column.type())) {
            case INTEGER, LONG -> "cast(" + name + " as bigint)";
            case FLOAT, DOUBLE -> "cast(" + name + " as double)";
            case BOOLEAN -> name;
            case STRING ->
                column.type().startsWith("TIMESTAMP")
                        ? "strftime(cast(" + name + " as timestamp), '%Y-%m-%dT%H:%M:%S.%f')"
                        : "cast(" + name + " as varchar)";
        };
    }

    private static List<Column> chosen(List<Column> all, List<String> names, Path parquet) {
        if (names.isEmpty()) {
            return all;
        }
        List<String> known = all.stream().map(Column::name).toList();
        return names.stream()
                .map(name -> all.stream()
                        .filter(column -> column.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new Problem.Invalid("No column '" + name + "' in " + parquet.getFileName()
                                + Yaml.nearest(name, known)
                                        .map(near -> "; did you mean '" + near + "'?")
                                        .orElse("")
                                + " (it has: " + String.join(", ", known) + ")")))
                .toList();
    }
}
