package org.millwright.engines.duckdb;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * One database in memory for one piece of work at a time, with a folder of its own for what does not fit and what comes out.
 *
 * <p>It runs on one thread so that rows keep their order and files their bytes, never loads extensions, and reaches files
 * until {@link #lock()}.
 */
final class Duck implements AutoCloseable {
    private final Path temp;
    private final DuckDBConnection connection;
    private volatile @Nullable Statement running;
    private volatile boolean cancelled;
    private boolean locked;

    private Duck(Path temp, DuckDBConnection connection) {
        this.temp = temp;
        this.connection = connection;
    }

    /** @param memoryMb what its tables may take before they go to disk, in MiB */
    static Duck open(Path folder, int memoryMb) throws SQLException {
        Path temp = folder.resolve(UUID.randomUUID().toString());
        var settings = new Properties();
        settings.setProperty("threads", "1");
        settings.setProperty("memory_limit", memoryMb + "MiB");
        settings.setProperty("temp_directory", temp.toString());
        settings.setProperty("extension_directory", temp.resolve("extensions").toString());
        settings.setProperty("autoinstall_known_extensions", "false");
        settings.setProperty("autoload_known_extensions", "false");
        settings.setProperty("allow_community_extensions", "false");
        settings.setProperty("jdbc_stream_results", "true");
        try {
            Files.createDirectories(temp);
            var connection = (DuckDBConnection) DriverManager.getConnection("jdbc:duckdb:", settings);
            var duck = new Duck(temp, connection);
            duck.execute("set timezone = 'UTC'");
            return duck;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on no file but those of the own folder, no network, no extension, no setting. */
    void lock() throws SQLException {
        locked = true;
        execute("set enable_external_access = false");
        execute("set lock_configuration = true");
    }

    /** Empties it for other work; false when that cannot be, as foreign SQL may have run or something was cancelled. */
    boolean empty() {
        if (locked || cancelled) {
            return false;
        }
        try {
            String drops = "select 'drop ' || if(table_type = 'VIEW', 'view ', 'table ') || table_name from "
                    + "information_schema.tables";
            for (String drop : query(drops, row -> row.getString(1))) {
                execute(drop);
            }
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    Path temp() {
        return temp;
    }

    DuckDBConnection connection() {
        return connection;
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = start()) {
            statement.execute(sql);
        } finally {
            running = null;
        }
    }

    /** The rows that a reader makes of the answer. */
    <T> List<T> query(String sql, RowReader<T> reader) throws SQLException {
        try (Statement statement = start();
                ResultSet rows = statement.executeQuery(sql)) {
            var read = new ArrayList<T>();
            while (rows.next()) {
                read.add(reader.read(rows));
            }
            return read;
        } finally {
            running = null;
        }
    }

    <T> T one(String sql, RowReader<T> reader) throws SQLException {
        return query(sql, reader).getFirst();
    }

    /** Stops what runs now, and everything after it. */
    void cancel() {
        cancelled = true;
        Statement statement = running;
        if (statement != null) {
            try {
                statement.cancel();
            } catch (SQLException e) {
                // It ended by itself.
            }
        }
    }

    private Statement start() throws SQLException {
        if (cancelled) {
            throw new SQLException("cancelled");
        }
        Statement statement = connection.createStatement();
        running = statement;
        return statement;
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException("Closing DuckDB failed", e);
        } finally {
            delete(temp);
        }
    }

    static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the current row. */
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }
}
