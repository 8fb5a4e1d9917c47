package org.millwright.ledger;

import java.nio.file.Path;
import java.time.Clock;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;

/** A ledger whose key and witness lie in a test's folder; opened again, it is the same. */
public final class TestLedger {
    private TestLedger() {}

    public static Ledger open(Database database, Clock clock, Ids ids, Path folder) {
        return new Ledger(
                database,
                clock,
                ids,
                NoteKey.open(key(folder), "millwright"),
                new Witness(folder.resolve("ledger.checkpoint")));
    }

    /** Where its key lies. */
    public static Path key(Path folder) {
        return folder.resolve("keys/ledger.key");
    }
}
