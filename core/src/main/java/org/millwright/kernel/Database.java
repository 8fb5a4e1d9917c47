package org.millwright.kernel;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
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
 * transaction, each behind its own savepoint; readers have their own connections and never wait for it. On PostgreSQL a
 * work is a transaction of a pooled connection.
 */
public final class Database implements Tx, AutoCloseable {
    private static final int MAX_TOGETHER = 256;
    private static final ThreadLocal<@Nullable Work> CURRENT = new ThreadLocal<>();

    private final SQLDialect dialect;
    private final HikariDataSource pool;
    private final @Nullable SqliteWriter writer;

    private Database(SQLDialect dialect, HikariDataSource pool, @Nullable SqliteWriter writer) {
        this.dialect = dialect;
        this.pool = pool;
        this.writer = writer;
    }

    /** Opens (and creates or migrates) the SQLite file. */
    public static Database sqlite(Path file) {
        String url = "jdbc:sqlite:" + file;
        Schema.ofSqlite(file, url);
        var config = pool(url, null, null, Math.max(4, Runtime.getRuntime().availableProcessors() * 2));
        config.setConnectionInitSql("PRAGMA query_only = 1");
        config.addDataSourceProperty("busy_timeout", "10000");
        config.addDataSourceProperty("cache_size", "-8000");
        try {
            var readers = new HikariDataSource(config);
            return new Database(SQLDialect.SQLITE, readers, new SqliteWriter(url));
        } catch (SQLException e) {
            throw new DataAccessException("Cannot open " + file, e);
        }
    }

