package org.millwright.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.millwright.schema.Tables.PIPELINE_STEP;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.artifact.Artifacts;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.millwright.ledger.TestLedger;
import org.millwright.lineage.Edges;
import org.millwright.project.Projects;

@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
final class PipelineRunsTest {
    private static final String PROJECT = """
            apiVersion: millwright/v1
            kind: Project
            name: demo
            purpose: Shows that runs go on after a crash.
            owner: ana
            risk-tier: low
            data: []
            members: {ana: [data-scientist], ben: [approver]}
            environment: {python: "3.11"}
            model: {task: regression, label: y}
            """;

    @TempDir
    Path folder;

    private final Database database;
    private final Clock clock = Clock.systemUTC();
    private final Ids ids = new Ids(clock);
    private Users users;
    private Ledger ledger;
    private Projects projects;
    private Sources sources;
    private Artifacts artifacts;
    private TestSteps steps;
    private PipelineRuns runs;
    private Actor ana;
    private Actor ben;

    PipelineRunsTest(OnDatabases.Maker maker) {
        database = maker.make();
    }

    @BeforeEach
    void open() {
        ledger = TestLedger.open(database, clock, ids, folder);
        users = new Users(database, ledger, clock, ids);
        artifacts = new Artifacts(folder.resolve("artifacts"), ids);
        projects = new Projects(database, ledger, users, clock);
        sources = new Sources(database, ledger, users.access(), clock, new Trees(artifacts));
        steps = new TestSteps(artifacts);
        runs = runs(steps);
        ana = person("ana", Role.DATA_SCIENTIST);
        ben = person("ben", Role.APPROVER);
    }

    @AfterEach
    void close() {
        runs.close();
        database.close();
    }

    private PipelineRuns runs(TestSteps steps) {
        return new PipelineRuns(
                database,
                ledger,
                users,
                projects,
                new Edges(database, clock),
                sources,
                steps.kinds(),
                folder.resolve("runs"),
                clock,
                ids,
                2);
    }

    private Actor person(String name, Role role) {
        var user = users.add(Actor.LOCAL, name, name, Actor.Kind.PERSON, Set.of(role), null);
        return new Actor(user.id(), name, Actor.Kind.PERSON, true, Set.of(role), Optional.empty());
    }

    private void approved() {
        projects.request(ana, PROJECT);
        projects.approve(ben, "demo", "fine");
    }

    private Source source(Map<String, String> changes) {
        var files = new LinkedHashMap<String, String>();
        files.put("millwright.yaml", PROJECT);
        files.put("pipeline.yaml", PipelineFileTest.GOOD);
        files.put("one.py", "1");
        files.put("two.py", "2");
        files.putAll(changes);
        return sources.put(ana, "demo", new ByteArrayInputStream(zip(files)), "", true);
    }

    static byte[] zip(Map<String, String> files) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (var file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }

    private PipelineRun start(Source source) {
        return runs.start(
                ana, new PipelineRuns.Request("demo", "main", Map.of("through", "2013-06"), source.id(), false, ""));
    }

