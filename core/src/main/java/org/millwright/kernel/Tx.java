package org.millwright.kernel;

import java.util.List;
import java.util.function.Supplier;

/**
 * A unit of work against the metadata database.
 *
 * <p>Work runs on one connection, may be run on another thread, and must neither block nor do I/O of its own. Calls nest:
 * inner work joins the outer transaction.
 */
public interface Tx {
    /** Runs the work in a transaction that is durable when this returns; any exception rolls it back and is rethrown. */
    <T> T write(Supplier<T> work);

    /** Runs the work on a consistent view of committed data (or of the transaction it is called in). */
    <T> T read(Supplier<T> work);

    /** {@link #write(Supplier)} for work without a result. */
    default void write(Runnable work) {
        write(() -> {
            work.run();
            return true;
        });
    }

    /**
     * Hands an item to a hook that runs once, just before the transaction commits, with all items of the works that commit
     * together. Items of a work that fails are dropped.
     */
    <E> void enlist(CommitHook<E> hook, E item);

    /** Runs the action after the current transaction is durable; not at all when it rolls back. */
    void afterCommit(Runnable action);

    /** Runs the action when the current transaction, or this work of it, is rolled back. */
    void afterRollback(Runnable action);

    /** What runs inside the transaction right before commit. Compared by identity. */
    interface CommitHook<E> {
        void flush(List<E> items);

        /** Whether items are flushed before the next statement already, so that every statement sees their effect. */
        default boolean isEarly() {
            return false;
        }
    }
}
