package org.millwright.engines.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.artifact.Artifacts;
import org.millwright.engines.process.StepProcess;
import org.millwright.environment.BuildProgress;
import org.millwright.environment.Environment;
import org.millwright.environment.Environments;
import org.millwright.environment.Lock;
import org.millwright.identity.Actor;
import org.millwright.identity.Users;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;
import org.millwright.ledger.Ledger;
import org.millwright.ledger.TestLedger;

/** Builds a real environment from the real package index. */
class UvEnvironmentsTest {
    @TempDir
    static Path shared;

    @TempDir
    Path data;

    private final List<BuildProgress> progress = java.util.Collections.synchronizedList(new ArrayList<>());
    private Database database;
    private Ledger ledger;
    private UvEnvironments builder;
    private Environments environments;

    @BeforeEach
    void open() {
        var clock = Clock.systemUTC();
        var ids = new Ids(clock);
        database = Database.sqlite(data.resolve("test.db"));
        ledger = TestLedger.open(database, clock, ids, data);
        var users = new Users(database, ledger, clock, ids);
        var processes = new StepProcess(data.resolve("processes"), clock);
        builder = new UvEnvironments(
                shared.resolve("tools"), shared.resolve("cache"), data.resolve("environments"), processes, processes);
        var artifacts = new Artifacts(data.resolve("artifacts"), ids);
        environments = new Environments(database, ledger, users.access(), artifacts, builder, clock);
    }

    @AfterEach
    void close() {
        builder.close();
        database.close();
    }

    @Test
    void locksAndBuildsOnceWhatRunsAsked() throws Exception {
        Lock lock = environments.lock(Actor.LOCAL, "flights", "six==1.17.0\n", "3.11", progress::add);

        assertThat(lock.packages()).isEqualTo(1);
        assertThat(lock.text()).contains("six==1.17.0", "--hash=sha256:").doesNotContain(data.toString());

        List<Environment> built = atOnce(4, () -> ensure(lock));

        Environment first = built.getFirst();
        assertThat(built).allMatch(same -> same.id().equals(first.id()));
        assertThat(first.state()).isEqualTo(Environment.State.READY);
        assertThat(first.description().path("packages").path("six").asText()).isEqualTo("1.17.0");
        assertThat(first.python()).startsWith("3.11.");
        assertThat(progress).extracting(BuildProgress::phase).contains(BuildProgress.Phase.INSTALLING);
        assertThat(ledger.about(first.ref())).extracting(Entry::action).containsExactly("environment.built");
        assertThat(environments.lockOf(first)).isEqualTo(lock);
        assertThat(imports(first, "import six, sys; print(six.__version__)")).isEqualTo("1.17.0");
        Path six = data.resolve("environments/" + first.id() + "/venv/lib/python3.11/site-packages/six.py");
        assertThat(Files.getPosixFilePermissions(six))
                .noneMatch(permission -> permission.name().endsWith("WRITE"));
    }

    @Test
    void buildsAgainWhatIsHalfBuiltOrWasMoved() throws Exception {
        Lock lock = builder.resolve("six==1.17.0\n", "3.11", progress::add);
        Environment built = ensure(lock);
        Path ready = data.resolve("environments").resolve(built.id()).resolve("ready.json");

        Files.writeString(ready, Files.readString(ready).replace(data.toString(), "/elsewhere"));
        assertThat(builder.has(built.id())).isFalse();
        ensure(lock);
        Files.delete(ready);
        assertThat(builder.has(built.id())).isFalse();
        ensure(lock);

        assertThat(builder.has(built.id())).isTrue();
        assertThat(ledger.about(built.ref())).hasSize(3);
    }

    @Test
    void refusesPackagesWhoseBytesAreNotThoseOfTheLock() {
        var lock = new Lock("six==1.17.0 --hash=sha256:" + "0".repeat(64) + "\n");

        assertThatThrownBy(() -> ensure(lock))
                .isInstanceOf(Problem.Unavailable.class)
                .hasMessageContaining("Hash mismatch for `six==1.17.0`");
        assertThat(environments.list())
                .singleElement()
                .satisfies(failed -> assertThat(failed.state()).isEqualTo(Environment.State.FAILED));
    }

    @Test
    void saysWhyRequirementsCannotBeResolved() {
        assertThatThrownBy(() -> builder.resolve("six==99.0\n", "3.11", progress::add))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("six==99.0");
    }

    @Test
    void namesTheMissingPythonAndWhatToInstall() {
        assertThatThrownBy(() -> builder.interpreter("3.99"))
                .isInstanceOf(Problem.Unavailable.class)
                .hasMessageStartingWith("Python 3.99 was not found on this machine (found: 3.")
                .satisfies(e -> assertThat(((Problem) e).next()).contains("apt install python3.99"));
        assertThatThrownBy(() -> builder.interpreter("latest")).isInstanceOf(Problem.Invalid.class);
    }

    @Test
    void refusesALockWithoutHashes() {
        assertThatThrownBy(() -> new Lock("six==1.17.0\nidna==3.10 \\\n    --hash=sha256:00\n"))
                .hasMessage("The lock has no hash for six==1.17.0");
        assertThatThrownBy(() -> new Lock("six\n")).hasMessageContaining("no package pinned");
    }

    @Test
    void refusesAnotherFileThanThePinnedOne() {
        var env = Map.of(
                "PATH", System.getenv("PATH"), "MW_UV", data.resolve("no-uv").toString());
        var processes = new StepProcess(data.resolve("processes"), Clock.systemUTC());
        try (var other = new UvEnvironments(
                data.resolve("tools"),
                shared.resolve("cache"),
                data.resolve("environments"),
                processes,
                processes,
                env)) {
            assertThatThrownBy(() -> other.resolve("six\n", "3.11", progress::add))
                    .hasMessageContaining("MW_UV names");
        }
    }

    private Environment ensure(Lock lock) {
        return environments.ensure(Actor.LOCAL, "flights", lock, "3.11", progress::add);
    }

    private String imports(Environment environment, String code) throws IOException {
        var process = new ProcessBuilder(environments.python(environment.id()).toString(), "-I", "-c", code).start();
        return new String(process.getInputStream().readAllBytes()).strip();
    }

    private static <T> List<T> atOnce(int times, Callable<T> work) throws Exception {
        var results = new ArrayList<T>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var futures = java.util.stream.IntStream.range(0, times)
                    .mapToObj(i -> threads.submit(work))
                    .toList();
            for (var future : futures) {
                results.add(future.get());
            }
        }
        return results;
    }
}
