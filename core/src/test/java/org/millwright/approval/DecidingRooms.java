package org.millwright.approval;

import java.time.Clock;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.ledger.Ledger;

/** The rooms that decide about releases, wired as a server wires them. */
public final class DecidingRooms {
    public final Approvals approvals;
    public final Inbox inbox;
    public final Findings findings;
    public final Releases releases;

    public DecidingRooms(Database database, Ledger ledger, Releases.Rooms rooms, Clock clock, Ids ids) {
        approvals = new Approvals(database, ledger, rooms.users(), rooms.projects(), clock, ids);
        inbox = new Inbox(database, approvals, clock);
        inbox.add(new WaitingProjects(rooms.projects(), clock));
        inbox.add(new WaitingAgreements(rooms.agreements(), clock));
        findings = new Findings(database, ledger, rooms, approvals, clock, ids);
        releases = new Releases(database, ledger, rooms, approvals, findings, clock, ids);
    }
}
