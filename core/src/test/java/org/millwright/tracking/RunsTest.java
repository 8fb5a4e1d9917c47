package org.millwright.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.millwright.tracking.Tracking.ANA;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Page;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;

@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
final class RunsTest {
    private final Tracking room;

    RunsTest(OnDatabases.Maker maker) {
        room = new Tracking(maker.make());
    }

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void aRunHasANameAndAPlaceForArtifacts() {
        Run run = room.run("");

        assertThat(run.name()).matches("[a-z]+-[a-z]+-\\d+");
        assertThat(run.tags()).containsEntry(Run.NAME_TAG, run.name());
        assertThat(run.artifactUri()).isEqualTo("mlflow-artifacts:/0/" + run.id() + "/artifacts");
        assertThat(run.status()).isEqualTo(RunStatus.RUNNING);
        assertThatThrownBy(() -> room.runs.create(ANA, new NewRun("0", "a", "", 0, Map.of(Run.NAME_TAG, "b"))))
                .hasMessageContaining("Both 'run_name' argument and 'mlflow.runName' tag are specified");
        assertThatThrownBy(() -> room.runs.get(ANA, "nope")).hasMessage("Run with id=nope not found");
    }

    @Test
    void theLatestMetricIsTheGreatestByStepThenTimeThenValue() {
        String run = room.run("a").id();
        room.runs.logMetric(ANA, run, new Metric("m", 5, 100, 3));
        room.runs.log(
                ANA,
                run,
                batch(List.of(new Metric("m", 1, 900, 2), new Metric("m", 7, 100, 3), new Metric("m", 6, 100, 3))));
        room.runs.logMetric(ANA, run, new Metric("m", 7, 100, 3));
        room.runs.logMetric(ANA, run, new Metric("n", Double.NaN, 1, -4));
        room.runs.logMetric(ANA, run, new Metric("n", Double.NEGATIVE_INFINITY, 1, -5));

        Run found = room.runs.get(ANA, run);
        assertThat(found.metrics()).containsExactly(new Metric("m", 7, 100, 3), new Metric("n", Double.NaN, 1, -4));
        assertThat(room.runs.history(ANA, run, "m", 10, "").items())
                .containsExactly(
                        new Metric("m", 5, 100, 3),
                        new Metric("m", 6, 100, 3),
                        new Metric("m", 7, 100, 3),
                        new Metric("m", 1, 900, 2));
        assertThat(room.runs.history(ANA, run, "n", 10, "").items().getFirst().value())
                .isEqualTo(-Double.MAX_VALUE);
    }

    @Test
    void aConflictingParameterKeepsTheWholeBatchOut() {
        String run = room.run("a").id();
        room.runs.logParam(ANA, run, "p", "1");
        room.runs.logParam(ANA, run, "p", "1");

        assertThatThrownBy(() -> room.runs.logParam(ANA, run, "p", "2"))
                .hasMessage(
                        "Changing param values is not allowed. Param with key='p' was already logged with value='1' for"
                                + " run ID='" + run + "'. Attempted logging new value '2'.");
        assertThatThrownBy(() -> room.runs.log(
                        ANA,
                        run,
                        Batch.of(List.of(new Metric("m", 1, 1, 1)), Map.of("p", "9", "q", "1"), Map.of("t", "1"))))
                .hasMessage(
                        "Changing param values is not allowed. Params were already logged='[{'key': 'p', 'old_value':"
                                + " '1', 'new_value': '9'}]' for run ID='" + run + "'.");
        Run found = room.runs.get(ANA, run);
        assertThat(found.params()).isEqualTo(Map.of("p", "1"));
        assertThat(found.metrics()).isEmpty();
        assertThat(found.tags()).doesNotContainKey("t");
    }

