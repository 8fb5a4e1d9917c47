package org.millwright.app;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;
import org.millwright.artifact.Artifacts;
import org.millwright.engines.process.StepProcess;
import org.millwright.engines.python.UvEnvironments;
import org.millwright.environment.Environments;
import org.millwright.governance.Approvals;
import org.millwright.governance.GateStep;
import org.millwright.governance.Gates;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.ledger.Ledger;
import org.millwright.pipeline.PipelineRuns;
import org.millwright.pipeline.Sources;
import org.millwright.pipeline.StepKinds;
import org.millwright.pipeline.Trees;
import org.millwright.pipeline.steps.Python;
import org.millwright.pipeline.steps.PythonStep;
import org.millwright.project.Projects;
import org.millwright.web.Routes;
import org.millwright.web.api.EnvironmentRoutes;
import org.millwright.web.api.GovernanceRoutes;
import org.millwright.web.api.IdentityRoutes;
import org.millwright.web.api.LedgerRoutes;
import org.millwright.web.api.PipelineRoutes;
import org.millwright.web.api.ProjectRoutes;

/** The rooms that take a project from request to release, wired in floor order. */
final class Line implements AutoCloseable {
    /** Steps that work at the same time: a training uses all cores it is given. */
    private static final int TOGETHER = 2;

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final PipelineRuns runs;
    private final List<Routes> routes;

    /** The ground floors that the line stands on. */
    record Ground(
            Path data, Database database, Ledger ledger, Artifacts artifacts, Users users, Clock clock, Ids ids) {}

    /** @param server the URL under which steps reach this server, known once it listens */
    Line(Ground ground, PythonStep.Tracking tracking, Supplier<String> server) {
        Path data = ground.data();
        Database database = ground.database();
        Ledger ledger = ground.ledger();
        Users users = ground.users();
        Clock clock = ground.clock();
        var trees = new Trees(ground.artifacts());
        var processes = new StepProcess(data.resolve("processes"), clock);
        processes.stopLeftovers();

        var projects = new Projects(database, ledger, users, clock);
        var builder = closing(new UvEnvironments(
                shared().resolve("tools"), shared().resolve("uv"), data.resolve("environments"), processes));
        var environments = new Environments(database, ledger, users.access(), ground.artifacts(), builder, clock);
        var sources = new Sources(database, ledger, users.access(), clock, trees);
        var gates = new Gates(database, ledger, ground.artifacts(), clock, ground.ids());
        var approvals = new Approvals(database, ledger, users.access(), projects, clock, ground.ids());
        var python = new Python(environments, sources, processes);
        var kinds = new StepKinds(List.of(
                new PythonStep(python, trees, tracking, users, clock, server),
                new GateStep(gates, ground.artifacts())));
        runs = closing(new PipelineRuns(
                database,
                ledger,
                users,
                projects,
                sources,
                kinds,
                data.resolve("runs"),
                clock,
                ground.ids(),
                TOGETHER));
        routes = List.of(
                new IdentityRoutes(users),
                new ProjectRoutes(projects, users),
                new PipelineRoutes(runs, sources, users),
                new GovernanceRoutes(approvals, gates, users),
                new EnvironmentRoutes(environments, users),
                new LedgerRoutes(ledger, users));
    }

    List<Routes> routes() {
        return routes;
    }

    /** Takes up what the last stop interrupted; once the server listens. */
    void begin() {
        runs.recover();
    }

    @Override
    public void close() throws Exception {
        while (!parts.isEmpty()) {
            parts.pop().close();
        }
    }

    /** Downloads that all servers of this user share. */
    private static Path shared() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base =
                cache == null || cache.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return base.resolve("millwright");
    }

    private <T extends AutoCloseable> T closing(T part) {
        parts.push(part);
        return part;
    }
}
