package org.millwright.engines.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.engines.process.StepProcess;
import org.millwright.environment.PythonModels.PythonModel;
import org.millwright.environment.PythonModels.Use;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Model;
import org.millwright.scoring.ModelFailure;
import org.millwright.scoring.Overloaded;
import org.millwright.scoring.Python;

/** Requests that wait for a process at the same time: answered together when that changes nothing, and never each other's. */
@Timeout(120)
class JoinedRequestsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    static Path models;

    private static Python python;

    @TempDir
    Path folder;

    private PythonWorkers workers;
    private int gates;

    @BeforeAll
    static void saveModels() throws IOException {
        python = PythonOnly.saveIn(models);
    }

    @BeforeEach
    void open() {
        var processes = new StepProcess(folder.resolve("work"), Clock.systemUTC(), Long.MAX_VALUE, System.getenv());
        var one = new WorkerSettings(1, Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofMinutes(1), 1 << 20);
        // As if all calls took the same time, whatever the machine does: then joining always pays.
        workers = new PythonWorkers(folder.resolve("workers"), processes, one, () -> 0);
    }

    @AfterEach
    void close() {
        workers.close();
    }

    /** Rows of all types in requests of all sizes, from many threads, against the same asked for one by one. */
    @Test
    void answersAreToTheBitThoseOfRequestsAlone() {
        var random = new Random(11);
        try (Model model = load("rowwise", rows(random, 20));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Frame> requests = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                requests.add(rows(random, i % 10 == 0 ? 1 + random.nextInt(90) : 1 + random.nextInt(4)));
            }
            List<Frame> alone = requests.stream().map(model::predict).toList();
            assertThat(calls()).hasSize(300);
            for (int round = 0; round < 20 && !isJoined(alone.size()); round++) {
                List<CompletableFuture<Frame>> together = requests.stream()
                        .map(rows -> CompletableFuture.supplyAsync(() -> model.predict(rows, PATIENCE), threads))
                        .toList();
                for (int i = 0; i < requests.size(); i++) {
                    assertSame(together.get(i).join(), alone.get(i));
                }
            }
            assertThat(isJoined(alone.size())).isTrue();
        }
    }

    @Test
    void whatIsWrongWithOneRequestTouchesNoOther() throws IOException {
        try (Model model = load("rowwise", rows(new Random(3), 16));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            join(model, threads);
            for (String word : List.of("raise", "exit", "none", "raise", "exit")) {
                int before = calls().size();
                List<CompletableFuture<Frame>> good = new ArrayList<>();
                var bad = new ArrayList<CompletableFuture<Frame>>();
                behindAGate(model, threads, 7, () -> {
                    for (int i = 0; i < 6; i++) {
                        good.add(ask(model, threads, "ok" + i));
                        if (i == 2) {
                            bad.add(ask(model, threads, word));
                        }
                    }
                });
                for (int i = 0; i < 6; i++) {
                    assertThat(good.get(i).join().value(1, 0)).as(word).isEqualTo("ok" + i + "!");
                    assertThat(good.get(i).join().value(2, 0)).as(word).isEqualTo(3 / 7.0);
                }
                if (word.equals("none")) {
                    assertThat(bad.getFirst().join().value(2, 0)).isNull();
                } else {
                    assertThatThrownBy(() -> bad.getFirst().join())
                            .isInstanceOf(CompletionException.class)
                            .cause()
                            .isInstanceOf(ModelFailure.class)
                            .satisfies(e ->
                                    assertThat(((ModelFailure) e).isTemporary()).isEqualTo(word.equals("exit")));
                }
                assertThat(calls().subList(before, calls().size()))
                        .as("all were tried together, and then alone")
                        .contains(7, 1);
                rest(model);
            }
        }
    }

    /** Its patience is over while others go on to wait; what it asked for is in no call. */
    @Test
    void whoWaitsTooLongIsToldAndLeftOut() throws IOException {
        try (Model model = load("rowwise", rows(new Random(4), 16));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            join(model, threads);
            var good = new ArrayList<CompletableFuture<Frame>>();
            int before = calls().size();
            behindAGate(model, threads, 2, () -> {
                assertThatThrownBy(() -> model.predict(row("late"), Duration.ofMillis(20)))
                        .isInstanceOf(Overloaded.class);
                good.add(ask(model, threads, "a"));
                good.add(ask(model, threads, "b"));
            });
            assertThat(good.get(0).join().value(1, 0)).isEqualTo("a!");
            assertThat(good.get(1).join().value(1, 0)).isEqualTo("b!");
            assertThat(calls().subList(before, calls().size())).containsExactly(1, 2);
        }
    }

    @Test
    void aModelWhoseRowsDependOnEachOtherIsNeverAskedTogether() {
        try (Model model = load("ranks", rows(new Random(5), 16));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < 5; round++) {
                List<CompletableFuture<Frame>> answers = new ArrayList<>();
                for (int i = 0; i < 60; i++) {
                    answers.add(ask(model, threads, "x" + i));
                }
                answers.forEach(answer -> assertThat(answer.join().value(0, 0)).isEqualTo(1.0));
            }
            assertThat(calls())
                    .filteredOn(rows -> rows > 1)
                    .as("tried with recorded rows only")
                    .containsExactly(16);
        }
    }

    @Test
    void withoutRecordedRowsNothingIsJoined() {
        try (Model model = load("rowwise", Frame.of(0).build());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Frame>> answers = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                answers.add(ask(model, threads, "x"));
            }
            answers.forEach(CompletableFuture::join);
            assertThat(calls()).hasSize(200).containsOnly(1);
        }
    }

    /** Whether a call after the first so many, and those that try recorded rows, was for several requests. */
    private boolean isJoined(int first) {
        return calls().stream().skip(first).anyMatch(rows -> rows > 90);
    }

    /** Asks until requests have been joined. */
    private void join(Model model, java.util.concurrent.Executor threads) throws IOException {
        for (int round = 0; round < 200; round++) {
            int before = calls().size();
            List<CompletableFuture<Frame>> answers = new ArrayList<>();
            behindAGate(model, threads, 3, () -> {
                for (int i = 0; i < 3; i++) {
                    answers.add(ask(model, threads, "x"));
                }
            });
            answers.forEach(CompletableFuture::join);
            if (calls().subList(before, calls().size()).equals(List.of(1, 3))) {
                return;
            }
        }
        throw new AssertionError("Nothing was joined: " + calls());
    }

    /** After a call that went wrong for all, requests are answered alone for a while. */
    private void rest(Model model) {
        for (int i = 0; i < 80; i++) {
            model.predict(row("rest"));
        }
    }

    /** Lets requests arrive while the only process is busy, and the process go on when so many wait. */
    private void behindAGate(Model model, java.util.concurrent.Executor threads, int waiting, Runnable arriving)
            throws IOException {
        Path gate = folder.resolve("gate" + gates++);
        var busy = ask(model, threads, "wait:" + gate);
        await(() -> Files.exists(Path.of(gate + ".began")));
        arriving.run();
        await(() -> ((PooledModel) model).waiting() >= waiting);
        Files.createFile(Path.of(gate + ".open"));
        busy.join();
    }

    private static CompletableFuture<Frame> ask(Model model, java.util.concurrent.Executor threads, String word) {
        return CompletableFuture.supplyAsync(() -> model.predict(row(word), PATIENCE), threads);
    }

    /** Rows of each call so far, in order. */
    private List<Integer> calls() {
        try {
            Path file = folder.resolve("workers/1/scratch/calls");
            return Files.exists(file)
                    ? Files.readAllLines(file).stream().map(Integer::valueOf).toList()
                    : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Model load(String name, Frame recorded) {
        Path saved = models.resolve(name);
        return workers.load(new PythonModel(
                name,
                PythonOnly.signature(saved),
                () -> python.bin().resolve("python"),
                1,
                target -> PythonOnly.copy(saved, target),
                Use.REQUESTS,
                recorded.rows() == 0 ? Optional.empty() : Optional.of(recorded)));
    }

    private static Frame row(String word) {
        return Frame.ofRows(
                PythonOnly.signature(models.resolve("rowwise")), List.of(PythonOnly.row(1.5, 3L, word, true, 1f, 1L)));
    }

    private static Frame rows(Random random, int count) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(PythonOnly.row(
                    random.nextGaussian() * Math.pow(10, random.nextInt(30)),
                    random.nextLong() >> random.nextInt(40),
                    Integer.toString(random.nextInt(), 36),
                    random.nextBoolean(),
                    random.nextFloat(),
                    (long) random.nextInt()));
        }
        return Frame.ofRows(PythonOnly.signature(models.resolve("rowwise")), rows);
    }

    private static void assertSame(Frame got, Frame expected) {
        assertThat(got.names()).isEqualTo(expected.names());
        for (int c = 0; c < expected.width(); c++) {
            assertThat(got.type(c)).isEqualTo(expected.type(c));
            for (int row = 0; row < expected.rows(); row++) {
                assertThat(got.value(c, row)).isEqualTo(expected.value(c, row));
            }
        }
        assertThat(got.rows()).isEqualTo(expected.rows());
    }

    private static void await(Supplier<Boolean> condition) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.get()) {
            assertThat(System.nanoTime()).isLessThan(until);
            java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
        }
    }
}