    private PipelineRun awaitEnd(PipelineRun run) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() < until) {
            PipelineRun now = runs.get(run.id());
            if (now.status().ended()) {
                return now;
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("run did not end: " + runs.attempts(run.id()));
    }

    @Test
    void nothingRunsBeforeAnotherPersonApproved() {
        projects.request(ana, PROJECT);
        assertThatThrownBy(() -> start(source(Map.of())))
                .isInstanceOf(Problem.Conflict.class)
                .hasMessageContaining("proposed");
        var owner = new Actor(
                ana.id(), "ana", Actor.Kind.PERSON, true, Set.of(Role.APPROVER, Role.DATA_SCIENTIST), Optional.empty());
        assertThatThrownBy(() -> projects.approve(owner, "demo", "mine"))
                .isInstanceOf(Problem.Denied.class)
                .hasMessageContaining("asked for project demo");
        projects.approve(ben, "demo", "fine");
        assertThat(users.rolesIn("demo", ana.id())).contains(Role.DATA_SCIENTIST);
        assertThat(awaitEnd(start(source(Map.of()))).status()).isEqualTo(RunStatus.SUCCEEDED);
    }

    @Test
    void aChangedProjectFileNeedsANewApproval() {
        approved();
        Source changed = source(Map.of("millwright.yaml", PROJECT.replace("low", "high")));
        assertThatThrownBy(() -> start(changed))
                .isInstanceOf(Problem.Conflict.class)
                .hasMessageContaining("differs from the one that was approved");
    }

    @Test
    void nothingMoreStartsOnceTheMonthsBudgetIsUsed() {
        String limited = PROJECT + "budget: {compute-seconds: 60}\n";
        projects.request(ana, limited);
        projects.approve(ben, "demo", "fine");
        Source source = source(Map.of("millwright.yaml", limited));
        PipelineRun run = awaitEnd(start(source));
        assertThat(run.status()).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(runs.computeSeconds("demo")).isLessThan(60);
        database.write(() -> database.dsl()
                .update(PIPELINE_STEP)
                .set(PIPELINE_STEP.ENDED_AT, clock.millis() + 90_000)
                .where(PIPELINE_STEP.RUN_ID.eq(run.id()).and(PIPELINE_STEP.STEP.eq("one")))
                .execute());

        assertThat(runs.computeSeconds("demo")).isBetween(60L, 120L);
        assertThatThrownBy(() -> start(source))
                .isInstanceOf(Problem.Refused.class)
                .hasMessageContaining("of its 60 compute-seconds of this month");
        assertThatThrownBy(() -> runs.resume(ana, run.id(), Optional.of("one"))).isInstanceOf(Problem.Refused.class);
    }

    @Test
    void reusesWhatDidNotChangeAndExplainsWhatDid() {
        approved();
        awaitEnd(start(source(Map.of())));
        PipelineRun second = awaitEnd(start(source(Map.of())));
        assertThat(runs.newest(second.id()).values()).allMatch(attempt -> attempt.status() == StepStatus.REUSED);
        assertThat(runs.explain(second.id(), "one").differences()).isEmpty();

        PipelineRun third = awaitEnd(start(source(Map.of("two.py", "2!"))));
        assertThat(runs.newest(third.id()).get("one").status()).isEqualTo(StepStatus.REUSED);
        assertThat(runs.newest(third.id()).get("two").status()).isEqualTo(StepStatus.SUCCEEDED);
        var why = runs.explain(third.id(), "two");
        assertThat(why.differences()).extracting(CacheKey.Difference::part).containsExactly("code two.py");
        assertThat(steps.runs("one")).isEqualTo(1);
    }

    @Test
    void saysWhatEachRunTookOfTheMachine() {
        approved();
        Source source = source(Map.of());
        PipelineRun first = awaitEnd(start(source));
        PipelineRun again = awaitEnd(start(source));

        List<Spent> spent = runs.spent();
        assertThat(spent).extracting(Spent::runId).containsExactlyInAnyOrder(first.id(), again.id());
        for (Spent each : spent) {
            List<StepAttempt> own = runs.attempts(each.runId()).stream()
                    .filter(attempt ->
                            attempt.startedAt().isPresent() && attempt.endedAt().isPresent())
                    .toList();
            assertThat(each.project()).isEqualTo("demo");
            assertThat(each.millis())
                    .isEqualTo(own.stream()
                            .filter(attempt -> attempt.reusedFrom().isEmpty())
                            .mapToLong(attempt -> attempt.endedAt().orElseThrow()
                                    - attempt.startedAt().orElseThrow())
                            .sum());
            assertThat(each.reused()).isEqualTo((int) own.stream()
                    .filter(attempt -> attempt.reusedFrom().isPresent())
                    .count());
        }
        assertThat(spent.stream().mapToInt(Spent::reused).sum()).isPositive();
    }

    @Test
    void aFailureKeepsWhatWasDoneAndResumeGoesOn() {
        approved();
        steps.fails.put("two", "disk on fire");
        PipelineRun run = awaitEnd(start(source(Map.of())));
        assertThat(run.status()).isEqualTo(RunStatus.FAILED);
        assertThat(run.error()).isEqualTo("two: java.lang.IllegalStateException: disk on fire");
        assertThat(runs.tail(run.id(), "two", 1, 5)).extracting(LogLine::text).contains("working on two");

        steps.fails.clear();
        runs.resume(ana, run.id(), Optional.empty());
        assertThat(awaitEnd(run).status()).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(steps.runs("one")).isEqualTo(1);
        assertThat(runs.newest(run.id()).get("two").attempt()).isEqualTo(2);
    }

    @Test
    void aRefusalIsNotAFailure() {
        approved();
        steps.fails.put("last", "no: not good enough");
        PipelineRun run = awaitEnd(start(source(Map.of())));
        assertThat(run.status()).isEqualTo(RunStatus.REFUSED);
    }

    @Test
    void goesOnAfterACrashAtTheStepThatWasInterrupted() throws InterruptedException {
        approved();
        steps.holds.put("two", new CountDownLatch(1));
        PipelineRun run = start(source(Map.of()));
        assertThat(steps.waiting.await(20, TimeUnit.SECONDS)).isTrue();
        runs.close();

        var fresh = new TestSteps(artifacts);
        runs = runs(fresh);
        assertThat(runs.recover()).isEqualTo(1);
        assertThat(awaitEnd(run).status()).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(fresh.runs("one")).isZero();
        assertThat(runs.attempts(run.id()))
                .filteredOn(attempt -> attempt.step().equals("two"))
                .extracting(StepAttempt::status)
                .containsExactly(StepStatus.LOST, StepStatus.SUCCEEDED);
    }

    @Test
    void cancelStopsWhatWorks() throws InterruptedException {
        approved();
        steps.holds.put("two", new CountDownLatch(1));
        PipelineRun run = start(source(Map.of()));
        assertThat(steps.waiting.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(runs.cancel(ana, run.id(), "enough").status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(runs.newest(run.id()).get("two").status()).isEqualTo(StepStatus.CANCELLED);
        assertThat(steps.runs("last")).isZero();
    }

    @Test
    void refusesArchivesThatLeaveTheirFolder() {
        approved();
        assertThatThrownBy(() -> source(Map.of("../evil.py", "x"))).isInstanceOf(Problem.Invalid.class);
        assertThatThrownBy(() -> source(Map.of("/etc/evil", "x"))).isInstanceOf(Problem.Invalid.class);
        assertThatThrownBy(() -> sources.put(ana, "demo", new ByteArrayInputStream(new byte[] {1, 2}), "", false))
                .isInstanceOf(Problem.Invalid.class);
    }
}