    @Test
    void limitsAndNamesAreThoseOfMlflow() {
        String run = room.run("a").id();
        var many = new ArrayList<Metric>();
        for (int i = 0; i <= 1000; i++) {
            many.add(new Metric("m", i, i, i));
        }
        assertThatThrownBy(() -> room.runs.log(ANA, run, batch(many)))
                .hasMessageStartingWith(
                        "A batch logging request can contain at most 1000 metrics. Got 1001 metrics. Please split up");
        room.runs.log(ANA, run, batch(many.subList(0, 1000)));
        assertThat(room.runs.get(ANA, run).metric("m")).contains(999.0);
        assertThatThrownBy(() -> room.runs.logParam(ANA, run, "../b", "1"))
                .hasMessageContaining("This name would resolve to '../b'");
        assertThatThrownBy(() -> room.runs.logParam(ANA, run, "a;b", "1"))
                .hasMessage("Invalid value \"a;b\" for parameter 'key' supplied: Names may only contain alphanumerics,"
                        + " underscores (_), dashes (-), periods (.), spaces ( ), colon(:) and slashes (/).");
        assertThatThrownBy(() -> room.runs.setTag(ANA, run, "k", "a\0b")).hasMessageContaining("NUL");
        assertThatThrownBy(() -> room.runs.setTag(ANA, run, "millwright.project", "x"))
                .hasMessageContaining("are set by the server");
        room.runs.logParam(ANA, run, "größe \uD835\uDC9C/x:y", "\uD83D\uDE00".repeat(7_000));
        assertThat(room.runs.get(ANA, run).params().values().iterator().next()).isEqualTo("\uD83D\uDE00".repeat(6_000));
    }

    @Test
    void deletedRunsTakeNothing() {
        String run = room.run("a").id();
        room.runs.delete(ANA, run);
        room.runs.delete(ANA, run);

        assertThatThrownBy(() -> room.runs.logParam(ANA, run, "p", "1"))
                .hasMessage("The run " + run + " must be in the 'active' state. Current state is deleted.");
        room.runs.restore(ANA, run);
        room.runs.logParam(ANA, run, "p", "1");
        assertThat(room.ledger.about("run:" + run))
                .extracting(Entry::action)
                .containsExactly("run.created", "run.deleted", "run.restored");
    }

    @Test
    void theLedgerKeepsWhatARunEndedWith() {
        String run = room.run("a").id();
        room.runs.log(ANA, run, Batch.of(List.of(new Metric("m", 0.5, 1, 1)), Map.of("p", "1"), Map.of()));
        room.runs.update(ANA, run, Optional.of(RunStatus.FINISHED), Optional.of(99L), Optional.of("new"));
        room.runs.update(ANA, run, Optional.of(RunStatus.RUNNING), Optional.empty(), Optional.empty());

        Run found = room.runs.get(ANA, run);
        assertThat(found.endTime()).contains(99L);
        assertThat(found.name()).isEqualTo("new");
        assertThat(found.tags()).containsEntry(Run.NAME_TAG, "new");
        List<Entry> entries = room.ledger.about("run:" + run);
        assertThat(entries).extracting(Entry::action).containsExactly("run.created", "run.ended", "run.resumed");
        assertThat(entries.get(1).details().path("metrics").asText())
                .isEqualTo(org.millwright.kernel.Json.digest(new TreeMap<>(Map.of("m", "0.5"))));
    }

    @Test
    void aStepsTokenWritesItsOwnRunAndThoseItMadeOnly() {
        String own = room.run("own").id();
        String other = room.run("other").id();
        Actor step = Tracking.step(own);
        room.runs.logParam(step, own, "p", "1");
        Run child = room.runs.create(step, new NewRun("0", "child", "", 0, Map.of("mlflow.parentRunId", own)));
        room.runs.logParam(step, child.id(), "p", "2");

        assertThatThrownBy(() -> room.runs.logParam(step, other, "p", "1")).isInstanceOf(Problem.Denied.class);
        assertThatThrownBy(() -> room.runs.delete(step, other)).isInstanceOf(Problem.Denied.class);
        assertThatThrownBy(() -> room.experiments.create(step, "x", "", Map.of()))
                .isInstanceOf(Problem.Denied.class);
        String elsewhere = room.experiments.create(ANA, "x", "", Map.of()).id();
        assertThatThrownBy(() -> room.runs.create(step, new NewRun(elsewhere, "", "", 0, Map.of())))
                .isInstanceOf(Problem.Denied.class);
        Actor reader = new Actor("u", "eve", Actor.Kind.PERSON, true, Set.of(Role.AUDITOR), Optional.empty());
        assertThatThrownBy(() -> room.runs.logParam(reader, own, "q", "1")).isInstanceOf(Problem.Denied.class);
    }

