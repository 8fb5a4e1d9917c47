package org.millwright.engines.duckdb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.millwright.dataset.Column;
import org.millwright.dataset.OpenTable;
import org.millwright.dataset.TableEngine.Format;
import org.millwright.scoring.Frame;
import org.millwright.scoring.profile.ColumnCounts;
import org.millwright.scoring.profile.Sample;

/** A file opened by a database of its own; CSV is rewritten as Parquet once, so that columns can be read one by one. */
final class Opened implements OpenTable {
    private static final int MANY = 100_000;
    /** With more columns it costs less to load a file than to read its description again for each column. */
    private static final int WIDE = 100;

    private static final String TABLE = "opened";
    /** Columns of the tables that a wide one is parted into: a query costs as much as its table has columns. */
    private static final int NARROW = 50;

    /** A date, or a date and time, as text. */
    private static final Pattern TIME =
            Pattern.compile("\\d{4}-\\d{2}-\\d{2}([ T]\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?(Z|[+-]\\d{2}:?(\\d{2})?)?)?");

    private final Ducks ducks;
    private final Duck duck;
    private final String what;
    private final Path parquet;
    private final boolean temporary;
    private final List<Column> columns;
    private final long rows;
    private boolean closed;

    private Opened(
            Ducks ducks, Duck duck, String what, Path parquet, boolean temporary, List<Column> columns, long rows) {
        this.ducks = ducks;
        this.duck = duck;
        this.what = what;
        this.parquet = parquet;
        this.temporary = temporary;
        this.columns = columns;
        this.rows = rows;
    }

    static Opened open(Ducks ducks, Path source, Format format, List<String> missing) {
        String what = "Reading " + source.getFileName();
        Duck duck = ducks.open();
        boolean opened = false;
        try {
            Opened table = ducks.on(duck, what, open -> {
                try {
                    return open(ducks, open, what, source, format, missing);
                } catch (SQLException e) {
                    throw Source.brief(e);
                }
            });
            opened = true;
            return table;
        } finally {
            if (!opened) {
                ducks.end(duck, false);
            }
        }
    }

    private static Opened open(Ducks ducks, Duck open, String what, Path source, Format format, List<String> missing)
            throws SQLException {
        boolean temporary = format == Format.CSV;
        Path parquet = temporary ? open.temp().resolve("opened.parquet") : source;
        if (temporary) {
            Source.convert(open, source, missing, parquet);
        }
        String all = Sql.parquet(List.of(parquet));
        List<Column> columns = Source.describe(open, "select * from " + all);
        if (columns.size() > WIDE) {
            part(open, all, columns);
        }
        return new Opened(
                ducks,
                open,
                what,
                parquet,
                temporary,
                columns,
                open.one("select count(*) from " + all, row -> row.getLong(1)));
    }

    private static void part(Duck open, String all, List<Column> columns) throws SQLException {
        open.execute("create table " + TABLE + " as select * from " + all);
        for (int from = 0; from < columns.size(); from += NARROW) {
            String some = columns.subList(from, Math.min(columns.size(), from + NARROW)).stream()
                    .map(column -> Sql.name(column.name()))
                    .collect(Collectors.joining(", "));
            open.execute("create table " + part(from) + " as select " + some + " from " + TABLE);
        }
        open.execute("drop table " + TABLE);
    }

    private static String part(int column) {
        return TABLE + "_" + column / NARROW;
    }

