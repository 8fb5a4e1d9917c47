package org.millwright.gate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.approval.Condition;
import org.millwright.approval.DecidingLine;
import org.millwright.approval.Release;
import org.millwright.approval.Reply;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.OnDatabases;
import org.millwright.pipeline.Parameter;
import org.millwright.pipeline.Pipeline;
import org.millwright.pipeline.PipelineRun;
import org.millwright.pipeline.RunStatus;
import org.millwright.pipeline.Step;
import org.millwright.policy.Policies;
import org.millwright.registry.ModelVersion;
import org.millwright.reproduction.Reproduction;

/** A line whose gate sees findings, conditions and reproductions, and whose versions are made by runs of one pipeline. */
abstract class StandingLine {
    @TempDir
    Path folder;

    DecidingLine line;
    Gates gates;
    PolicyGate gate;
    Policies policies;
    Decisions decisions;
    Today today;
    Optional<Reproduction> reproduced = Optional.empty();
    String rule = "metrics.rmse < 50.0";

    @BeforeEach
    void open() {
        line = new DecidingLine(OnDatabases.sqlite(), folder);
        var ids = new Ids(line.clock);
        gates = new Gates(line.database, line.ledger, line.artifacts, line.clock, ids);
        policies = new Policies(line.database, line.ledger, line.artifacts, line.users, () -> true, line.clock);
        var standing = new StandingFacts(line.findings, line.approvals.conditions(), version -> reproduced, line.clock);
        var facts = new PolicyFacts(
                line.projects,
                line.models,
                line.versions,
                line.runs,
                gates,
                line.approvals,
                line.releases,
                line.certificates,
                standing,
                id -> Optional.of(run(id)),
                line.clock);
        line.approvals.conditions().judgeBy(new Measured(facts, line.approvals, line.releases));
        gate = new PolicyGate(
                line.database,
                line.ledger,
                line.artifacts,
                policies,
                line.projects,
                line.models,
                facts,
                line.clock,
                ids);
        decisions = new Decisions(
                line.database,
                line.artifacts,
                line.users.access(),
                policies,
                line.projects,
                gates,
                line.releases,
                gate);
        today = new Today(
                line.releases,
                line.versions,
                gates,
                gate,
                id -> Optional.of(run(id)),
                (project, name) -> Optional.of(pipeline(name)));
        line.users.access().guardBy(gate);
    }

    @AfterEach
    void close() {
        line.close();
    }

    private PipelineRun run(String id) {
        return new PipelineRun(
                id,
                "delays",
                "train",
                Map.of("limit", "50.0"),
                "s",
                line.projects.get("delays").approved().orElseThrow(),
                false,
                id.startsWith("auto") ? "alert:a" : "",
                RunStatus.SUCCEEDED,
                "",
                line.ana.id(),
                0,
                Optional.of(1L));
    }

    /** The pipeline with a gate of one rule. */
    private Pipeline pipeline(String name) {
        ObjectNode settings = Json.object();
        settings.putArray("rules")
                .addObject()
                .put("name", "good")
                .put("check", rule)
                .put("fix", "Train again");
        var gate = new Step(
                "gate",
                "gate",
                List.of(),
                Map.of(),
                Map.of(),
                List.of(),
                Optional.empty(),
                Map.of(),
                List.of(),
                false,
                Duration.ofMinutes(1),
                settings);
        var limit = new Parameter("limit", Parameter.Type.DOUBLE, Optional.empty());
        return new Pipeline(name, List.of(limit), List.of(gate));
    }

    /** A version of ana's that the gate of a run saw with this error. */
    ModelVersion measured(String run, double rmse) {
        ObjectNode inputs = Json.object();
        inputs.putObject("metrics").put("rmse", rmse);
        gates.judge(line.ana, "delays", "run:" + run, List.of(new Rule("good", rule, "Train again")), inputs);
        return line.version(line.ana, Optional.of("run:" + run));
    }

    Release approved(ModelVersion version, Condition.Wanted... conditions) {
        Release release = line.ask(version);
        line.inbox.decide(
                line.ben, release.ref(), new Reply(Reply.Answer.APPROVE, "", Optional.empty(), List.of(conditions)));
        return line.again(release);
    }

    long in(int days) {
        return line.clock.millis() + Duration.ofDays(days).toMillis();
    }

    void deploy(Release release) {
        line.users.access().requireGate(line.olga, release.deploy());
    }
}
