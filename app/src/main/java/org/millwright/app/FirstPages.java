package org.millwright.app;

import org.millwright.web.Routes;
import org.millwright.web.ui.DecisionsDesk;
import org.millwright.web.ui.Desks;
import org.millwright.web.ui.EndpointsDesk;
import org.millwright.web.ui.HomePages;
import org.millwright.web.ui.InstallationDesk;
import org.millwright.web.ui.PeopleDesk;
import org.millwright.web.ui.ProductionDesk;
import org.millwright.web.ui.RecordsDesk;
import org.millwright.web.ui.TrackedRuns;
import org.millwright.web.ui.Ui;
import org.millwright.web.ui.ValidationDesk;
import org.millwright.web.ui.WorkDesk;

/** The first page of each role, over the rooms that know what it shows. */
final class FirstPages {
    private FirstPages() {}

    static Routes over(Rooms rooms, Ui ui) {
        var desks = new Desks(
                new DecisionsDesk(rooms.deciding.inbox, rooms.gates, rooms.deployments, rooms.projects, rooms.insights),
                production(rooms),
                work(rooms),
                new ValidationDesk(
                        rooms.releases, rooms.deciding.findings, rooms.looking.inventory, rooms.users.access()),
                new EndpointsDesk(
                        rooms.deployments, rooms.scorer, rooms.examples, rooms.projects, rooms.users.access()),
                new PeopleDesk(rooms.users, rooms.projects, rooms.ledger),
                installation(rooms),
                new RecordsDesk(
                        rooms.looking.portfolio, rooms.deployments, rooms.ledger, rooms.anchors, rooms.users.access()));
        return new HomePages(
                ui, desks, rooms.insights, rooms.recentRuns, rooms.deciding.inbox, rooms.users, rooms.clock);
    }

    private static ProductionDesk production(Rooms rooms) {
        return new ProductionDesk(
                rooms.deployments,
                rooms.scorer,
                rooms.alerts,
                rooms.recentRuns,
                rooms.deciding.findings,
                rooms.users.access());
    }

    private static WorkDesk work(Rooms rooms) {
        return new WorkDesk(
                rooms.pipelineRuns,
                rooms.recentRuns,
                new TrackedRuns(rooms.runTables, rooms.versions, rooms.deployments, rooms.users.access()),
                rooms.gates,
                rooms.governing.policies,
                rooms.projects,
                rooms.users);
    }

    private static InstallationDesk installation(Rooms rooms) {
        return new InstallationDesk(
                new InstallationDesk.Rooms(
                        rooms.health::faults,
                        rooms.data,
                        rooms.database::load,
                        rooms.database.isSqlite(),
                        rooms.deployments,
                        rooms.pipelineRuns,
                        rooms.reacting.outbox,
                        rooms.monitor,
                        rooms.ledger,
                        rooms.anchors),
                rooms.users.access());
    }
}
