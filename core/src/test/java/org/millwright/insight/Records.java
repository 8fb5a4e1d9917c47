package org.millwright.insight;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.millwright.approval.AnyMatter;
import org.millwright.approval.Approvals;
import org.millwright.approval.Inbox;
import org.millwright.artifact.Artifacts;
import org.millwright.gate.Gates;
import org.millwright.gate.Rule;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.ledger.Ledger;
import org.millwright.ledger.TestLedger;
import org.millwright.lineage.Edges;
import org.millwright.pipeline.PipelineRuns;
import org.millwright.pipeline.Sources;
import org.millwright.pipeline.StepKinds;
import org.millwright.pipeline.Trees;
import org.millwright.project.Agreements;
import org.millwright.project.Projects;
import org.millwright.window.Volumes;

/**
 * Rooms over a clock that the test sets, and the records of a project's line. People, projects, decisions and gates are those
 * of the rooms; what takes Python or a scorer is noted in the form that its room notes it in (InsightLineTest of the app
 * holds these forms against the real ones).
 */
final class Records implements AutoCloseable {
    static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    final AtomicReference<Instant> now = new AtomicReference<>(BEGIN);
    final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
    final Database database;
    final Ledger ledger;
    final Users users;
    final Projects projects;
    final Agreements agreements;
    final Approvals approvals;
    final Inbox inbox;
    final Gates gates;
    final Edges edges;
    final Chronicle chronicle;
    final ProjectInsights insights;
    final Maturity maturity;
    final Actor ana;
    final Actor ben;
    final Actor mia;
    private final PipelineRuns runs;

    Records(Database database, Path folder) {
        this.database = database;
        var ids = new Ids(clock);
        ledger = TestLedger.open(database, clock, ids, folder);
        users = new Users(database, ledger, clock, ids);
        projects = new Projects(database, ledger, users, clock);
        agreements = new Agreements(database, ledger, users, projects, clock, ids);
        approvals = new Approvals(database, ledger, users, projects, clock, ids);
        AnyMatter.bind(approvals, "release", Map.of("files", "1"));
        inbox = new Inbox(database, approvals, clock);
        var artifacts = new Artifacts(folder.resolve("artifacts"), ids);
        gates = new Gates(database, ledger, artifacts, clock, ids);
        edges = new Edges(database, clock);
        var sources = new Sources(database, ledger, users.access(), clock, new Trees(artifacts));
        runs = new PipelineRuns(
                database,
                ledger,
                users,
                projects,
                edges,
                sources,
                new StepKinds(List.of()),
                folder.resolve("runs"),
                clock,
                ids,
                1);
        chronicle = new Chronicle(ledger);
        insights = new ProjectInsights(
                chronicle, projects, runs, sources, new Volumes(database), users, Rates.ASSUMED, clock);
        maturity = new Maturity(database, chronicle, ledger, projects, agreements, edges, users, clock);
        ana = person("ana", Role.DATA_SCIENTIST);
        ben = person("ben", Role.APPROVER);
        mia = person("mia", Role.ML_ENGINEER);
    }

    private Actor person(String name, Role role) {
        users.add(Actor.LOCAL, name, name, Actor.Kind.PERSON, Set.of(role), null);
        return new Actor(users.get(name).id(), name, Actor.Kind.PERSON, true, Set.of(role), Optional.empty());
    }

    static String project(String name) {
        return """
                apiVersion: millwright/v1
                kind: Project
                name: %s
                purpose: Shows how a project gets to production.
                owner: ana
                risk-tier: low
                data: [{name: flights, classification: public, source: a file}]
                members: {ana: [data-scientist], mia: [ml-engineer], ben: [approver]}
                environment: {python: "3.11"}
                model: {task: regression, label: y}
                """.formatted(name);
    }

    /** Sets the clock to so many hours after the beginning. */
    void at(double days) {
        now.set(BEGIN.plus(Duration.ofMinutes(Math.round(days * 24 * 60))));
    }

    static long day(double days) {
        return BEGIN.toEpochMilli() + Math.round(days * 24 * 3600_000);
    }

    void note(Actor by, String action, ObjectNode details, String... subjects) {
        database.write(() -> ledger.append(by, action, List.of(subjects), details));
    }

    void note(String action, String... subjects) {
        note(Actor.SYSTEM, action, Json.object(), subjects);
    }

