package org.millwright.kernel;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.RenderNameCase;
import org.jooq.conf.RenderQuotedNames;
import org.jooq.conf.Settings;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * The metadata database: SQLite in one file, or PostgreSQL.
 *
 * <p>On SQLite one thread owns the only writing connection and commits the works that wait together in one durable
 * transaction; readers have their own connections and never wait for it. On PostgreSQL a
 * work is a transaction of a pooled connection.
 */
public final class Database implements Tx, AutoCloseable {
    private static final ThreadLocal<@Nullable Work> CURRENT = new ThreadLocal<>();

    private final SQLDialect dialect;
    private final HikariDataSource pool;
    private final @Nullable SqliteWriter writer;
    private final @Nullable SqliteReaders readers;

    private Database(
            SQLDialect dialect, HikariDataSource pool, @Nullable SqliteWriter writer, @Nullable SqliteReaders readers) {
        this.dialect = dialect;
        this.pool = pool;
        this.writer = writer;
        this.readers = readers;
    }

    /** Opens (and creates or migrates) the SQLite file. */
    public static Database sqlite(Path file) {
        String url = "jdbc:sqlite:" + file;
        Schema.ofSqlite(file, url);
        int together = Math.max(4, Runtime.getRuntime().availableProcessors() * 2);
        var config = pool(url, null, null, together + 2);
        config.setConnectionInitSql("PRAGMA query_only = 1");
        config.addDataSourceProperty("busy_timeout", "10000");
        config.addDataSourceProperty("cache_size", "-8000");
        config.addDataSourceProperty("mmap_size", "268435456");
        try {
            var pool = new HikariDataSource(config);
            return new Database(SQLDialect.SQLITE, pool, new SqliteWriter(url), new SqliteReaders(together));
        } catch (SQLException e) {
            throw new DataAccessException("Cannot open " + file, e);
        }
    }

    /** Opens (and creates or migrates) the schema that the JDBC URL names. */
    public static Database postgres(String url, String user, String password) {
        Schema.ofPostgres(url, user, password);
        return new Database(SQLDialect.POSTGRES, new HikariDataSource(pool(url, user, password, 16)), null, null);
    }

    private static HikariConfig pool(String url, @Nullable String user, @Nullable String password, int size) {
        var config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(user);
        config.setPassword(password);
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        config.setPoolName("metadata");
        return config;
    }

    public boolean isSqlite() {
        return dialect == SQLDialect.SQLITE;
    }

    /** Whether this thread is in a transaction that writes. */
    public boolean isWriting() {
        Work work = CURRENT.get();
        return work != null && !work.readOnly;
    }

    /** Whether this thread is in a transaction, which may see what others do not see yet, or no longer. */
    public boolean isInside() {
        return CURRENT.get() != null;
    }

    /** The jOOQ context of the transaction that this thread is in. */
    public DSLContext dsl() {
        return current().dsl();
    }

    /** Runs a statement of the transaction that this thread is in without jOOQ, for paths where building SQL costs too much. */
    public <T> T jdbc(String sql, Jdbc<T> body) {
        return current().jdbc(sql, body);
    }

    /** What is done with a prepared statement; it is closed or kept by {@link #jdbc}. */
    public interface Jdbc<T> {
        T run(PreparedStatement statement) throws SQLException;
    }

    @Override
    public <T> T write(Supplier<T> work) {
        Work outer = CURRENT.get();
        if (outer != null) {
            if (outer.readOnly) {
                throw new IllegalStateException("A write was asked for inside a read");
            }
            return work.get();
        }
        return writer != null ? writer.submit(work) : inPostgres(work);
    }

    @Override
    public <T> T read(Supplier<T> work) {
        if (CURRENT.get() != null) {
            return work.get();
        }
        return readers != null && Thread.currentThread().isVirtual() ? readers.run(() -> reading(work)) : reading(work);
    }

    private <T> T reading(Supplier<T> work) {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try {
                return run(new Work(context(connection), connection, true, null), work);
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new DataAccessException("Reading failed", e);
        }
    }

    @Override
    public <E> void enlist(CommitHook<E> hook, E item) {
        current().enlist(hook, item);
    }

    @Override
    public void afterCommit(Runnable action) {
        current().afterCommit(action);
    }

