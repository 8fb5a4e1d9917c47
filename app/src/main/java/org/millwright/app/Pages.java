package org.millwright.app;

import java.util.List;
import org.millwright.web.Routes;
import org.millwright.web.ui.Assets;
import org.millwright.web.ui.HomePages;
import org.millwright.web.ui.LedgerPages;
import org.millwright.web.ui.ProjectPages;
import org.millwright.web.ui.RunPages;
import org.millwright.web.ui.TrackingPages;
import org.millwright.web.ui.Ui;

/** What people see in a browser. */
final class Pages {
    private Pages() {}

    static List<Routes> over(Rooms rooms, Ui ui) {
        var tracking = new TrackingPages(
                ui, rooms.experiments, rooms.runs, rooms.loggedModels, rooms.artifactTree, rooms.users, rooms.clock);
        return List.of(
                new Assets(),
                new HomePages(ui, rooms.insights, rooms.approvals, rooms.users, rooms.clock),
                new ProjectPages(
                        ui,
                        rooms.insights,
                        rooms.projects,
                        rooms.pipelineRuns,
                        rooms.approvals,
                        rooms.users,
                        rooms.clock),
                new RunPages(ui, rooms.pipelineRuns, tracking, rooms.users, rooms.clock),
                tracking,
                new LedgerPages(ui, rooms.ledger, rooms.users, rooms.clock));
    }
}
