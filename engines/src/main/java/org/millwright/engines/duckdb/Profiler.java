package org.millwright.engines.duckdb;

import java.nio.file.Path;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.millwright.dataset.Column;
import org.millwright.dataset.TableProfile;
import org.millwright.dataset.TableProfile.ColumnProfile;
import org.millwright.dataset.TableProfile.Frequency;
import org.millwright.dataset.TableProfile.Numbers;

/** Summarises the columns of a Parquet file, exactly: in one scan of each column, and one more for the most frequent values. */
final class Profiler {
    /** Columns of a query: one over ten thousand takes gigabytes and minutes, of a hundred each they take seconds. */
    private static final int TOGETHER = 100;
    /** Values that are held at a time, to count those of columns that have few. */
    private static final long CELLS = 10_000_000;

    private static final int TOP = 10;
    private static final long CATEGORIES = 1000;
    private static final String FINITE = "mw:finite:";
    /** Whole numbers that quantiles would be wrong of, or another type than a double. */
    private static final Set<String> EXACT = Set.of("HUGEINT", "UBIGINT");

    private static final String LEVELS =
            Numbers.LEVELS.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));

    private final Duck duck;
    private final String table;

    Profiler(Duck duck, Path parquet) {
        this.duck = duck;
        this.table = Sql.parquet(List.of(parquet));
    }

    TableProfile run() throws SQLException {
        List<Column> columns = Source.describe(duck, "select * from " + table);
        var profiles = new ArrayList<ColumnProfile>();
        long rows = 0;
        for (int from = 0; from < columns.size(); from += TOGETHER) {
            rows = summarise(columns.subList(from, Math.min(columns.size(), from + TOGETHER)), profiles);
        }
        var top = new HashMap<Integer, List<Frequency>>();
        List<Integer> few = IntStream.range(0, profiles.size())
                .filter(i -> profiles.get(i).distinct() <= CATEGORIES)
                .boxed()
                .toList();
        int together = (int) Math.clamp(CELLS / Math.max(1, rows), 1, TOGETHER);
        for (int from = 0; from < few.size(); from += together) {
            top(profiles, few.subList(from, Math.min(few.size(), from + together)), top);
        }
        return new TableProfile(
                rows,
                IntStream.range(0, profiles.size())
                        .mapToObj(i -> with(profiles.get(i), top.getOrDefault(i, List.of())))
                        .toList());
    }

    /** Adds the profiles of some columns; returns the number of rows. */
    private long summarise(List<Column> columns, List<ColumnProfile> profiles) throws SQLException {
        String select = columns.stream().map(Profiler::summary).collect(Collectors.joining(",\n"));
        return duck.one("select count(*), " + select + " from " + usable(columns, table), row -> {
            int at = 2;
            for (Column column : columns) {
                profiles.add(read(column, row, at));
                at += Frames.isNumeric(column.type()) ? 8 : 5;
            }
            return row.getLong(1);
        });
    }

    /** The columns as they are, and beside each what of it can be ordered and averaged: filters would cost five times more. */
    private static String usable(List<Column> columns, String table) {
        return "(select "
                + columns.stream()
                        .map(column -> Sql.name(column.name()) + ", " + finite(column) + " as "
                                + Sql.name(FINITE + column.name()))
                        .collect(Collectors.joining(", "))
                + " from " + table + ")";
    }

    private static String finite(Column column) {
        String name = Sql.name(column.name());
        return isReal(column) ? "case when isfinite(" + name + ") then " + name + " end" : name;
    }

    private static boolean isReal(Column column) {
        return column.type().equals("DOUBLE") || column.type().equals("FLOAT");
    }

    /** Five aggregates of a column, eight of a numeric one. */
    private static String summary(Column column) {
        String name = Sql.name(column.name());
        String finite = Sql.name(FINITE + column.name());
        String number = Source.isWhole(column.type()) && !EXACT.contains(column.type())
                        || column.type().equals("DOUBLE")
                ? finite
                : "cast(" + finite + " as double)";
        return "count(*) - count(" + name + "), "
                + (isReal(column) ? "count(*) filter (where isnan(" + name + "))" : "0")
                + ", count(distinct " + name + "), left(cast(min(" + finite + ") as varchar), 200)"
                + ", left(cast(max(" + finite + ") as varchar), 200)"
                + (Frames.isNumeric(column.type())
                        ? ", avg(" + number + "), stddev_samp(" + number + "), quantile_cont(" + number + ", " + LEVELS
                                + ")"
                        : "");
    }

    private static ColumnProfile read(Column column, ResultSet row, int at) throws SQLException {
        Optional<String> min = Optional.ofNullable(row.getString(at + 3));
        return new ColumnProfile(
                column.name(),
                column.type(),
                row.getLong(at),
                row.getLong(at + 1),
                row.getLong(at + 2),
                min,
                Optional.ofNullable(row.getString(at + 4)),
                Frames.isNumeric(column.type()) && min.isPresent()
                        ? Optional.of(new Numbers(
                                row.getDouble(at + 5), row.getDouble(at + 6), doubles(row.getArray(at + 7))))
                        : Optional.empty(),
                List.of());
    }

    private static List<Double> doubles(Array array) throws SQLException {
        return Arrays.stream((Object[]) array.getArray())
                .map(value -> ((Number) value).doubleValue())
                .toList();
    }

    /**
     * Adds the most frequent values of these columns, by the column's position. The columns are read together: a file's footer
     * names all of its columns, and would be read for each query of a wide one.
     */
    private void top(List<ColumnProfile> profiles, List<Integer> columns, Map<Integer, List<Frequency>> top)
            throws SQLException {
        String read = columns.stream()
                .map(i -> Sql.name(profiles.get(i).name()))
                .collect(Collectors.joining(", ", "with held as materialized (select ", " from " + table + ")\n"));
        String queries = columns.stream()
                .map(i -> "(select " + i + ", left(cast(v as varchar), 200), occurs from (select "
                        + Sql.name(profiles.get(i).name()) + " as v, count(*) as occurs from held"
                        + " group by 1) where v is not null order by 3 desc, 2 limit " + TOP + ")")
                .collect(Collectors.joining("\nunion all\n"));
        duck.query(
                read + queries,
                row -> top.computeIfAbsent(row.getInt(1), i -> new ArrayList<>())
                        .add(new Frequency(row.getString(2), row.getLong(3))));
    }

    private static ColumnProfile with(ColumnProfile profile, List<Frequency> top) {
        return new ColumnProfile(
                profile.name(),
                profile.type(),
                profile.missing(),
                profile.nan(),
                profile.distinct(),
                profile.min(),
                profile.max(),
                profile.numbers(),
                top);
    }
}
