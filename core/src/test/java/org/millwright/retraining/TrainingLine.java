package org.millwright.retraining;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.millwright.artifact.Artifacts;
import org.millwright.factory.Continuing;
import org.millwright.factory.Outbox;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.lineage.Edges;
import org.millwright.monitor.Line;
import org.millwright.pipeline.Output;
import org.millwright.pipeline.OutputType;
import org.millwright.pipeline.PipelineRun;
import org.millwright.pipeline.PipelineRuns;
import org.millwright.pipeline.Source;
import org.millwright.pipeline.Sources;
import org.millwright.pipeline.StepContext;
import org.millwright.pipeline.StepKind;
import org.millwright.pipeline.StepKinds;
import org.millwright.pipeline.StepRunner;
import org.millwright.pipeline.Trees;

/** A monitored deployment whose project has a pipeline to train it again. */
final class TrainingLine implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(30);
    private static final String PIPELINES = """
            apiVersion: millwright/v1
            kind: Pipelines
            pipelines:
              train:
                parameters:
                  from: {type: month, default: "2013-01"}
                  through: {type: month}
                  since: {type: date, default: "2013-02-01"}
                steps:
                  - {id: fit, kind: fit, month: "${through}"}
                  - {id: gate, kind: gate}
            """;

    final Line line;
    final Sources sources;
    final PipelineRuns runs;
    final List<Retraining.Arrived> arrived = new ArrayList<>();
    Continuing continuing;
    Outbox outbox;

    /** Whether the step fails. */
    volatile boolean failing;

    /** The kind of the step that says no; "" for none. */
    volatile String refusing = "";

    private final Database database;
    private final Artifacts artifacts;

    TrainingLine(Database database, Path folder, Clock clock) {
        this.database = database;
        line = new Line(database, folder, true, clock);
        artifacts = new Artifacts(folder.resolve("artifacts"), line.ids);
        sources = new Sources(database, line.ledger, line.users.access(), line.clock, new Trees(artifacts));
        runs = new PipelineRuns(
                database,
                line.ledger,
                line.users,
                line.projects,
                new Edges(database, line.clock),
                sources,
                new StepKinds(List.of(new Fit(), new Gate())),
                folder.resolve("runs"),
                line.clock,
                line.ids,
                2);
        continuing = continuing();
        outbox = reacting();
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
            if (failing) {
                throw new IOException("the disk is full");
            }
            mayRefuse("fit");
            String sha256 = artifacts
                    .put(context.run().parameters().toString().getBytes(StandardCharsets.UTF_8))
                    .sha256();
            return new Result(List.of(new Output("model", OutputType.JSON, sha256, Json.object())), "fitted");
        }
    }

    /** A step that lets everything through. */
    private final class Gate implements StepRunner {
        @Override
        public StepKind kind() {
            return new StepKind("gate", 1, List.of(), Map.of(), false, false);
        }

        @Override
        public Result run(StepContext context) {
            mayRefuse("gate");
            return new Result(List.of(), "open");
        }
    }

    private void mayRefuse(String kind) {
        if (refusing.equals(kind)) {
            throw new Problem.Refused(kind + " says no", "");
        }
    }

    private Continuing continuing() {
        return new Continuing(
                line.retrainings,
                runs,
                sources,
                project -> List.copyOf(arrived),
                line.projects,
                deployment -> Optional.of("1"),
                line.clock);
    }

    private Outbox reacting() {
        var reactions = new Outbox(database, line.ledger);
        continuing.register(reactions);
        reactions.start();
        return reactions;
    }

    /** Stops what reacts and starts it anew, as after a kill that forgot decisions. */
    void restart(boolean forgetting) throws InterruptedException {
        outbox.close();
        line.ledger.setDelivered("reactions", 0);
        if (forgetting) {
            database.write(() -> database.dsl().execute("delete from retraining"));
        }
        continuing = continuing();
        outbox = reacting();
    }

    void trainedByHand(String project) {
        runs.start(
                line.ana,
                new PipelineRuns.Request(
                        "delays",
                        "train",
                        Map.of("through", "2013-06"),
                        source(project, "").id(),
                        false,
                        ""));
    }

    Source source(String project, String note) {
        return sources.put(line.ana, "delays", new ByteArrayInputStream(zip(project, note)), "", true);
    }

    private static byte[] zip(String project, String note) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (var file : Map.of("millwright.yaml", project, "pipeline.yaml", PIPELINES + note)
                    .entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }

    /** All runs, newest first, once everything is handled and they have ended. */
    List<PipelineRun> settled() throws InterruptedException {
        long until = System.nanoTime() + LONG.toNanos();
        while (System.nanoTime() < until) {
            assertThat(outbox.awaitIdle(LONG)).isTrue();
            List<PipelineRun> all = runs.list(Optional.of("delays"), Optional.of("train"), 50);
            if (all.stream().allMatch(run -> run.status().ended()) && outbox.waiting() == 0) {
                return all;
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("runs did not end");
    }

    /** What was decided, the newest first, by its codes. */
    List<String> decisions() {
        return line.retrainings.of(Line.DEPLOYMENT).stream()
                .map(Retrainings.Decided::decision)
                .toList();
    }

    @Override
    public void close() {
        try {
            outbox.close();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        continuing.close();
        runs.close();
        line.monitor.close();
    }
}
