package org.millwright.app;

import java.util.ArrayList;
import java.util.List;
import org.millwright.kernel.Database;
import org.millwright.serving.Scorer;

/** Whether this server can do its work. */
final class Health {
    private final Database database;
    private final Scorer scorer;

    Health(Database database, Scorer scorer) {
        this.database = database;
        this.scorer = scorer;
    }

    /** What is wrong at the moment; empty when all is well. */
    List<String> faults() {
        var wrong = new ArrayList<String>();
        try {
            database.check();
        } catch (RuntimeException e) {
            wrong.add("metadata: " + e.getMessage());
        }
        if (!scorer.isLoaded()) {
            wrong.add("deployments are still being loaded");
        }
        return wrong;
    }
}
