package org.millwright.app;

import java.util.Optional;
import org.millwright.alert.Alerts;
import org.millwright.approval.WaitingPolicies;
import org.millwright.factory.Activating;
import org.millwright.factory.Granting;
import org.millwright.factory.Outbox;
import org.millwright.gate.Decisions;
import org.millwright.gate.Measured;
import org.millwright.gate.PolicyFacts;
import org.millwright.gate.PolicyGate;
import org.millwright.gate.StandingFacts;
import org.millwright.gate.Today;
import org.millwright.kernel.Problem;
import org.millwright.pipeline.Pipeline;
import org.millwright.pipeline.PipelineRun;
import org.millwright.pipeline.Push;
import org.millwright.policy.Policies;
import org.millwright.policy.Proposals;

/** Policies, and the one gate that judges every governed action by them. */
final class Governing {
    final Policies policies;
    final Proposals proposals;
    final Decisions decisions;
    final Today today;
    private final PolicyGate gate;

    /** @param rooms those of floors 0 to 6, built */
    Governing(Rooms rooms) {
        policies = new Policies(
                rooms.database,
                rooms.ledger,
                rooms.artifacts,
                rooms.users,
                () -> !rooms.users.list().isEmpty(),
                rooms.clock);
        proposals = new Proposals(rooms.database, rooms.ledger, rooms.users, policies);
        rooms.deciding.inbox.add(new WaitingPolicies(policies, proposals));
        var standing = new StandingFacts(
                rooms.deciding.findings, rooms.approvals.conditions(), rooms.reproductions::latest, rooms.clock);
        var facts = new PolicyFacts(
                rooms.projects,
                rooms.models,
                rooms.versions,
                rooms.runs,
                rooms.gates,
                rooms.approvals,
                rooms.releases,
                rooms.certificates,
                standing,
                rooms.pipelineRuns::find,
                rooms.clock);
        rooms.approvals.conditions().judgeBy(new Measured(facts, rooms.approvals, rooms.releases));
        gate = new PolicyGate(
                rooms.database,
                rooms.ledger,
                rooms.artifacts,
                policies,
                rooms.projects,
                rooms.models,
                facts,
                rooms.clock,
                rooms.ids);
        decisions = new Decisions(
                rooms.database,
                rooms.artifacts,
                rooms.users.access(),
                policies,
                rooms.projects,
                rooms.gates,
                rooms.releases,
                gate);
        today = new Today(
                rooms.releases,
                rooms.versions,
                rooms.gates,
                gate,
                rooms.pipelineRuns::find,
                (project, name) -> pipeline(rooms, project, name));
        rooms.users.access().guardBy(gate);
    }

    /** The pipeline as its project has it by now: pushed, or run since; empty when it has none of that name. */
    private static Optional<Pipeline> pipeline(Rooms rooms, String project, String name) {
        Optional<PipelineRun> run = rooms.pipelineRuns.list(Optional.of(project), Optional.of(name), 1).stream()
                .findFirst();
        Optional<String> pushed = rooms.sources
                .pushed(project)
                .filter(push ->
                        run.filter(known -> known.createdAt() > push.at()).isEmpty())
                .map(Push::sourceId);
        try {
            return pushed.or(() -> run.map(PipelineRun::sourceId))
                    .map(source -> rooms.pipelineRuns.check(source).get(name));
        } catch (Problem e) {
            return Optional.empty();
        }
    }

    void register(Outbox outbox, Rooms rooms, Alerts alerts) {
        new Activating(proposals, rooms.users, alerts).register(outbox);
        new Granting(rooms.approvals, rooms.releases, gate).register(outbox);
    }
}
