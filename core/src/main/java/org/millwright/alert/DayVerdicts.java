package org.millwright.alert;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.ledger.Ledger;

/**
 * Verdicts on clauses that no window of predictions is judged by: of a day the last one stands, and the ledger has each. All
 * of it within a transaction.
 */
public final class DayVerdicts {
    private final JudgementStore store;
    private final Ledger ledger;

    public DayVerdicts(Database database, Ledger ledger) {
        this.store = new JudgementStore(database);
        this.ledger = ledger;
    }

    /** The newest verdict on the clause; empty while there was none. */
    public Optional<Verdict> newest(String deployment, Clause clause) {
        return store.leading(deployment, clause, 1).stream().findFirst().map(Judgement::verdict);
    }

    /**
     * Keeps a verdict in the place of the day's.
     *
     * @param judgement of {@link Judgement#ofDay}
     * @param subjects what the ledger's entry is about
     */
    public void keep(Judgement judgement, List<String> subjects) {
        store.replace(judgement);
        ObjectNode entry = Json.object()
                .put("clause", judgement.clause().text())
                .put("version", judgement.version())
                .put("verdict", judgement.verdict().text())
                .put("note", judgement.note());
        if (Double.isFinite(judgement.measured())) {
            entry.put("value", judgement.measured()).put("threshold", judgement.threshold());
        }
        ledger.append(Actor.SYSTEM, "clause.judged", subjects, entry);
    }
}
