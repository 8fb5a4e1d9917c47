package org.millwright.engines.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.scoring.Frame;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.Model;
import org.millwright.scoring.ModelFailure;
import org.millwright.scoring.Overloaded;
import org.millwright.scoring.Python;

/** Models of the real MLflow client that only Python runs, in real processes: what they answer, and what goes wrong. */
@Timeout(120)
class PythonWorkersTest {
    private static final List<Map<String, Object>> ROWS = List.of(
            PythonOnly.row(1400.5, 150L, "UA", true, 0.1f, 4L),
            PythonOnly.row(null, 2L, "", false, 0.2f, 5L),
            PythonOnly.row(200.25, 1L << 40, null, true, 1e30f, (long) Integer.MAX_VALUE),
            PythonOnly.row(-0.0, -7L, "Zürich ✈", false, -3.5f, (long) Integer.MIN_VALUE));

    @TempDir
    static Path models;

    private static Python python;

    @TempDir
    Path folder;

    private PythonWorkers workers;

    @BeforeAll
    static void saveModels() throws IOException {
        python = PythonOnly.saveIn(models);
    }

    @BeforeEach
    void open() {
        workers = workers(WorkerSettings.DEFAULT);
    }

    @AfterEach
    void close() {
        workers.close();
    }

    @Test
    void answersWhatPythonAnswersInEveryType() throws IOException {
        JsonNode expected = Json.parse(Files.readString(models.resolve("mixed.json")));
        try (Model model = load("mixed")) {
            Frame answer = model.predict(Frame.ofRows(model.signature(), ROWS));

            assertThat(answer.names()).containsExactly("cost", "seats", "label", "known", "ratio", "rank");
            assertThat(answer.rows()).isEqualTo(4);
            for (int row = 0; row < 4; row++) {
                for (int column = 0; column < answer.width(); column++) {
                    JsonNode wanted = expected.path(row).path(answer.name(column));
                    Object got = answer.value(column, row);
                    if (wanted.isNull()) {
                        assertThat(got).isNull();
                    } else if (got instanceof Double number) {
                        assertThat(number)
                                .isEqualTo(
                                        wanted.asDouble(),
                                        org.assertj.core.api.Assertions.within(
                                                1e-6 * Math.max(1, Math.abs(wanted.asDouble()))));
                    } else {
                        assertThat(String.valueOf(got)).isEqualTo(wanted.asText());
                    }
                }
            }
            assertThat(model.predict(Frame.ofRows(model.signature(), List.of())).rows())
                    .isZero();
        }
    }

    @Test
    void aTableThatIsTooLargeForAMessageGoesInParts() {
        workers.close();
        workers = workers(
                new WorkerSettings(2, Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(10), 1 << 10));
        try (Model model = load("mixed")) {
            var many = new java.util.ArrayList<Map<String, Object>>();
            for (long i = 0; i < 100; i++) {
                many.add(PythonOnly.row(1.0 * i, i, "c" + i, i % 2 == 0, 0f, 0L));
            }
            Frame answer = model.predict(Frame.ofRows(model.signature(), many));
            for (int i = 0; i < 100; i++) {
                assertThat(answer.value(1, i)).isEqualTo(i + 1L);
                assertThat(answer.value(2, i)).isEqualTo("C" + i + "!");
            }
            assertThatThrownBy(() -> model.predict(rows(model, "x".repeat(2000))))
                    .isInstanceOf(InvalidInput.class)
                    .hasMessageContaining("a row has more than the 1024 bytes");
        }
    }

    @Test
    void twoModelsAreSideBySideAndAFailureDisturbsNeither() {
        try (Model one = load("scripted");
                Model other = load("scripted")) {
            String first = ask(one, "pid");
            assertThat(ask(other, "pid")).isNotEqualTo(first);
            assertThatThrownBy(() -> ask(one, "raise"))
                    .isInstanceOf(ModelFailure.class)
                    .hasMessageContaining("ValueError: the model is unwell")
                    .satisfies(e -> assertThat(((ModelFailure) e).isTemporary()).isFalse());
            assertThatThrownBy(() -> ask(one, "odd")).hasMessageContaining("holds object; expected numbers");
            assertThatThrownBy(() -> ask(one, "short"))
                    .hasMessageContaining("answered 2 columns, its signature declares 1");
            assertThat(ask(one, "flood")).isEqualTo(first);
            assertThat(ask(one, "pid")).isEqualTo(first);
        }
    }