    /** Opens (and creates or migrates) the schema that the JDBC URL names. */
    public static Database postgres(String url, String user, String password) {
        Schema.ofPostgres(url, user, password);
        return new Database(SQLDialect.POSTGRES, new HikariDataSource(pool(url, user, password, 16)), null);
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

    /** The jOOQ context of the transaction that this thread is in. */
    public DSLContext dsl() {
        return current().dsl;
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
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try {
                return run(new Work(context(connection), true), work);
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new DataAccessException("Reading failed", e);
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    public <E> void enlist(CommitHook<E> hook, E item) {
        current()
                .items
                .computeIfAbsent((CommitHook<Object>) hook, h -> new ArrayList<>())
                .add(item);
    }

    @Override
    public void afterCommit(Runnable action) {
        current().after.add(action);
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

    private static DSLContext context(Connection connection, SQLDialect dialect) {
        var settings = new Settings()
                .withRenderSchema(false)
                .withRenderCatalog(false)
                .withRenderNameCase(RenderNameCase.LOWER)
                .withRenderQuotedNames(RenderQuotedNames.EXPLICIT_DEFAULT_UNQUOTED)
                .withExecuteLogging(false);
        return DSL.using(connection, dialect, settings);
    }

    private static <T> T run(Work work, Supplier<T> body) {
        CURRENT.set(work);
        try {
            return body.get();
        } finally {
            CURRENT.remove();
        }
    }

    private <T> T inPostgres(Supplier<T> body) {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            var work = new Work(context(connection), false);
            T result;
            try {
                result = run(work, () -> {
                    T value = body.get();
                    work.flush();
                    return value;
                });
                connection.commit();
            } catch (Throwable t) {
                connection.rollback();
                throw t;
            } finally {
                connection.setAutoCommit(true);
            }
            work.after.forEach(Runnable::run);
            return result;
        } catch (SQLException e) {
            throw new DataAccessException("Writing failed", e);
        }
    }

    /** One transaction in the making: its connection, what its commit hooks get, what runs after it. */
    private static final class Work {
        final DSLContext dsl;
        final boolean readOnly;
        final Map<CommitHook<Object>, List<Object>> items = new IdentityHashMap<>();
        final List<Runnable> after = new ArrayList<>();

        Work(DSLContext dsl, boolean readOnly) {
            this.dsl = dsl;
            this.readOnly = readOnly;
        }

        void flush() {
            items.forEach(CommitHook::flush);
        }

        void join(Work other) {
            other.items.forEach((hook, list) ->
                    items.computeIfAbsent(hook, h -> new ArrayList<>()).addAll(list));
            after.addAll(other.after);
        }
    }

    /** The one thread that writes to SQLite. */
    private static final class SqliteWriter implements AutoCloseable {
        private static final Job<?> STOP = new Job<>(() -> true);

        private final LinkedBlockingQueue<Job<?>> queue = new LinkedBlockingQueue<>();
        private final Connection connection;
        private final DSLContext dsl;
        private final Thread thread;
        private volatile boolean closed;

        SqliteWriter(String url) throws SQLException {
            connection = java.sql.DriverManager.getConnection(url);
            try (var statement = connection.createStatement()) {
                statement.execute("PRAGMA journal_mode = WAL");
                statement.execute("PRAGMA synchronous = FULL");
                statement.execute("PRAGMA busy_timeout = 10000");
                statement.execute("PRAGMA cache_size = -16000");
                statement.execute("PRAGMA foreign_keys = ON");
            }
            connection.setAutoCommit(false);
            dsl = context(connection, SQLDialect.SQLITE);
            thread = Thread.ofPlatform().name("metadata-writer").daemon().start(this::loop);
        }

        <T> T submit(Supplier<T> body) {
            var job = new Job<>(body);
            if (closed) {
                throw new Problem.Unavailable("The server is stopping", "Try again after it has started.");
            }
            queue.add(job);
            try {
                return job.done.join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                if (e.getCause() instanceof Error cause) {
                    throw cause;
                }
                throw e;
            }
        }

        private void loop() {
            var jobs = new ArrayList<Job<?>>();
            while (true) {
                try {
                    jobs.add(queue.take());
                } catch (InterruptedException e) {
                    continue;
                }
                queue.drainTo(jobs, MAX_TOGETHER - 1);
                boolean stop = jobs.remove(STOP);
                if (!jobs.isEmpty()) {
                    commitTogether(jobs);
                }
                jobs.clear();
                if (stop) {
                    return;
                }
            }
        }

        private void commitTogether(List<Job<?>> jobs) {
            var all = new Work(dsl, false);
            try {
                for (Job<?> job : jobs) {
                    attempt(job, all, jobs.size() > 1);
                }
                run(all, () -> {
                    all.flush();
                    return true;
                });
                connection.commit();
            } catch (Throwable t) {
                rollback();
                jobs.forEach(job -> job.fail(t));
            }
            jobs.forEach(Job::complete);
            all.after.forEach(Runnable::run);
        }

        private void attempt(Job<?> job, Work all, boolean withSavepoint) throws SQLException {
            Savepoint savepoint = withSavepoint ? connection.setSavepoint() : null;
            var own = new Work(dsl, false);
            try {
                run(own, () -> {
                    job.run();
                    return true;
                });
                all.join(own);
                if (savepoint != null) {
                    connection.releaseSavepoint(savepoint);
                }
            } catch (Throwable t) {
                job.fail(t);
                if (savepoint != null) {
                    connection.rollback(savepoint);
                } else {
                    connection.rollback();
                }
            }
        }

        private void rollback() {
            try {
                connection.rollback();
            } catch (SQLException e) {
                // The failure that led here is the one that callers see.
            }
        }

        @Override
        public void close() {
            closed = true;
            queue.add(STOP);
            try {
                thread.join(5_000);
                connection.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (SQLException e) {
                throw new DataAccessException("Closing the database failed", e);
            }
        }
    }

    /** A work that waits for the writer. */
    private static final class Job<T> {
        final Supplier<T> body;
        final CompletableFuture<T> done = new CompletableFuture<>();
        private @Nullable T result;
        private @Nullable Throwable failure;

        Job(Supplier<T> body) {
            this.body = body;
        }

        void run() {
            result = body.get();
        }

        void fail(Throwable t) {
            if (failure == null) {
                failure = t;
            }
        }

        void complete() {
            if (failure != null) {
                done.completeExceptionally(failure);
            } else {
                done.complete(result);
            }
        }
    }
}
