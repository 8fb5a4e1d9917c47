package org.millwright.kernel;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes to SQLite.
 *
 * <p>Works that wait together become one durable transaction. Each is undone alone when it fails: a savepoint is made before
 * its first statement, so a work that only hands items to commit hooks costs no statement of its own. The write-ahead log is
 * moved into the file by another thread, so that no commit waits for that.
 */
final class SqliteWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteWriter.class);
    private static final int MAX_TOGETHER = 512;
    private static final int PAGES_AT_MOST = 64_000;
    private static final Job<?> STOP = new Job<>(() -> true);

    private final LinkedBlockingQueue<Job<?>> queue = new LinkedBlockingQueue<>();
    private final Connection connection;
    private final DSLContext dsl;
    /** Prepared once, as every work needs two of them. */
    private final PreparedStatement savepoint;

    private final PreparedStatement release;
    private final PreparedStatement back;
    private final Map<String, PreparedStatement> statements = Work.statements();
    private final Thread thread;
    private final Checkpointer checkpointer;
    private final LongAdder works = new LongAdder();
    private final LongAdder transactions = new LongAdder();
    private volatile boolean closed;

    SqliteWriter(String url) throws SQLException {
        connection = java.sql.DriverManager.getConnection(url);
        try (var statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = FULL");
            statement.execute("PRAGMA busy_timeout = 10000");
            statement.execute("PRAGMA cache_size = -64000");
            statement.execute("PRAGMA foreign_keys = ON");
            statement.execute("PRAGMA wal_autocheckpoint = " + PAGES_AT_MOST);
        }
        connection.setAutoCommit(false);
        savepoint = connection.prepareStatement("SAVEPOINT work");
        release = connection.prepareStatement("RELEASE work");
        back = connection.prepareStatement("ROLLBACK TO work");
        dsl = Database.context(connection, org.jooq.SQLDialect.SQLITE);
        checkpointer = new Checkpointer(url);
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

    int waiting() {
        return queue.size();
    }

    long works() {
        return works.sum();
    }

    long transactions() {
        return transactions.sum();
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
                works.add(jobs.size());
                transactions.increment();
                checkpointer.wrote();
            }
            jobs.clear();
            if (stop) {
                return;
            }
        }
    }

    private void commitTogether(List<Job<?>> jobs) {
        var all = new Work(dsl, connection, false, statements);
        try {
            for (Job<?> job : jobs) {
                attempt(job, all, jobs.size() > 1);
            }
            Database.run(all, () -> {
                all.flush(false);
                return true;
            });
            connection.commit();
        } catch (Throwable t) {
            Throwable cause = t instanceof Broken && t.getCause() != null ? t.getCause() : t;
            rollBackAll();
            all.rolledBack();
            jobs.forEach(job -> job.fail(cause));
            jobs.forEach(Job::complete);
            return;
        }
        try {
            // Before whoever wrote hears of it: what is kept elsewhere must not be older than what they were told.
            all.committed();
        } finally {
            jobs.forEach(Job::complete);
        }
    }

    private void attempt(Job<?> job, Work all, boolean withSavepoint) {
        var own = new Work(dsl, connection, false, statements);
        var undo = new Undo(all, withSavepoint);
        own.beforeSql(undo);
        try {
            Database.run(own, () -> {
                job.run();
                return true;
            });
            undo.release();
            all.join(own);
        } catch (Broken e) {
            own.rolledBack();
            throw e;
        } catch (Throwable t) {
            job.fail(t);
            own.rolledBack();
            undo.back();
        }
    }

    private void rollBackAll() {
        try {
            connection.rollback();
        } catch (SQLException e) {
            // The failure that led here is the one that callers see.
            LOG.warn("A rollback failed: {}", e.getMessage());
        }
    }

    /** The way back from one work's statements, made when it runs its first. */
    private final class Undo implements Runnable {
        private final Work all;
        private final boolean withSavepoint;
        private boolean began;
        private boolean saved;

        Undo(Work all, boolean withSavepoint) {
            this.all = all;
            this.withSavepoint = withSavepoint;
        }

        @Override
        public void run() {
            began = true;
            try {
                Database.run(all, () -> {
                    all.flush(true);
                    return true;
                });
                if (withSavepoint) {
                    savepoint.execute();
                    saved = true;
                }
            } catch (SQLException | RuntimeException e) {
                throw new Broken(e);
            }
        }

        void release() throws SQLException {
            if (saved) {
                release.execute();
            }
        }

        void back() {
            if (!began) {
                return;
            }
            try {
                if (saved) {
                    back.execute();
                    release.execute();
                } else {
                    connection.rollback();
                }
            } catch (SQLException e) {
                throw new Broken(e);
            }
        }
    }

    /** What makes the whole common transaction worthless: nothing of it may be acknowledged. */
    private static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Broken(Exception cause) {
            super(cause);
        }
    }

    @Override
    public void close() {
        closed = true;
        queue.add(STOP);
        try {
            thread.join(5_000);
            checkpointer.close();
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            throw new DataAccessException("Closing the database failed", e);
        }
    }

    /** Moves the write-ahead log into the file beside the writer, at most once a second. */
    private static final class Checkpointer implements AutoCloseable {
        private final Connection connection;
        private final Thread thread;
        private final Semaphore written = new Semaphore(0);
        private final CountDownLatch stopped = new CountDownLatch(1);

        Checkpointer(String url) throws SQLException {
            connection = java.sql.DriverManager.getConnection(url);
            thread = Thread.ofPlatform().name("metadata-checkpoint").daemon().start(this::loop);
        }

        void wrote() {
            if (written.availablePermits() == 0) {
                written.release();
            }
        }

        private void loop() {
            try {
                while (!stopped.await(1, TimeUnit.SECONDS)) {
                    written.acquire();
                    try (var statement = connection.createStatement()) {
                        statement.execute("PRAGMA wal_checkpoint(PASSIVE)");
                    } catch (SQLException e) {
                        LOG.warn("The write-ahead log could not be moved into the file: {}", e.getMessage());
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() throws SQLException {
            stopped.countDown();
            written.release();
            try {
                thread.join(5_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            connection.close();
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