    @Test
    void aWorkerThatIsKilledFailsItsOwnRequestOnly() throws IOException {
        try (Model model = load("scripted");
                Model other = load("scripted")) {
            String beside = ask(other, "pid");
            Path gate = folder.resolve("gate");
            var killed = CompletableFuture.supplyAsync(() -> ask(model, "wait:" + gate));
            String pid = pid(gate);
            var meanwhile = CompletableFuture.supplyAsync(() -> ask(model, "pid"));

            kill(pid);

            assertThat(failure(killed))
                    .isInstanceOf(ModelFailure.class)
                    .hasMessageContaining("scripted ended with exit code 137 before it answered")
                    .satisfies(e -> assertThat(((ModelFailure) e).isTemporary()).isTrue());
            assertThat(meanwhile.join()).isNotEqualTo(pid);
            assertThat(ask(model, "pid")).isNotEqualTo(pid);
            assertThat(model.isReady()).isTrue();
            assertThat(ask(other, "pid")).isEqualTo(beside);
        }
    }

    @Test
    void aWorkerThatDiedBetweenRequestsIsReplacedUnseen() {
        try (Model model = load("scripted")) {
            for (int i = 0; i < 3; i++) {
                String pid = ask(model, "pid");
                kill(pid);
                assertThat(ask(model, "pid")).isNotEqualTo(pid);
                assertThat(model.isReady()).isTrue();
            }
            assertThatThrownBy(() -> ask(model, "exit")).hasMessageContaining("ended with exit code 7");
        }
    }

    @Test
    void aModelThatDoesNotLoadSaysWhyAtOnce() {
        try (Model model = load("raises")) {
            assertThatThrownBy(() -> ask(model, "x"))
                    .isInstanceOf(ModelFailure.class)
                    .hasMessageContaining("cannot load the model: ValueError: the weights are for another model");
        }
        try (Model model = load("mixed", Path.of("/bin/false"))) {
            assertThatThrownBy(() -> ask(model, "x"))
                    .hasMessageContaining("ended with exit code 1 before it had loaded the model; it printed nothing");
        }
    }

    @Test
    void aModelThatNeverEndsToLoadIsStopped() {
        workers.close();
        workers = workers(
                new WorkerSettings(1, Duration.ofSeconds(6), Duration.ofSeconds(30), Duration.ofSeconds(10), 1 << 20));
        try (Model model = load("endless")) {
            assertThat(model.isReady()).isFalse();
            assertThatThrownBy(() -> ask(model, "x"))
                    .hasMessageContaining("did not load the model within 6 s and was stopped")
                    .hasMessageContaining("loading for ever");
        }
    }

    @Test
    void aRequestThatNeverEndsStopsThatWorkerOnly() throws IOException {
        workers.close();
        workers = workers(new WorkerSettings(
                2, Duration.ofSeconds(60), Duration.ofMillis(1500), Duration.ofSeconds(30), 1 << 20));
        try (Model model = load("scripted")) {
            Path gate = folder.resolve("gate");
            var stuck = CompletableFuture.supplyAsync(() -> ask(model, "wait:" + gate));
            String pid = pid(gate);
            var meanwhile = CompletableFuture.supplyAsync(() -> ask(model, "pid"));

            assertThat(failure(stuck))
                    .hasMessageContaining("did not answer within 1 s and was stopped")
                    .satisfies(e -> assertThat(((ModelFailure) e).isTemporary()).isTrue());

            assertThat(meanwhile.join()).isNotEqualTo(pid);
            gone(pid);
        }
    }

    @Test
    void aFullPoolMakesRequestsWaitOnlySoLong() throws IOException {
        workers.close();
        workers = workers(
                new WorkerSettings(1, Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofMillis(100), 1 << 20));
        try (Model model = load("scripted")) {
            Path gate = folder.resolve("gate");
            var busy = CompletableFuture.supplyAsync(() -> ask(model, "wait:" + gate));
            String pid = pid(gate);
            assertThatThrownBy(() -> ask(model, "pid"))
                    .hasMessageContaining("All 1 Python workers of scripted were busy for 100 ms")
                    .satisfies(e -> assertThat(((ModelFailure) e).isTemporary()).isTrue());
            assertThatThrownBy(() -> model.predict(rows(model, "pid"), Duration.ofMillis(20)))
                    .isInstanceOf(Overloaded.class)
                    .hasMessageContaining("All 1 Python workers of scripted were busy for 20 ms");
            Files.createFile(Path.of(gate + ".open"));
            assertThat(busy.join()).isEqualTo(pid);
        }
    }

    @Test
    void closingEndsWhatIsLoadingAndStuck() throws IOException {
        Model model = load("scripted");
        Path gate = folder.resolve("gate");
        var stuck = CompletableFuture.supplyAsync(() -> ask(model, "wait:" + gate));
        String pid = pid(gate);
        Model loading = load("endless");

        workers.close();

        assertThat(failure(stuck)).isInstanceOf(ModelFailure.class);
        gone(pid);
        assertThatThrownBy(() -> ask(model, "pid")).hasMessageContaining("closed");
        assertThatThrownBy(() -> ask(loading, "pid")).hasMessageContaining("closed");
        try (var left = Files.list(folder.resolve("workers"))) {
            assertThat(left.map(path -> path.getFileName().toString())).containsExactly("scripts");
        }
    }