    @Override
    public void afterRollback(Runnable action) {
        current().afterRollback(action);
    }

    /**
     * How busy the database is.
     *
     * @param waiting works that wait to be written; 0 where each has a connection of its own
     * @param works written since the start, by SQLite's writer
     * @param transactions they were written in: works that wait together share one
     * @param connections in use
     * @param wanting threads that wait for a connection
     */
    public record Load(int waiting, long works, long transactions, int connections, int wanting) {}

    public Load load() {
        var connections = pool.getHikariPoolMXBean();
        int active = connections == null ? 0 : connections.getActiveConnections();
        int wanting = connections == null ? 0 : connections.getThreadsAwaitingConnection();
        return writer == null
                ? new Load(0, 0, 0, active, wanting)
                : new Load(writer.waiting(), writer.works(), writer.transactions(), active, wanting);
    }

    /** Fails when the database does not answer. */
    public void check() {
        read(() -> dsl().selectOne().fetchOne());
    }

    /** Writes a consistent copy of the SQLite file while the server goes on. */
    public void copyTo(Path target) {
        if (!isSqlite()) {
            throw new Problem.Invalid(
                    "The metadata is in PostgreSQL", "Back it up with pg_dump, and after it the data folder as files.");
        }
        try {
            Schema.copySqlite(Path.of(pool.getJdbcUrl().substring("jdbc:sqlite:".length())), target);
        } catch (SQLException e) {
            throw new DataAccessException("Copying the database to " + target + " failed", e);
        }
    }

    @Override
    public void close() {
        if (readers != null) {
            readers.close();
        }
        if (writer != null) {
            writer.close();
        }
        pool.close();
    }

    private static Work current() {
        Work work = CURRENT.get();
        if (work == null) {
            throw new IllegalStateException("Not in a transaction: wrap the call in Tx.read or Tx.write");
        }
        return work;
    }

    private DSLContext context(Connection connection) {
        return context(connection, dialect);
    }

    static DSLContext context(Connection connection, SQLDialect dialect) {
        var settings = new Settings()
                .withRenderSchema(false)
                .withRenderCatalog(false)
                .withRenderNameCase(RenderNameCase.LOWER)
                .withRenderQuotedNames(RenderQuotedNames.EXPLICIT_DEFAULT_UNQUOTED)
                .withExecuteLogging(false);
        return DSL.using(connection, dialect, settings);
    }

    /** Runs the body in a work; the work that it interrupts goes on afterwards. */
    static <T> T run(Work work, Supplier<T> body) {
        Work outer = CURRENT.get();
        CURRENT.set(work);
        try {
            return body.get();
        } finally {
            if (outer == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(outer);
            }
        }
    }

    private <T> T inPostgres(Supplier<T> body) {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            var work = new Work(context(connection), connection, false, null);
            T result;
            try {
                result = run(work, () -> {
                    T value = body.get();
                    work.flush(false);
                    return value;
                });
                connection.commit();
            } catch (Throwable t) {
                connection.rollback();
                work.rolledBack();
                throw t;
            } finally {
                connection.setAutoCommit(true);
            }
            work.committed();
            return result;
        } catch (SQLException e) {
            throw new DataAccessException("Writing failed", e);
        }
    }

    /**
     * The threads that read from SQLite for virtual threads.
     *
     * <p>SQLite works inside the calling thread, and a virtual thread in native code holds its carrier: a few long searches would
     * keep every other request waiting. On threads of their own the operating system shares the processors among them.
     */
    private static final class SqliteReaders implements AutoCloseable {
        private final ExecutorService threads;

        SqliteReaders(int count) {
            threads = Executors.newFixedThreadPool(
                    count,
                    Thread.ofPlatform().name("metadata-reader-", 0).daemon().factory());
        }

        <T> T run(Supplier<T> work) {
            Future<T> result = threads.submit(work::get);
            try {
                return result.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Problem.Unavailable("Reading was interrupted", "Try again.");
            } catch (ExecutionException e) {
                switch (e.getCause()) {
                    case RuntimeException cause -> throw cause;
                    case Error cause -> throw cause;
                    case null, default -> throw new IllegalStateException(e);
                }
            }
        }

        @Override
        public void close() {
            threads.shutdown();
        }
    }
}