    @Override
    public List<Column> columns() {
        return columns;
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public ColumnCounts count(String name) {
        Column column = columns.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no column '" + name + "'"));
        return ducks.on(duck, what, open -> count(open, column));
    }

    private ColumnCounts count(Duck open, Column column) throws SQLException {
        if (Frames.isNumeric(column.type())) {
            return numbers(open, column);
        }
        return column.type().startsWith("TIMESTAMP")
                        || column.type().equals("DATE")
                        || column.type().startsWith("TIME")
                ? times(open, column)
                : texts(open, column);
    }

    private String from(Column column, String select) {
        return "select " + select + " from "
                + (columns.size() > WIDE ? part(columns.indexOf(column)) : Sql.parquet(List.of(parquet)));
    }

    private ColumnCounts numbers(Duck open, Column column) throws SQLException {
        var values = new Growing();
        open.query(
                from(column, "cast(" + Sql.name(column.name()) + " as double) as v, count(*)")
                        + " where isfinite(v) group by 1 order by 1",
                row -> values.add(row.getDouble(1), row.getLong(2)));
        Sample sample = values.sample();
        return new ColumnCounts.Numbers(column.name(), sample, rows - sample.size());
    }

    private ColumnCounts times(Duck open, Column column) throws SQLException {
        String name = Sql.name(column.name());
        return open.one(
                from(
                        column,
                        "coalesce(cast(min(" + name + ") as varchar), ''), coalesce(cast(max(" + name
                                + ") as varchar), ''), approx_count_distinct(" + name + "), count(" + name + ")"),
                row -> new ColumnCounts.Times(
                        column.name(),
                        row.getString(1),
                        row.getString(2),
                        row.getInt(3),
                        row.getLong(4),
                        rows - row.getLong(4)));
    }

    private ColumnCounts texts(Duck open, Column column) throws SQLException {
        String name = Sql.name(column.name());
        if (rows > MANY) {
            int distinct = open.one(from(column, "approx_count_distinct(" + name + ")"), row -> row.getInt(1));
            long present = open.one(from(column, "count(" + name + ")"), row -> row.getLong(1));
            if (distinct > MANY && distinct > present / 2) {
                if (open.one(
                        from(
                                column,
                                "count(*) filter (not regexp_full_match(cast(" + name + " as varchar), "
                                        + Sql.text(TIME.pattern()) + "))"),
                        row -> row.getLong(1) == 0)) {
                    return times(open, column);
                }
                return new ColumnCounts.Identifiers(column.name(), distinct, present, rows - present);
            }
        }
        Map<String, Long> counts = new HashMap<>();
        open.query(
                from(column, "cast(" + name + " as varchar), count(*)") + " where " + name + " is not null group by 1",
                row -> counts.put(row.getString(1), row.getLong(2)));
        long present = counts.values().stream().mapToLong(Long::longValue).sum();
        if (present > 0
                && counts.keySet().stream().allMatch(text -> TIME.matcher(text).matches())) {
            return times(open, column);
        }
        return new ColumnCounts.Categories(column.name(), counts, rows - present);
    }

    @Override
    public Frame read(List<String> names) {
        return ducks.on(duck, what, open -> {
            List<Frame> parts = new ArrayList<>();
            try (Frames frames = Frames.open(open, parquet, names, Long.MAX_VALUE)) {
                for (var next = frames.next(100_000); next.isPresent(); next = frames.next(100_000)) {
                    parts.add(next.get());
                }
                return parts.isEmpty() ? frames.frame(0) : Frame.concat(parts);
            }
        });
    }

    @Override
    public Frame sample(List<String> names, int size) {
        if (rows <= size) {
            return read(names);
        }
        return ducks.on(duck, what, open -> {
            try (Frames frames = Frames.sample(open, parquet, names, size)) {
                return frames.frame(size);
            }
        });
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (temporary) {
            try {
                Files.deleteIfExists(parquet);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                ducks.end(duck, true);
            }
        } else {
            ducks.end(duck, true);
        }
    }

    /** Counted values in the making. */
    private static final class Growing {
        private double[] values = new double[1024];
        private long[] counts = new long[1024];
        private int size;

        /** Not 0 and −0 apart, which the database orders beside each other. */
        int add(double value, long count) {
            double plain = value == 0 ? 0.0 : value;
            if (size > 0 && values[size - 1] == plain) {
                counts[size - 1] += count;
                return size;
            }
            if (size == values.length) {
                values = Arrays.copyOf(values, 2 * size);
                counts = Arrays.copyOf(counts, 2 * size);
            }
            values[size] = plain;
            counts[size++] = count;
            return size;
        }

        Sample sample() {
            return Sample.counted(Arrays.copyOf(values, size), Arrays.copyOf(counts, size));
        }
    }
}
