package org.millwright.pipeline;

import java.time.Clock;
import java.util.List;
import org.millwright.identity.Actor;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.ledger.Ledger;

/** What was at work when the server stopped, and so is lost. */
final class Interrupted {
    private final Database database;
    private final Ledger ledger;
    private final Users users;
    private final RunStore store;
    private final StepKinds kinds;
    private final Clock clock;

    Interrupted(Database database, Ledger ledger, Users users, RunStore store, StepKinds kinds, Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.users = users;
        this.store = store;
        this.kinds = kinds;
        this.clock = clock;
    }

    List<PipelineRun> runs() {
        return database.read(() -> store.withStatus(RunStatus.RUNNING));
    }

    /** Those of a run that worked. */
    List<StepAttempt> attempts(PipelineRun run) {
        return database.read(() -> store.newest(run.id())).values().stream()
                .filter(attempt -> attempt.status() == StepStatus.RUNNING)
                .toList();
    }

    /** Takes back what the attempt was given, and ends what it logged. */
    void release(StepAttempt attempt) {
        attempt.trackingRun().ifPresent(tracking -> {
            users.revokeRun(tracking);
            kinds.find(attempt.kind()).ifPresent(runner -> runner.lost(tracking));
        });
    }

    /** Notes the loss, in the transaction that moves the run. */
    void note(PipelineRun run, StepAttempt attempt) {
        store.setStep(run, attempt.position(), attempt.step(), attempt.attempt(), attempt.kind(), StepStatus.LOST);
        store.setEnded(
                run.id(), attempt.step(), attempt.attempt(), clock.millis(), "The server stopped while the step ran");
        ledger.append(
                Actor.SYSTEM,
                "pipeline-run.step-lost",
                run.ref(),
                Json.object().put("step", attempt.step()).put("attempt", attempt.attempt()));
    }
}
