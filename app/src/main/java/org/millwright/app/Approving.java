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
import org.millwright.factory.Outbox;
import org.millwright.factory.Reminding;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.ledger.Ledger;
import org.millwright.lineage.Certificates;
import org.millwright.project.Agreements;
import org.millwright.project.Projects;
import org.millwright.registry.Models;
import org.millwright.registry.Versions;

/** What people decide about releases, and what reminds them of it. */
final class Approving implements AutoCloseable {
    final Approvals approvals;
    final Inbox inbox;
    final Findings findings;
    final Releases releases;
    final BreakGlass breakGlass;
    final Deadlines deadlines;
    private final Agreements agreements;

    Approving(
            Database database,
            Ledger ledger,
            Users users,
            Projects projects,
            Agreements agreements,
            Models models,
            Versions versions,
            Certificates certificates,
            Clock clock,
            Ids ids) {
        this.agreements = agreements;
        approvals = new Approvals(database, ledger, users, projects, clock, ids);
        inbox = new Inbox(database, projects, agreements, approvals, clock);
        findings = new Findings(database, ledger, users, projects, models, versions, approvals, clock, ids);
        releases = new Releases(
                database,
                ledger,
                users.access(),
                projects,
                agreements,
                models,
                versions,
                approvals,
                findings,
                certificates,
                clock,
                ids);
        breakGlass = new BreakGlass(database, ledger, users.access(), projects, approvals, releases, findings, clock);
        deadlines = new Deadlines(approvals, breakGlass, projects, agreements, clock);
    }

    void register(Outbox outbox, Projects projects, Alerts alerts, BrokenConditions conditions) {
        new Reminding(approvals, releases, projects, agreements, alerts).register(outbox);
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
