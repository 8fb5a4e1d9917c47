package org.millwright.app;

import org.millwright.gate.Decisions;
import org.millwright.gate.PolicyFacts;
import org.millwright.gate.PolicyGate;
import org.millwright.identity.Access;
import org.millwright.policy.Policies;

/** Policies, and the one gate that judges every governed action by them. */
final class Governing {
    final Policies policies;
    final Decisions decisions;

    /** @param rooms those of floors 0 to 6, built */
    Governing(Rooms rooms) {
        Access access = rooms.users.access();
        policies = new Policies(
                rooms.database,
                rooms.ledger,
                rooms.artifacts,
                access,
                () -> !rooms.users.list().isEmpty(),
                rooms.clock);
        var facts = new PolicyFacts(
                rooms.projects,
                rooms.versions,
                rooms.runs,
                rooms.gates,
                rooms.approvals,
                rooms.releases,
                rooms.certificates,
                rooms.pipelineRuns::find,
                rooms.clock);
        var gate = new PolicyGate(
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
                rooms.database, rooms.artifacts, access, policies, rooms.projects, rooms.gates, rooms.releases, gate);
        access.guardBy(gate);
    }
}
