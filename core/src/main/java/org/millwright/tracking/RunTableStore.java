package org.millwright.tracking;

import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millwright.kernel.Database;

/** What the tables of runs say about a whole experiment, found by the heads of indexes and not by reading its runs. */
final class RunTableStore {
    private static final int NEWEST = 50;
    private static final String COUNT =
            "select count(*) from (select 1 from run where experiment_id = ? and stage = 'active' limit ?) as counted";
    private static final String RECENT = "select status, start_time, end_time from run where experiment_id = ?"
            + " and stage = 'active' order by start_time desc, id limit " + NEWEST;

    private final Database database;

    RunTableStore(Database database) {
        this.database = database;
    }

    RunTables.Keys keys(long experiment, int most) {
        return new RunTables.Keys(
                keys("metric_series", "metric_key", experiment, most),
                keys("run_param", "param_key", experiment, most),
                keys("run_tag", "tag_key", experiment, most));
    }

    /** The distinct keys: from each to the next by one look into the index. */
    private List<String> keys(String table, String column, long experiment, int most) {
        String next = "select min(" + column + ") from " + table + " where experiment_id = ? and " + column + " > ?";
        var keys = new ArrayList<String>();
        String last = "";
        while (keys.size() < most) {
            Optional<String> found = next(next, experiment, last);
            if (found.isEmpty()) {
                break;
            }
            last = found.get();
            keys.add(last);
        }
        return keys;
    }

    private Optional<String> next(String sql, long experiment, String last) {
        return database.jdbc(sql, statement -> {
            statement.setLong(1, experiment);
            statement.setString(2, last);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
            }
        });
    }

    RunTables.Activity activity(long experiment, int most) {
        int count = database.jdbc(COUNT, statement -> {
            statement.setLong(1, experiment);
            statement.setInt(2, most);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        });
        return database.jdbc(RECENT, statement -> {
            statement.setLong(1, experiment);
            int running = 0;
            long last = Long.MIN_VALUE;
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    running += row.getString(1).equals(RunStatus.RUNNING.name()) ? 1 : 0;
                    last = Math.max(last, row.getLong(2));
                    long end = row.getLong(3);
                    last = row.wasNull() ? last : Math.max(last, end);
                }
            }
            return new RunTables.Activity(
                    count, running, last == Long.MIN_VALUE ? Optional.empty() : Optional.of(last));
        });
    }
}
