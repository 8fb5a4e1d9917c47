package org.millwright.reproduction;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.millwright.artifact.Artifacts;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.ledger.Ledger;
import org.millwright.project.Project;

/** Writes down what becomes of reproductions: that one begins, its verdict, or why it has none. */
final class ReproductionRecords {
    private final Database database;
    private final Ledger ledger;
    private final ReproductionStore store;
    private final Artifacts artifacts;
    private final Clock clock;

    ReproductionRecords(Database database, Ledger ledger, ReproductionStore store, Artifacts artifacts, Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.store = store;
        this.artifacts = artifacts;
        this.clock = clock;
    }

    Reproduction begin(Reproduction waiting) {
        return database.write(() -> {
            store.begin(waiting.id(), clock.millis());
            if (waiting.starts() > 0) {
                ledger.append(
                        Actor.SYSTEM,
                        "model.reproduction-resumed",
                        subjects(waiting),
                        Json.object().put("reproduction", waiting.id()).put("starts", waiting.starts() + 1));
            }
            return store.get(waiting.id()).orElseThrow();
        });
    }

    /** Keeps the report, and its verdict with who asked by then. */
    void done(Reproduction begun, Attempt.Outcome outcome) {
        ObjectNode report = outcome.report()
                .put("verdict", outcome.verdict().name())
                .put("cause", outcome.cause().name())
                .put("reason", outcome.reason())
                .put("subject", begun.subject());
        String kept = artifacts.put(Reproductions.bytes(report)).sha256();
        database.write(() -> {
            Optional<Reproduction> before = store.latest(begun.subject());
            String by = store.get(begun.id()).orElseThrow().askedBy();
            store.end(ended(
                    begun,
                    Reproduction.State.DONE,
                    Optional.of(outcome.verdict()),
                    outcome.cause(),
                    outcome.reason(),
                    Optional.of(kept)));
            ObjectNode details = Json.object()
                    .put("reproduction", begun.id())
                    .put("verdict", outcome.verdict().name())
                    .put("cause", outcome.cause().name())
                    .put("reason", outcome.reason())
                    .put("by", by)
                    .put("report", kept);
            before.flatMap(Reproduction::verdict).ifPresent(verdict -> details.put("before", verdict.name()));
            details.set("digests", report.path("artifact"));
            ledger.append(Actor.SYSTEM, "model.reproduced", subjects(begun), details);
        });
    }

    /** Ends one without a verdict. */
    void end(Actor by, Reproduction open, Reproduction.State state, String reason) {
        database.write(() -> {
            store.end(ended(open, state, Optional.empty(), Cause.NONE, reason, Optional.empty()));
            ledger.append(
                    by,
                    "model.reproduction-ended",
                    subjects(open),
                    Json.object()
                            .put("reproduction", open.id())
                            .put("state", state.text())
                            .put("reason", reason));
        });
    }

    private Reproduction ended(
            Reproduction open,
            Reproduction.State state,
            Optional<Verdict> verdict,
            Cause cause,
            String reason,
            Optional<String> report) {
        List<String> runs = database.read(() -> store.get(open.id()))
                .map(Reproduction::runs)
                .orElse(List.of());
        return open.ended(state, verdict, cause, reason, report, runs, clock.millis());
    }

    private static List<String> subjects(Reproduction about) {
        return List.of(about.subject(), Project.ref(about.project()));
    }
}
