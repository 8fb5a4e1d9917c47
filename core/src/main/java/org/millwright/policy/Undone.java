package org.millwright.policy;

import org.millwright.kernel.Database;

/** Writes what must stay although the transaction around it is undone by a refusal. */
public final class Undone {
    private Undone() {}

    /** Runs the work now, or when the transaction that this thread is in was rolled back. */
    public static void keep(Database database, Runnable work) {
        if (database.isWriting()) {
            database.afterRollback(() -> Thread.ofVirtual().name("refusal").start(() -> database.write(work)));
        } else {
            database.write(work);
        }
    }
}
