package org.millwright.app;

import java.util.List;
import org.millwright.web.Routes;
import org.millwright.web.ui.AlertPages;
import org.millwright.web.ui.ArtifactPages;
import org.millwright.web.ui.AskPages;
import org.millwright.web.ui.Assets;
import org.millwright.web.ui.ChannelPages;
import org.millwright.web.ui.ComparePages;
import org.millwright.web.ui.DataPages;
import org.millwright.web.ui.DeploymentPages;
import org.millwright.web.ui.EnvironmentPages;
import org.millwright.web.ui.ExperimentPages;
import org.millwright.web.ui.FileTree;
import org.millwright.web.ui.Forms;
import org.millwright.web.ui.InboxPages;
import org.millwright.web.ui.LedgerPages;
import org.millwright.web.ui.ModelPages;
import org.millwright.web.ui.PolicyPages;
import org.millwright.web.ui.ProjectPages;
import org.millwright.web.ui.Released;
import org.millwright.web.ui.RequestPages;
import org.millwright.web.ui.RunMetrics;
import org.millwright.web.ui.RunPages;
import org.millwright.web.ui.RunRows;
import org.millwright.web.ui.SearchPages;
import org.millwright.web.ui.SignInPages;
import org.millwright.web.ui.StatePages;
import org.millwright.web.ui.TrackingPages;
import org.millwright.web.ui.TryPages;
import org.millwright.web.ui.Ui;
import org.millwright.web.ui.Watches;

/** What people see in a browser. */
final class Pages {
    private Pages() {}

    static List<Routes> over(Rooms rooms, Ui ui, Forms forms) {
        var released = new Released(rooms.versions, rooms.deployments);
        var rows = new RunRows(rooms.runs, rooms.runTables, released);
        var files = new FileTree(rooms.artifactTree);
        var tracking = new TrackingPages(
                ui,
                rooms.experiments,
                rooms.runs,
                rooms.loggedModels,
                new RunMetrics(rooms.runTables),
                released,
                files,
                forms,
                rooms.clock);
        var watches = new Watches(rooms.overviews, rooms.retrainings, rooms.signals, rooms.projects, rooms.agreements);
        return List.of(
                new Assets(),
                new SignInPages(ui, rooms.users),
                new InboxPages(
                        ui,
                        rooms.deciding.inbox,
                        rooms.gates,
                        rooms.deployments,
                        rooms.projects,
                        rooms.users,
                        forms,
                        rooms.clock),
                new DataPages(
                        ui,
                        rooms.datasets,
                        rooms.vouching.revokedAssets,
                        rooms.heldTraffic,
                        rooms.certificates,
                        rooms.users,
                        rooms.clock),
                new PolicyPages(
                        ui,
                        rooms.governing.policies,
                        rooms.governing.proposals,
                        rooms.governing.decisions,
                        rooms.users,
                        rooms.clock),
                new EnvironmentPages(ui, rooms.environments, rooms.certificates, rooms.users, rooms.clock),
                new AlertPages(
                        ui,
                        rooms.alerts,
                        rooms.notifying.notifications,
                        rooms.pipelineRuns,
                        rooms.users,
                        forms,
                        rooms.clock),
                new ChannelPages(
                        ui, rooms.notifying.channels, rooms.notifying.silences, rooms.users, forms, rooms.clock),
                new ModelPages(
                        ui,
                        rooms.models,
                        rooms.versions,
                        rooms.runs,
                        rooms.gates,
                        new ModelPages.Evidence(
                                rooms.certificates,
                                rooms.edges,
                                rooms.bundles,
                                rooms.narrowings,
                                rooms.reproductions,
                                rooms.vouching.revokedAssets,
                                new ModelPages.Decided(rooms.releases, rooms.approvals, rooms.governing.today)),
                        rooms.deployments,
                        watches,
                        rooms.ledger,
                        rooms.users,
                        rooms.clock),
                new DeploymentPages(
                        ui,
                        rooms.deployments,
                        rooms.projects,
                        rooms.scorer,
                        watches,
                        rooms.ledger,
                        rooms.users,
                        rooms.clock),
                new TryPages(ui, rooms.deployments, rooms.scorer, rooms.examples, rooms.users, forms),
                new SearchPages(
                        ui,
                        rooms.projects,
                        rooms.pipelineRuns,
                        rooms.experiments,
                        rooms.runs,
                        rooms.models,
                        rooms.datasets,
                        rooms.ledger,
                        rooms.users),
                FirstPages.over(rooms, ui),
                new AskPages(ui, rooms.projects, rooms.users, forms),
                new RequestPages(
                        ui, rooms.projects, rooms.projectReviews, rooms.pipelineRuns, rooms.users, forms, rooms.clock),
                new ProjectPages(
                        ui,
                        rooms.insights,
                        rooms.projects,
                        rooms.pipelineRuns,
                        rooms.approvals,
                        rooms.deployments,
                        watches,
                        rooms.projectReviews,
                        rooms.users,
                        rooms.clock),
                new RunPages(
                        ui,
                        rooms.pipelineRuns,
                        tracking,
                        rooms.reproductions,
                        rooms.certificates,
                        rooms.users,
                        rooms.clock),
                tracking,
                new ExperimentPages(ui, rooms.experiments, rooms.runTables, rows, forms, rooms.clock),
                new ComparePages(ui, rooms.experiments, rooms.runs, rooms.runTables, rows),
                new ArtifactPages(
                        ui, rooms.experiments, rooms.runs, rooms.loggedModels, rooms.versions, files, rooms.clock),
                new LedgerPages(ui, rooms.ledger, rooms.anchors, rooms.users, rooms.clock),
                new StatePages(ui, rooms.history, rooms.users, rooms.clock));
    }
}
