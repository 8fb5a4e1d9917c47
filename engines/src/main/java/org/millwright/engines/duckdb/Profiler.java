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

/**
 * Summarises the columns of a Parquet file, exactly. Of wide ones some columns at a time are held as a table: the footer names
 * all columns, and would be read for each query.
 */
final class Profiler {
    /** Columns of a query: of a hundred it takes nearly twice as long for each of them. */
    private static final int TOGETHER = 20;
    /** Up to so many columns in all the file is read for each query; of a table too tall to hold twenty of them, too. */
    private static final int WIDE = 100;
    /** Columns of a wider one that are held at a time. */
    private static final int HELD = 1_000;
    /** Values that are held at a time. */
    private static final long CELLS = 10_000_000;

    private static final String HELD_TABLE = Sql.name("mw:held");
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
        long rows = duck.one("select count(*) from " + table, row -> row.getLong(1));
        if (columns.size() <= WIDE || rows > CELLS / TOGETHER) {
            return new TableProfile(rows, profiles(columns, table));
        }
        int held = (int) Math.clamp(CELLS / Math.max(1, rows), TOGETHER, HELD);
        var profiles = new ArrayList<ColumnProfile>();
        for (int from = 0; from < columns.size(); from += held) {
            List<Column> some = columns.subList(from, Math.min(columns.size(), from + held));
            duck.execute("create temp table " + HELD_TABLE + " as select " + names(some) + " from " + table);
            profiles.addAll(profiles(some, HELD_TABLE));
            duck.execute("drop table " + HELD_TABLE);
        }
        return new TableProfile(rows, profiles);
    }

    private static String names(List<Column> columns) {
        return columns.stream().map(column -> Sql.name(column.name())).collect(Collectors.joining(", "));
    }

    private List<ColumnProfile> profiles(List<Column> columns, String in) throws SQLException {
        var profiles = new ArrayList<ColumnProfile>();
        for (int from = 0; from < columns.size(); from += TOGETHER) {
            summarise(columns.subList(from, Math.min(columns.size(), from + TOGETHER)), in, profiles);
        }
        var top = new HashMap<Integer, List<Frequency>>();
        List<Integer> few = IntStream.range(0, profiles.size())
                .filter(i -> profiles.get(i).distinct() <= CATEGORIES)
                .boxed()
                .toList();
        for (int from = 0; from < few.size(); from += TOGETHER) {
            top(profiles, few.subList(from, Math.min(few.size(), from + TOGETHER)), in, top);
        }
        return IntStream.range(0, profiles.size())
                .mapToObj(i -> with(profiles.get(i), top.getOrDefault(i, List.of())))
                .toList();
    }

    /** Adds the profiles of some columns. */
    private void summarise(List<Column> columns, String in, List<ColumnProfile> profiles) throws SQLException {
        String select = columns.stream().map(Profiler::summary).collect(Collectors.joining(",\n"));
        duck.one("select " + select + " from " + usable(columns, in), row -> {
            int at = 1;
            for (Column column : columns) {
                profiles.add(read(column, row, at));
                at += Frames.isNumeric(column.type()) ? 8 : 5;
            }
            return profiles.size();
        });
    }

    /** The columns as they are, and beside each what of it can be ordered and averaged: filters would cost five times more. */
    private static String usable(List<Column> columns, String in) {
        return "(select "
                + columns.stream()
                        .map(column -> Sql.name(column.name()) + ", " + finite(column) + " as "
                                + Sql.name(FINITE + column.name()))
                        .collect(Collectors.joining(", "))
                + " from " + in + ")";
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

    /** Adds the most frequent values of these columns, by the column's position. */
    private void top(List<ColumnProfile> profiles, List<Integer> columns, String in, Map<Integer, List<Frequency>> top)
            throws SQLException {
        String queries = columns.stream()
                .map(i -> "(select " + i + ", left(cast(v as varchar), 200), occurs from (select "
                        + Sql.name(profiles.get(i).name()) + " as v, count(*) as occurs from " + in
                        + " group by 1) where v is not null order by 3 desc, 2 limit " + TOP + ")")
                .collect(Collectors.joining("\nunion all\n"));
        duck.query(
                queries,
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
