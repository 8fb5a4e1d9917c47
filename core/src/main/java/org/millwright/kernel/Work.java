package org.millwright.kernel;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/** One transaction in the making: its connection, what its commit hooks get, what runs after it. */
final class Work {
    final boolean readOnly;
    private final DSLContext dsl;
    private final Connection connection;
    private final @Nullable Map<String, PreparedStatement> statements;
    private final Map<Tx.CommitHook<Object>, List<Object>> items = new IdentityHashMap<>();
    private final List<Runnable> after = new ArrayList<>();
    private final List<Runnable> rollback = new ArrayList<>();
    private Runnable beforeSql = () -> {};
    private boolean flushing;

    /** @param statements keeps prepared statements from one work to the next; null where the connection is borrowed */
    Work(DSLContext dsl, Connection connection, boolean readOnly, @Nullable Map<String, PreparedStatement> statements) {
        this.dsl = dsl;
        this.connection = connection;
        this.readOnly = readOnly;
        this.statements = statements;
    }

    /** Runs the action once, before the first statement of this work. */
    void beforeSql(Runnable action) {
        beforeSql = action;
    }

    DSLContext dsl() {
        prepare();
        return dsl;
    }

    <T> T jdbc(String sql, Database.Jdbc<T> body) {
        prepare();
        try {
            if (statements == null) {
                try (PreparedStatement statement = connection.prepareStatement(sql)) {
                    return body.run(statement);
                }
            }
            PreparedStatement known = statements.get(sql);
            if (known == null) {
                known = connection.prepareStatement(sql);
                statements.put(sql, known);
            }
            return body.run(known);
        } catch (SQLException e) {
            throw new DataAccessException("A statement failed: " + sql, e);
        }
    }

    /** What earlier works left for hooks that promise to be early has to be there before a statement looks for it. */
    private void prepare() {
        Runnable first = beforeSql;
        beforeSql = () -> {};
        first.run();
        if (!flushing && !items.isEmpty()) {
            flush(true);
        }
    }

    <E> void enlist(Tx.CommitHook<E> hook, E item) {
        @SuppressWarnings("unchecked")
        var any = (Tx.CommitHook<Object>) hook;
        items.computeIfAbsent(any, h -> new ArrayList<>()).add(item);
    }

    void afterCommit(Runnable action) {
        after.add(action);
    }

    void afterRollback(Runnable action) {
        rollback.add(action);
    }

    /** Hands the items to their hooks: to all, or only to those that are early. */
    void flush(boolean earlyOnly) {
        flushing = true;
        try {
            boolean more = true;
            while (more) {
                more = false;
                for (var hook : List.copyOf(items.keySet())) {
                    if (!earlyOnly || hook.isEarly()) {
                        List<Object> own = items.remove(hook);
                        more = true;
                        hook.flush(own == null ? List.of() : own);
                    }
                }
            }
        } finally {
            flushing = false;
        }
    }

    /** Takes over what a work that succeeded left for the common commit. */
    void join(Work other) {
        other.items.forEach((hook, list) ->
                items.computeIfAbsent(hook, h -> new ArrayList<>()).addAll(list));
        after.addAll(other.after);
        rollback.addAll(other.rollback);
    }

    void committed() {
        after.forEach(Runnable::run);
    }

    void rolledBack() {
        rollback.forEach(Runnable::run);
    }

    static Map<String, PreparedStatement> statements() {
        return new HashMap<>();
    }
}
