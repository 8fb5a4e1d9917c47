package org.millwright.app;

import java.util.ArrayList;
import java.util.List;
import org.millwright.web.ErrorForm;
import org.millwright.web.Routes;
import org.millwright.web.api.AgreementRoutes;
import org.millwright.web.api.AlertRoutes;
import org.millwright.web.api.CertificateRoutes;
import org.millwright.web.api.ChannelRoutes;
import org.millwright.web.api.DatasetRoutes;
import org.millwright.web.api.DecisionRoutes;
import org.millwright.web.api.DeploymentRoutes;
import org.millwright.web.api.EnvironmentRoutes;
import org.millwright.web.api.FindingRoutes;
import org.millwright.web.api.GovernanceRoutes;
import org.millwright.web.api.IdentityRoutes;
import org.millwright.web.api.ImportRoutes;
import org.millwright.web.api.LedgerRoutes;
import org.millwright.web.api.ModelRoutes;
import org.millwright.web.api.MonitorRoutes;
import org.millwright.web.api.OperateRoutes;
import org.millwright.web.api.PipelineRoutes;
import org.millwright.web.api.PolicyRoutes;
import org.millwright.web.api.ProjectRoutes;
import org.millwright.web.api.ReproductionRoutes;
import org.millwright.web.api.RoleRoutes;
import org.millwright.web.api.ScorerRoutes;
import org.millwright.web.api.SignalRoutes;
import org.millwright.web.api.StateRoutes;
import org.millwright.web.metrics.MetricsRooms;
import org.millwright.web.metrics.MetricsRoutes;
import org.millwright.web.mlflow.MlflowErrors;
import org.millwright.web.mlflow.MlflowRooms;
import org.millwright.web.mlflow.MlflowRoutes;
import org.millwright.web.oip.InvocationErrors;
import org.millwright.web.oip.InvocationsRoutes;
import org.millwright.web.oip.OipErrors;
import org.millwright.web.oip.OipRoutes;
import org.millwright.web.oip.OpenApiRoutes;
import org.millwright.web.ui.Forms;
import org.millwright.web.ui.HtmlErrors;
import org.millwright.web.ui.Ui;

/** The protocols and pages over the rooms. */
record Adapters(List<Routes> routes, List<ErrorForm> errors, Forms forms) {
    static Adapters over(Rooms rooms, String prefix) {
        var ui = new Ui();
        var forms = new Forms();
        // What is asked most often comes first: a request's path is tried against one route after the other.
        var routes = new ArrayList<Routes>(List.of(
                new OipRoutes(rooms.scorer),
                new InvocationsRoutes(rooms.scorer),
                new MlflowRoutes(
                        new MlflowRooms(
                                rooms.experiments,
                                rooms.runs,
                                rooms.loggedModels,
                                rooms.artifactTree,
                                rooms.models,
                                rooms.versions,
                                rooms.webhooks,
                                rooms.users),
                        rooms.clock,
                        MlflowRoutes.ARTIFACT_LIMIT,
                        prefix),
                new IdentityRoutes(rooms.users),
                new RoleRoutes(rooms.users),
                new ProjectRoutes(
                        rooms.projects, rooms.projectMembers, rooms.projectReviews, rooms.pipelineRuns, rooms.users),
                new AgreementRoutes(rooms.agreements, rooms.overviews, rooms.reacting.continuing, rooms.users),
                new PipelineRoutes(rooms.pipelineRuns, rooms.sources, rooms.users),
                new GovernanceRoutes(
                        rooms.approvals,
                        rooms.gates,
                        rooms.releases,
                        rooms.governing.today,
                        rooms.vouching.revocations,
                        rooms.users),
                new PolicyRoutes(rooms.governing.policies, rooms.governing.decisions, rooms.users),
                new DecisionRoutes(
                        rooms.deciding.inbox,
                        rooms.approvals,
                        rooms.projects.holidays(),
                        rooms.deciding.breakGlass,
                        rooms.users),
                new FindingRoutes(rooms.deciding.findings, rooms.users, rooms.clock),
                new EnvironmentRoutes(rooms.environments, rooms.users),
                new LedgerRoutes(rooms.ledger, rooms.anchors, rooms.users),
                new StateRoutes(rooms.history, rooms.users),
                new ImportRoutes(rooms.imports),
                new OperateRoutes(rooms.users, rooms.artifactTree, rooms::backup),
                new MetricsRoutes(new MetricsRooms(
                        rooms.users,
                        rooms.scorer,
                        rooms.monitor,
                        rooms.clockClauses,
                        rooms.alerts,
                        rooms.notifying.notifications,
                        rooms.pipelineRuns,
                        rooms.ledger,
                        rooms.reacting.outbox,
                        rooms.database::load)),
                new ModelRoutes(
                        rooms.models,
                        rooms.versions,
                        rooms.narrowings,
                        rooms.renewals,
                        rooms.certificates,
                        rooms.vouching.revokedAssets,
                        rooms.projects,
                        rooms.reproductions,
                        rooms.users),
                new DatasetRoutes(rooms.datasets, rooms.users),
                new DeploymentRoutes(rooms.deployments, rooms.scorer, rooms.users),
                new ScorerRoutes(
                        rooms.distributing.pulls,
                        rooms.distributing.publications,
                        rooms.distributing.routings,
                        rooms.replicas),
                new OpenApiRoutes(rooms.deployments, rooms.scorer, rooms.examples, rooms.users),
                new MonitorRoutes(rooms.monitor, rooms.labels, rooms.overviews, rooms.retrainings, rooms.clock),
                new AlertRoutes(
                        rooms.alerts,
                        rooms.notifying.notifications,
                        rooms.notifying.silences,
                        rooms.users,
                        rooms.clock),
                new ChannelRoutes(rooms.notifying.channels, rooms.users),
                new SignalRoutes(rooms.signals),
                new ReproductionRoutes(rooms.reproductions, rooms.users),
                new CertificateRoutes(rooms.vouching.certifying, rooms.certificates, rooms.users, rooms.clock)));
        // Before the pages: /data/NAME/card is no number of a version.
        routes.addAll(Evidenced.routes(rooms, ui));
        routes.addAll(Pages.over(rooms, ui, forms));
        routes.addAll(rooms.looking.routes(ui));
        return new Adapters(
                routes,
                List.of(new MlflowErrors(), new OipErrors(), new InvocationErrors(), new HtmlErrors(ui)),
                forms);
    }
}
