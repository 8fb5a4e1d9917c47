package org.millwright.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.artifact.Artifacts;
import org.millwright.factory.Continuing;
import org.millwright.factory.Outbox;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.OnDatabases;
import org.millwright.lineage.Edges;
import org.millwright.pipeline.Output;
import org.millwright.pipeline.OutputType;
import org.millwright.pipeline.PipelineRun;
import org.millwright.pipeline.PipelineRuns;
import org.millwright.pipeline.Sources;
import org.millwright.pipeline.StepContext;
import org.millwright.pipeline.StepKind;
import org.millwright.pipeline.StepKinds;
import org.millwright.pipeline.StepRunner;
import org.millwright.pipeline.Trees;

/** From a broken window to a run of the agreed pipeline on the data up to then. */
@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class ContinuingTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String PIPELINES = """
            apiVersion: millwright/v1
            kind: Pipelines
            pipelines:
              train:
                parameters:
                  from: {type: month, default: "2013-01"}
                  through: {type: month}
                steps:
                  - {id: fit, kind: fit, month: "${through}"}
            """;

    private final Database database;

    @TempDir
    Path folder;

    private Line line;
    private Artifacts artifacts;
    private Sources sources;
    private PipelineRuns runs;
    private Outbox outbox;

    ContinuingTest(OnDatabases.Maker maker) {
        database = maker.make();
    }

    /** A step that makes a small file of its month. */
    private final class Fit implements StepRunner {
        @Override
        public StepKind kind() {
            return new StepKind(
                    "fit",
                    1,
                    List.of(StepKind.need("month", StepKind.Form.DATA)),
                    Map.of("model", OutputType.JSON),
                    true,
                    false);
        }

        @Override
        public Result run(StepContext context) throws IOException {
            String sha256 = artifacts
                    .put(context.run().parameters().toString().getBytes(StandardCharsets.UTF_8))
                    .sha256();
            return new Result(List.of(new Output("model", OutputType.JSON, sha256, Json.object())), "fitted");
        }
    }

    @BeforeEach
    void open() {
        line = new Line(database, folder);
        artifacts = new Artifacts(folder.resolve("artifacts"), line.ids);
        sources = new Sources(database, line.ledger, line.users.access(), line.clock, new Trees(artifacts));
        runs = new PipelineRuns(
                database,
                line.ledger,
                line.users,
                line.projects,
                new Edges(database, line.clock),
                sources,
                new StepKinds(List.of(new Fit())),
                folder.resolve("runs"),
                line.clock,
                line.ids,
                2);
        react();
    }

    @AfterEach
    void close() throws InterruptedException {
        outbox.close();
        runs.close();
        line.monitor.close();
        database.close();
    }

    private void react() {
        outbox = new Outbox(database, line.ledger);
        new Continuing(line.retrainings, runs, line.projects, deployment -> Optional.of("1")).register(outbox);
        outbox.start();
    }

    private void trainedByHand() {
        trainedByHand(Line.PROJECT);
    }

    private void trainedByHand(String project) {
        var source = sources.put(line.ana, "delays", new ByteArrayInputStream(zip(project)), "", true);
        runs.start(
                line.ana,
                new PipelineRuns.Request("delays", "train", Map.of("through", "2013-06"), source.id(), false, ""));
    }

    private static byte[] zip(String project) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (var file : Map.of("millwright.yaml", project, "pipeline.yaml", PIPELINES)
                    .entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }

    private List<PipelineRun> settled() throws InterruptedException {
        long until = System.nanoTime() + LONG.toNanos();
        while (System.nanoTime() < until) {
            assertThat(outbox.awaitIdle(LONG)).isTrue();
            List<PipelineRun> all = runs.list(Optional.of("delays"), Optional.of("train"), 10);
            if (all.stream().allMatch(run -> run.status().ended())) {
                return all;
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("runs did not end");
    }

    @Test
    void aBrokenWindowStartsOneRunOnTheDataUpToThen() throws InterruptedException {
        trainedByHand();
        settled();
        line.month("2013-08", "2013-09", "1", 0, 0);
        assertThat(settled()).hasSize(1);
        line.month("2013-09", "2013-10", "1", 0, 1);
        List<PipelineRun> all = settled();
        Alert alert = line.alerts.list(Optional.empty(), Optional.empty(), true).getFirst();
        assertThat(all).hasSize(2);
        assertThat(all.getFirst().cause()).isEqualTo(alert.ref());
        assertThat(all.getFirst().startedBy()).isEqualTo(Actor.SYSTEM.id());
        assertThat(all.getFirst().parameters())
                .containsEntry("through", "2013-09")
                .containsEntry("from", "2013-01");
        assertThat(line.retrainings.of(Line.DEPLOYMENT)).singleElement().satisfies(decided -> {
            assertThat(decided.decision()).isEqualTo(Retrainings.TRAIN);
            assertThat(decided.run()).contains(all.getFirst().id());
            assertThat(decided.reason()).contains("800 new labels, data up to 2013-09-30");
        });
    }

    @Test
    void readingTheLedgerAgainStartsNothingTwice() throws InterruptedException {
        trainedByHand();
        settled();
        line.month("2013-09", "2013-10", "1", 0, 1);
        settled();
        outbox.close();
        line.ledger.setDelivered("reactions", 0);
        database.write(() -> database.dsl().execute("delete from retraining"));
        react();
        assertThat(settled()).hasSize(2);
        assertThat(line.retrainings.of(Line.DEPLOYMENT)).hasSize(1);
    }

    @Test
    void whileItLastsTheNextBrokenWindowAsksAgain() throws InterruptedException {
        trainedByHand();
        settled();
        line.month("2013-09", "2013-10", "1", 0, 1);
        settled();
        line.month("2013-10", "2013-11", "1", 0, 1);
        assertThat(settled()).extracting(run -> run.parameters().get("through")).contains("2013-09", "2013-10");
        assertThat(line.alerts.list(Optional.empty(), Optional.empty(), false)).hasSize(1);
    }

    @Test
    void repeatsTheNewestRunUnderTheProjectFileInForce() throws InterruptedException {
        trainedByHand();
        settled();
        String changed = Line.PROJECT.replace("is watched", "is watched anew");
        line.projects.request(line.ana, changed);
        line.projects.approve(line.ben, "delays", "stricter");
        line.month("2013-09", "2013-10", "1", 0, 1);
        assertThat(settled()).hasSize(1);
        assertThat(line.retrainings.of(Line.DEPLOYMENT)).singleElement().satisfies(decided -> {
            assertThat(decided.decision()).isEqualTo("no-run");
            assertThat(decided.reason()).contains("no run under the approved millwright.yaml");
        });

        trainedByHand(changed);
        settled();
        line.month("2013-10", "2013-11", "1", 0, 1);

        PipelineRun newest = settled().getFirst();
        assertThat(newest.cause()).isNotEmpty();
        assertThat(newest.parameters()).containsEntry("through", "2013-10");
        assertThat(newest.projectFile())
                .isEqualTo(line.projects.file("delays").orElseThrow().digest());
    }

    @Test
    void withoutARunToRepeatItSaysSo() throws InterruptedException {
        line.month("2013-09", "2013-10", "1", 0, 1);
        settled();
        assertThat(line.retrainings.of(Line.DEPLOYMENT))
                .singleElement()
                .extracting(Retrainings.Decided::decision)
                .isEqualTo("no-run");
    }
}