    /** As when the server is killed: nothing tells the worker but the end of its connection. */
    @Test
    void aWorkerEndsWithItsServerWhateverItDoes() throws Exception {
        Path socket = folder.resolve("s");
        try (var open = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            open.bind(UnixDomainSocketAddress.of(socket));
            var command = List.of(
                    python.bin().resolve("python").toString(),
                    models.resolve("mw_worker.py").toString(),
                    "--socket",
                    socket.toString(),
                    "--model",
                    models.resolve("endless").toString(),
                    "--limit",
                    "1000");
            var builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("MW_WORKER_TOKEN", "known");
            Process worker = builder.start();
            try (SocketChannel connection = open.accept()) {
                assertThat(worker.inputReader().lines().anyMatch("loading for ever"::equals))
                        .isTrue();
                assertThat(connection.isOpen()).isTrue();
            }
            assertThat(worker.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aWorkerSeesCleanVariablesAndFilesThatItCannotChange() throws IOException {
        try (Model model = load("scripted")) {
            assertThat(ask(model, "variables").lines())
                    .contains("OMP_NUM_THREADS", "PYTHONHASHSEED", "HOME")
                    .doesNotContain("MW_WORKER_TOKEN", "PIP_INDEX_URL", "SECRET");
            Path copy = folder.resolve("workers/1/model/MLmodel");
            assertThat(Files.getPosixFilePermissions(copy).toString()).doesNotContain("WRITE");
            assertThat(Files.getPosixFilePermissions(folder.resolve("workers")).toString())
                    .doesNotContain("GROUP", "OTHERS");
        }
    }

    @Test
    void settingsHaveBounds() {
        Duration second = Duration.ofSeconds(1);
        assertThatThrownBy(() -> new WorkerSettings(0, second, second, second, 1 << 20))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessage("Python workers: 0 (expected: 1 to 64 for each model version)");
        assertThatThrownBy(() -> new WorkerSettings(1, Duration.ZERO, second, second, 1 << 20))
                .hasMessageContaining("0 ms to load a model (expected: 100 ms to 1 hour)");
        assertThatThrownBy(() -> new WorkerSettings(1, second, second, second, 1))
                .hasMessageContaining("1 bytes");
    }

    private PythonWorkers workers(WorkerSettings settings) {
        var variables = new HashMap<>(Map.of("PATH", System.getenv("PATH"), "SECRET", "x"));
        var processes = new StepProcess(folder.resolve("work"), Clock.systemUTC(), Long.MAX_VALUE, variables);
        return new PythonWorkers(folder.resolve("workers"), processes, settings);
    }

    private Model load(String name) {
        return load(name, python.bin().resolve("python"));
    }

    private Model load(String name, Path interpreter) {
        Path saved = models.resolve(name);
        return workers.load(new PythonModel(
                name,
                PythonOnly.signature(saved),
                () -> interpreter,
                1,
                target -> PythonOnly.copy(saved, target),
                Use.REQUESTS));
    }

    private static Frame rows(Model model, String... words) {
        return Frame.ofRows(
                model.signature(),
                Arrays.stream(words)
                        .map(word -> PythonOnly.row(1.0, 1L, word, true, 1f, 1L))
                        .toList());
    }

    private static String ask(Model model, String word) {
        return String.valueOf(model.predict(rows(model, word)).value(0, 0));
    }

    private static Throwable failure(CompletableFuture<?> future) {
        Throwable thrown =
                catchThrowable(() -> future.orTimeout(60, TimeUnit.SECONDS).join());
        return thrown instanceof CompletionException wrapped ? wrapped.getCause() : thrown;
    }

    /** The process that waits at the gate. */
    private static String pid(Path gate) throws IOException {
        Path file = Path.of(gate + ".pid");
        await(() -> Files.exists(file));
        return Files.readString(file);
    }

    private static void kill(String pid) {
        ProcessHandle process = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        process.destroyForcibly();
        process.onExit().join();
    }

    private static void gone(String pid) {
        await(() -> Optional.of(ProcessHandle.of(Long.parseLong(pid)))
                .get()
                .filter(ProcessHandle::isAlive)
                .isEmpty());
    }

    private static void await(Supplier<Boolean> condition) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.get()) {
            assertThat(System.nanoTime()).isLessThan(until);
            java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
        }
    }
}
