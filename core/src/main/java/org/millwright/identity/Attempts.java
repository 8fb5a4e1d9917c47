package org.millwright.identity;

import java.util.Set;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;

/** Puts on record who tried to decide what the separation of duties keeps from them. */
public final class Attempts {
    private static final String ACTION = "decision.denied";
    private static final int MOST = 1_000;

    private final Database database;
    private final Ledger ledger;

    Attempts(Database database, Ledger ledger) {
        this.database = database;
        this.ledger = ledger;
    }

    /** Notes the attempt outside of the decision's transaction, once for each account and matter: repeating it fills no ledger. */
    public void note(Actor by, String ref, Problem.Denied denied) {
        database.write(() -> {
            boolean known = ledger.about(ref, 0, Long.MAX_VALUE, Set.of(ACTION), MOST).stream()
                    .anyMatch(entry -> entry.actor().equals(by.id()));
            return known
                    ? ""
                    : ledger.append(by, ACTION, ref, Json.object().put("reason", String.valueOf(denied.getMessage())));
        });
    }
}