    @Test
    void inputsAreNotedOnce() {
        String run = room.run("a").id();
        var data = new DatasetInput(
                "d", "abc", "code", "{}", Optional.of("[]"), Optional.empty(), Map.of("mlflow.data.context", "train"));
        var again = new DatasetInput(
                "d", "abc", "s3", "other", Optional.empty(), Optional.empty(), Map.of("mlflow.data.context", "eval"));
        room.runs.logInputs(ANA, run, List.of(data), List.of());
        room.runs.logInputs(ANA, run, List.of(again), List.of());

        assertThat(room.runs.get(ANA, run).inputs()).containsExactly(data);
        assertThat(room.experiments.datasets(ANA, List.of("0")))
                .containsExactly(new Experiments.DatasetSummary("0", "d", "abc", Optional.of("train")));
        assertThat(names("dataset.name = 'd' AND dataset.context IN ('train', 'x')"))
                .containsExactly("a");
        assertThat(names("dataset.digest LIKE 'AB%'")).isEmpty();
    }

    @Test
    void searchesByEverythingAndOrdersNullsLast() {
        logged("a", 1.0, "x", 10);
        logged("b", 3.0, "Xy", 20);
        logged("c", Double.NaN, "y", 30);
        room.runs.create(ANA, new NewRun("0", "d", "zed", 40, Map.of()));

        assertThat(names("")).containsExactly("d", "c", "b", "a");
        assertThat(names("metrics.m > 1")).containsExactly("b");
        assertThat(names("metrics.m != 1")).containsExactly("c", "b");
        assertThat(names("params.p LIKE 'x%'")).containsExactly("a");
        assertThat(names("params.p ILIKE 'x%' and metrics.m >= 1")).containsExactly("b", "a");
        assertThat(names("params.p LIKE '_y'")).containsExactly("b");
        assertThat(names("params.p != 'x'")).containsExactly("c", "b");
        assertThat(names("params.p IS NULL")).containsExactly("d");
        assertThat(names("start_time <= 20 AND user_id = 'ana'")).containsExactly("b", "a");
        assertThat(names("run_name IN ('a')")).isEmpty();
        assertThat(names("params.p LIKE '%\\'")).isEmpty();
        assertThat(ordered("metrics.m")).containsExactly("a", "b", "c", "d");
        assertThat(ordered("metrics.m DESC")).containsExactly("b", "a", "c", "d");
        assertThat(ordered("params.p ASC")).containsExactly("b", "a", "c", "d");
        assertThat(ordered("params.p DESC")).containsExactly("c", "a", "b", "d");
        assertThat(ordered("end_time", "run_name")).containsExactly("a", "b", "c", "d");
        assertThat(ordered("tags.`mlflow.runName` DESC")).containsExactly("d", "c", "b", "a");
    }

