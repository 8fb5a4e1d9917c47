package org.millwright.bench;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.millwright.artifact.Artifacts;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.identity.User;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.ledger.Ledger;
import org.millwright.ledger.NoteKey;
import org.millwright.ledger.Witness;
import org.millwright.lineage.Edges;
import org.millwright.pipeline.PipelineRun;
import org.millwright.pipeline.PipelineRuns;
import org.millwright.pipeline.RunStatus;
import org.millwright.pipeline.Sources;
import org.millwright.pipeline.StepContext;
import org.millwright.pipeline.StepKind;
import org.millwright.pipeline.StepKinds;
import org.millwright.pipeline.StepRunner;
import org.millwright.pipeline.Trees;
import org.millwright.project.Projects;

/** A pipeline of steps that do nothing, one after the other, in the rooms of a server without its other parts. */
final class Chain implements AutoCloseable {
    private static final Duration TURN = Duration.ofSeconds(1);
    private static final int STEPS_TOGETHER = 2;
    private static final String PROJECT = """
            apiVersion: millwright/v1
            kind: Project
            name: bench
            purpose: Shows what scheduling costs.
            owner: ana
            risk-tier: minimal
            data: []
            members: {ana: [data-scientist], ben: [approver]}
            environment: {python: "3.11"}
            model: {task: regression, label: y}
            """;

    private final Database database;
    private final PipelineRuns runs;
    private final Actor ana;
    private final String source;

    Chain(Path folder, int steps) {
        var clock = Clock.systemUTC();
        var ids = new Ids(clock);
        database = Database.sqlite(folder.resolve("millwright.db"));
        var ledger = new Ledger(
                database,
                clock,
                ids,
                NoteKey.open(folder.resolve("ledger.key"), "millwright"),
                new Witness(folder.resolve("ledger.checkpoint")));
        var users = new Users(database, ledger, clock, ids);
        var projects = new Projects(database, ledger, users, clock);
        var trees = new Trees(new Artifacts(folder.resolve("artifacts"), ids));
        var sources = new Sources(database, ledger, users.access(), clock, trees);
        runs = new PipelineRuns(
                database,
                ledger,
                users,
                projects,
                new Edges(database, clock),
                sources,
                new StepKinds(List.of(new Nothing())),
                folder.resolve("runs"),
                clock,
                ids,
                STEPS_TOGETHER);
        ana = person(users, "ana", Role.DATA_SCIENTIST);
        Actor ben = person(users, "ben", Role.APPROVER);
        projects.request(ana, PROJECT);
        projects.approve(ben, "bench", "To measure");
        var zip = new ByteArrayInputStream(zip(Map.of("millwright.yaml", PROJECT, "pipeline.yaml", pipeline(steps))));
        source = sources.put(ana, "bench", zip, "", true).id();
    }

    /** A kind of step that does nothing and makes nothing. */
    private static final class Nothing implements StepRunner {
        @Override
        public StepKind kind() {
            return new StepKind("nothing", 1, List.of(), Map.of(), true, false);
        }

        @Override
        public Result run(StepContext context) {
            return new Result(List.of(), "nothing");
        }
    }

    private static Actor person(Users users, String name, Role role) {
        User user = users.add(Actor.LOCAL, name, name, Actor.Kind.PERSON, Set.of(role), null);
        return new Actor(user.id(), name, Actor.Kind.PERSON, true, Set.of(role), Optional.empty());
    }

    private static String pipeline(int steps) {
        var yaml = new StringBuilder("apiVersion: millwright/v1\nkind: Pipelines\npipelines:\n  chain:\n    steps:\n");
        for (int i = 0; i < steps; i++) {
            yaml.append("      - {id: s").append(i).append(", kind: nothing");
            yaml.append(i == 0 ? "}\n" : ", needs: [s" + (i - 1) + "]}\n");
        }
        return yaml.toString();
    }

    private static byte[] zip(Map<String, String> files) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (var file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * Runs the chain to its end.
     *
     * @param fresh whether steps run again although nothing has changed
     */
    Duration run(boolean fresh) {
        long start = System.nanoTime();
        PipelineRun run = runs.start(ana, new PipelineRuns.Request("bench", "chain", Map.of(), source, fresh, ""));
        while (!run.status().ended()) {
            int seen = runs.moves(run.id());
            run = runs.get(run.id());
            if (!run.status().ended()) {
                runs.awaitMove(run.id(), seen, TURN);
            }
        }
        if (run.status() != RunStatus.SUCCEEDED) {
            throw new IllegalStateException("The chain " + run.status().text() + ": " + run.error());
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Override
    public void close() {
        runs.close();
        database.close();
    }
}
