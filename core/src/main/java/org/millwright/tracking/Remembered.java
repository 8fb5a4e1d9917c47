package org.millwright.tracking;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.millwright.kernel.Database;

/**
 * Rows as the one writer of SQLite last saw them, so that its next work need not look them up; the least used go first.
 *
 * <p>Only works that write ask it, and they run one after the other. On PostgreSQL, where other works and servers write as
 * well, it remembers nothing.
 */
final class Remembered<K, V> {
    private final Database database;
    private final Map<K, V> known;

    Remembered(Database database, int most) {
        this.database = database;
        this.known = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }

    /** The row, loaded when it is not known; what is not there is not remembered. */
    Optional<V> get(K key, Supplier<Optional<V>> load) {
        if (!database.isSqlite() || !database.isWriting()) {
            return load.get();
        }
        V value = known.get(key);
        if (value != null) {
            return Optional.of(value);
        }
        Optional<V> loaded = load.get();
        loaded.ifPresent(row -> known.put(key, row));
        return loaded;
    }

    /** Forgets a row that this work changes or adds; when the work is undone, what was seen since is doubtful too. */
    void forget(K key) {
        if (database.isSqlite()) {
            known.remove(key);
            forgetWhenUndone();
        }
    }

    /** Forgets everything. */
    void forgetAll() {
        if (database.isSqlite()) {
            known.clear();
            forgetWhenUndone();
        }
    }

    /** Forgets everything when this work is undone. */
    void forgetWhenUndone() {
        if (database.isSqlite()) {
            database.afterRollback(known::clear);
        }
    }
}