    @Test
    void pagesThroughResults() {
        for (int i = 0; i < 7; i++) {
            logged("r" + i, i, "p", i);
        }
        var seen = new ArrayList<String>();
        String token = "";
        int pages = 0;
        do {
            Page<Run> page = room.runs.search(ANA, List.of("0"), View.ALL, "", List.of("metrics.m"), 3, token);
            page.items().forEach(run -> seen.add(run.name()));
            token = page.next().orElse("");
            pages++;
        } while (!token.isEmpty());
        assertThat(seen).containsExactly("r0", "r1", "r2", "r3", "r4", "r5", "r6");
        assertThat(pages).isEqualTo(3);
        assertThat(room.runs
                        .search(ANA, List.of(), View.ALL, "", List.of(), 3, "")
                        .items())
                .isEmpty();
        assertThatThrownBy(() -> room.runs.search(ANA, List.of("0"), View.ALL, "", List.of(), 3, "%%%"))
                .hasMessage("Invalid page token, could not base64-decode");
        assertThatThrownBy(() -> room.runs.search(ANA, List.of("0"), View.ALL, "", List.of(), 50_001, ""))
                .isInstanceOf(Problem.Invalid.class);
    }

    @Test
    void quotesInFiltersStayValues() {
        logged("a", 1, "x' OR '1'='1", 1);

        assertThat(names("params.p = 'x'' OR ''1''=''1'")).containsExactly("a");
        assertThat(names("params.p = 'y'' OR ''1''=''1'")).isEmpty();
        assertThat(names("params.`p' OR 1=1 --` = 'x'")).isEmpty();
    }

    @Test
    void deletingAnExperimentDeletesItsRuns() {
        Experiment experiment = room.experiments.create(ANA, "e", "", Map.of("k", "v"));
        Run run = room.runs.create(ANA, new NewRun(experiment.id(), "r", "", 0, Map.of()));
        room.experiments.delete(ANA, experiment.id());

        assertThat(room.runs.get(ANA, run.id()).deleted()).isTrue();
        assertThatThrownBy(() -> room.runs.create(ANA, new NewRun(experiment.id(), "", "", 0, Map.of())))
                .hasMessage("The experiment " + experiment.id()
                        + " must be in the 'active' state. Current state is deleted.");
        assertThatThrownBy(() -> room.experiments.create(ANA, "e", "", Map.of()))
                .isInstanceOf(Problem.Conflict.class)
                .hasMessageContaining("Experiment(name=e) already exists");
        room.experiments.restore(ANA, experiment.id());
        assertThat(room.runs.get(ANA, run.id()).deleted()).isFalse();
        assertThat(room.experiments
                        .search(ANA, View.ACTIVE_ONLY, "tags.k = 'v' AND name LIKE 'e%'", List.of("name DESC"), 5, "")
                        .items())
                .containsExactly(room.experiments.get(ANA, experiment.id()));
    }

    @Test
    void thinnedHistoriesKeepFirstAndLast() {
        String run = room.run("a").id();
        var many = new ArrayList<Metric>();
        for (int i = 0; i < 500; i++) {
            many.add(new Metric("m", i, i, i));
        }
        room.runs.log(ANA, run, batch(many));

        List<Long> steps = room.runs.thinned(ANA, List.of(run), "m", Optional.empty(), Optional.empty(), 10).stream()
                .map(point -> point.metric().step())
                .toList();
        assertThat(steps).hasSizeBetween(10, 12).startsWith(0L).endsWith(499L).isSorted();
    }

    private void logged(String name, double metric, String param, long start) {
        Run run = room.runs.create(ANA, new NewRun("0", name, "ana", start, Map.of()));
        room.runs.log(ANA, run.id(), Batch.of(List.of(new Metric("m", metric, 1, 1)), Map.of("p", param), Map.of()));
    }

    private List<String> names(String filter) {
        try {
            return room.runs.search(ANA, List.of("0"), View.ACTIVE_ONLY, filter, List.of(), 100, "").items().stream()
                    .map(Run::name)
                    .toList();
        } catch (Problem.Invalid e) {
            return List.of();
        }
    }

    private List<String> ordered(String... orderBy) {
        return room.runs.search(ANA, List.of("0"), View.ACTIVE_ONLY, "", List.of(orderBy), 100, "").items().stream()
                .map(Run::name)
                .toList();
    }

    private static Batch batch(List<Metric> metrics) {
        return new Batch(metrics, List.of(), List.of());
    }
}