    /** A run of a project begins, as pipelines note it. */
    void run(String project, String id, String cause) {
        note(
                ana,
                "pipeline-run.started",
                Json.object()
                        .put("pipeline", "train")
                        .put("commit", "abc")
                        .put("dirty", false)
                        .put("cause", cause),
                "run:" + id,
                "project:" + project);
    }

    void gate(String project, String run, boolean passes) {
        gates.judge(
                ana,
                project,
                "run:" + run,
                List.of(new Rule("better", "metrics.skill > baseline.skill", "train better")),
                Json.object()
                        .<ObjectNode>set("baseline", Json.object().put("skill", 0.1))
                        .set("metrics", Json.object().put("skill", passes ? 0.5 : 0.0)));
    }

    void registered(String project, String version, String run) {
        String model = "model:" + version;
        String name = "model:" + Chronicle.name(version);
        note(ana, "model.version-registered", Json.object(), model, name);
        note(ana, "model.bundled", Json.object(), model, name);
        note(
                ana,
                "model.hand-off-checked",
                Json.object().put("agreed", true).set("blocking", Json.array()),
                model,
                name);
        note(ana, "model.version-certified", Json.object(), model, "project:" + project, "run:" + run);
    }

    /** Somebody asks for a release; returns what others decide about. */
    String release(String project, String id, String version) {
        note(
                ana,
                "release.requested",
                Json.object(),
                "release:" + id,
                "model:" + version,
                "model:" + Chronicle.name(version),
                "project:" + project);
        return approvals
                .request(
                        ana,
                        new Approvals.Request(
                                project,
                                "release:" + id,
                                "Release " + version,
                                Map.of("files", "1"),
                                Json.object(),
                                ana.id()))
                .ref();
    }

    void releaseIs(String project, String id, String version, String state) {
        note(
                "release." + state,
                "release:" + id,
                "model:" + version,
                "model:" + Chronicle.name(version),
                "project:" + project);
    }

    /** A change of a deployment, as serving notes it; {@code production} is what is in production after it. */
    void deployment(String action, String project, String deployment, String version, String production) {
        ObjectNode details = Json.object().put("version", version);
        if (!production.isEmpty()) {
            details.put("production", production);
        }
        note(
                Actor.SYSTEM,
                "deployment." + action,
                details,
                "deployment:" + deployment,
                "model:" + deployment + "/" + version,
                "project:" + project);
    }

    void alert(String action, String project, String id, String deployment) {
        note(
                Actor.SYSTEM,
                "alert." + action,
                Json.object().put("quiet", false),
                "alert:" + id,
                "deployment:" + deployment,
                "model:" + deployment + "/1",
                "project:" + project);
    }

    /** A run with steps of an hour each, as pipelines keep them; the last ones were taken from an earlier run. */
    void worked(String project, double day, int hours, int reused) {
        database.write(() -> {
            sql(
                    "insert into pipeline_run (id, project, pipeline, parameters, source_id, project_file, fresh, cause,"
                            + " status, started_by, created_at) values (?, ?, 'train', '{}', '', '', 0, '', 'SUCCEEDED',"
                            + " 'ana', ?)",
                    "w" + project,
                    project,
                    day(day));
            for (int step = 0; step < hours + reused; step++) {
                sql(
                        "insert into pipeline_step (run_id, step, attempt, position, kind, status, project, started_at,"
                                + " ended_at, reused_from) values (?, ?, 1, ?, 'python', 'SUCCEEDED', ?, ?, ?, ?)",
                        "w" + project,
                        "s" + step,
                        step,
                        project,
                        day(day),
                        day(day) + 3_600_000,
                        step < hours ? null : "w0/s0");
            }
        });
    }

    /** A window of a day, as monitoring counts it. */
    void predicted(String deployment, double day, int rows, int labels) {
        database.write(() -> sql(
                "insert into monitor_window (deployment, version, window_start, window_end, row_count, late_count, last_event,"
                        + " label_count, revision) values (?, '1', ?, ?, ?, 0, 0, ?, 1)",
                deployment,
                day(day),
                day(day + 1),
                rows,
                labels));
    }

    private void sql(String statement, @Nullable Object... values) {
        database.jdbc(statement, prepared -> {
            for (int i = 0; i < values.length; i++) {
                prepared.setObject(i + 1, values[i]);
            }
            return prepared.executeUpdate();
        });
    }

    @Override
    public void close() {
        runs.close();
        database.close();
    }
}
