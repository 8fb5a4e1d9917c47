package org.millwright.app;

import java.time.Clock;
import java.util.List;
import org.millwright.alert.Alerts;
import org.millwright.alert.BrokenConditions;
import org.millwright.approval.Approvals;
import org.millwright.approval.BreakGlass;
import org.millwright.approval.Deadlines;
import org.millwright.approval.Findings;
import org.millwright.approval.Inbox;
import org.millwright.approval.Releases;
import org.millwright.approval.WaitingAgreements;
import org.millwright.approval.WaitingProjects;
import org.millwright.factory.Outbox;
import org.millwright.factory.Reminding;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.ledger.Ledger;
import org.millwright.project.Agreements;
import org.millwright.project.Projects;

/** What people decide about releases, and what reminds them of it. */
final class Approving implements AutoCloseable {
    final Approvals approvals;
    final Inbox inbox;
    final Findings findings;
    final Releases releases;
    final BreakGlass breakGlass;
    final Deadlines deadlines;
    private final Releases.Rooms rooms;

    Approving(Database database, Ledger ledger, Releases.Rooms rooms, Clock clock, Ids ids) {
        this.rooms = rooms;
        Projects projects = rooms.projects();
        Agreements agreements = rooms.agreements();
        approvals = new Approvals(database, ledger, rooms.users(), projects, clock, ids);
        inbox = new Inbox(database, approvals, clock);
        inbox.add(new WaitingProjects(projects, clock));
        inbox.add(new WaitingAgreements(agreements, clock));
        findings = new Findings(database, ledger, rooms, approvals, clock, ids);
        releases = new Releases(database, ledger, rooms, approvals, findings, clock, ids);
        breakGlass = new BreakGlass(
                database, ledger, rooms.users().access(), projects, approvals, releases, findings, clock);
        deadlines = new Deadlines(approvals, breakGlass, projects, agreements, clock);
    }

    void register(Outbox outbox, Alerts alerts, BrokenConditions conditions) {
        new Reminding(approvals, releases, rooms.projects(), rooms.agreements(), alerts).register(outbox);
        for (String change : List.of("approval.condition-met", "deployment.promoted", "deployment.rolled-back")) {
            outbox.on(change, entry -> conditions.turn());
        }
    }

    void start() {
        deadlines.start();
    }

    @Override
    public void close() {
        deadlines.close();
    }
}
