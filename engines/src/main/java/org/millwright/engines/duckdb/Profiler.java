package org.millwright.engines.duckdb;

import java.nio.file.Path;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.millwright.dataset.Column;
import org.millwright.dataset.TableProfile;
import org.millwright.dataset.TableProfile.ColumnProfile;
import org.millwright.dataset.TableProfile.Frequency;
import org.millwright.dataset.TableProfile.Numbers;

/** Summarises each column of a Parquet file, exactly: one scan a column, and one more for its most frequent values. */
final class Profiler {
    private static final int TOP = 10;
    private static final long CATEGORIES = 1000;
    private static final String LEVELS =
            Numbers.LEVELS.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));

    private final Duck duck;
    private final String table;

    Profiler(Duck duck, Path parquet) {
        this.duck = duck;
        this.table = Sql.parquet(List.of(parquet));
    }

    TableProfile run() throws SQLException {
        long rows = duck.one("select count(*) from " + table, row -> row.getLong(1));
        var columns = new ArrayList<ColumnProfile>();
        for (Column column : Source.describe(duck, "select * from " + table)) {
            columns.add(profile(column));
        }
        return new TableProfile(rows, columns);
    }

    private ColumnProfile profile(Column column) throws SQLException {
        String name = Sql.name(column.name());
        boolean numeric = Frames.isNumeric(column.type());
        boolean real = column.type().equals("DOUBLE") || column.type().equals("FLOAT");
        String number = "cast(" + name + " as double)";
        String finite = real ? " filter (where isfinite(" + name + "))" : "";
        String select = "count(*) - count(" + name + "), "
                + (real ? "count(*) filter (where isnan(" + name + "))" : "0")
                + ", count(distinct " + name + "), left(cast(min(" + name + ")" + finite + " as varchar), 200)"
                + ", left(cast(max(" + name + ")" + finite + " as varchar), 200)"
                + (numeric
                        ? ", avg(" + number + ")" + finite + ", stddev_samp(" + number + ")" + finite
                                + ", quantile_cont(" + number + ", " + LEVELS + ")" + finite
                        : "");
        ColumnProfile profile = duck.one("select " + select + " from " + table, row -> read(column, numeric, row));
        return profile.distinct() > CATEGORIES ? profile : withTop(profile, name);
    }

    private static ColumnProfile read(Column column, boolean numeric, ResultSet row) throws SQLException {
        Optional<String> min = Optional.ofNullable(row.getString(4));
        return new ColumnProfile(
                column.name(),
                column.type(),
                row.getLong(1),
                row.getLong(2),
                row.getLong(3),
                min,
                Optional.ofNullable(row.getString(5)),
                numeric && min.isPresent()
                        ? Optional.of(new Numbers(row.getDouble(6), row.getDouble(7), doubles(row.getArray(8))))
                        : Optional.empty(),
                List.of());
    }

    private static List<Double> doubles(Array array) throws SQLException {
        return Arrays.stream((Object[]) array.getArray())
                .map(value -> ((Number) value).doubleValue())
                .toList();
    }

    private ColumnProfile withTop(ColumnProfile profile, String name) throws SQLException {
        List<Frequency> top = duck.query(
                "select left(cast(" + name + " as varchar), 200), count(*) from " + table + " where " + name
                        + " is not null group by 1 order by 2 desc, 1 limit " + TOP,
                row -> new Frequency(row.getString(1), row.getLong(2)));
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
