package org.millwright.engines.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.kernel.Problem;
import org.millwright.pipeline.Cancellation;
import org.millwright.pipeline.LogLine;
import org.millwright.pipeline.ProcessRunner;

class StepProcessTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path dir;

    private final List<LogLine> log = new CopyOnWriteArrayList<>();

    @Test
    void givesLinesOfBothStreamsAndTheExitCode() {
        var outcome = sh("printf 'one\\ntwo\\r\\nthree'; echo four >&2; exit 3", LONG);

        assertThat(outcome).isEqualTo(new ProcessRunner.Outcome(3, ProcessRunner.End.EXITED, false));
        assertThat(texts(LogLine.Stream.OUT)).containsExactly("one", "two", "three");
        assertThat(texts(LogLine.Stream.ERR)).containsExactly("four");
    }

    @Test
    void readsProgress() {
        sh("echo '::mw progress 0.42 reading rows'; echo '::mw progress 1.5 too much'; echo ::mw progress 1", LONG);

        assertThat(log.stream().flatMap(line -> line.progress().stream()))
                .containsExactly(new LogLine.Progress(0.42, "reading rows"), new LogLine.Progress(1, ""));
    }

    @Test
    void passesArgumentsAsTheyAre() {
        run(List.of("printf", "%s|", "a b", "$HOME", "`id`", "*"), Map.of(), LONG, new Cancellation());

        assertThat(texts(LogLine.Stream.OUT)).containsExactly("a b|$HOME|`id`|*|");
    }

    @Test
    void inheritsOnlyWhatIsAllowed() {
        var inherited = Map.of(
                "PATH", System.getenv("PATH"), "AWS_SECRET_ACCESS_KEY", "s3cret", "https_proxy", "http://proxy:3128");
        var process = new StepProcess(dir.resolve("marks"), Clock.systemUTC(), 1_000_000, inherited);

        process.run(
                new ProcessRunner.Command(List.of("env"), Map.of("MW_SEED", "7"), dir, LONG),
                log::add,
                new Cancellation());

        assertThat(texts(LogLine.Stream.OUT))
                .contains("MW_SEED=7", "https_proxy=http://proxy:3128")
                .noneMatch(line -> line.contains("s3cret"));
    }

    @Test
    void stopsTheWholeTreeWhenItsTimeIsOver() {
        var outcome = sh("trap '' TERM; (setsid sleep 300 &) ; sleep 300 & echo $$; sleep 300", Duration.ofMillis(700));

        assertThat(outcome.end()).isEqualTo(ProcessRunner.End.TIMED_OUT);
        assertThat(outcome.exit()).isNotZero();
        assertThat(sleepers()).isEmpty();
        assertThat(log.getLast().stream()).isEqualTo(LogLine.Stream.SYSTEM);
    }

    @Test
    void stopsTheWholeTreeOnCancel() throws Exception {
        var cancellation = new Cancellation();
        var started = new CompletableFuture<Void>();
        var outcome = CompletableFuture.supplyAsync(() -> new StepProcess(dir.resolve("marks"), Clock.systemUTC())
                .run(command("(sleep 301 &); echo up; sleep 301"), line -> started.complete(null), cancellation));
        started.get();

        cancellation.cancel();

        assertThat(outcome.get().end()).isEqualTo(ProcessRunner.End.CANCELLED);
        assertThat(sleepers()).isEmpty();
        assertThat(dir.resolve("marks")).isEmptyDirectory();
    }

    @Test
    void leavesNoBackgroundProcessOfAFinishedStep() {
        var outcome = sh("(setsid sleep 302 &); echo done", LONG);

        assertThat(outcome.ok()).isTrue();
        assertThat(sleepers()).isEmpty();
    }

    @Test
    void endsWhatAKilledServerLeftBehind() throws Exception {
        Path marks = Files.createDirectories(dir.resolve("marks"));
        Files.createFile(marks.resolve("left-1"));
        var builder = new ProcessBuilder("sleep", "303");
        builder.environment().put(ProcessTree.MARK, "left-1");
        Process left = builder.start();

        int stopped = new StepProcess(marks, Clock.systemUTC()).stopLeftovers();

        assertThat(stopped).isEqualTo(1);
        assertThat(left.waitFor()).isNotZero();
        assertThat(marks).isEmptyDirectory();
    }

    @Test
    void cutsALogThatIsTooLongButKeepsProgress() {
        var process = new StepProcess(dir.resolve("marks"), Clock.systemUTC(), 1_000, System.getenv());
        var outcome = process.run(
                command("i=0; while [ $i -lt 500 ]; do echo line $i; i=$((i+1)); done; echo '::mw progress 1 end'"),
                log::add,
                new Cancellation());

        assertThat(outcome.logCut()).isTrue();
        assertThat(log).hasSizeLessThan(150);
        assertThat(log.getLast().progress()).isPresent();
        assertThat(texts(LogLine.Stream.SYSTEM))
                .containsExactly("The log is cut here: more than 1000 bytes were printed");
    }

    @Test
    void splitsEndlessLinesAndReplacesWhatIsNotText() {
        sh("head -c 40000 /dev/zero | tr '\\0' x; printf '\\n\\377ok\\n'", LONG);

        assertThat(texts(LogLine.Stream.OUT)).hasSize(4).last().isEqualTo("\uFFFDok");
    }

    @Test
    void saysWhichProgramIsMissing() {
        assertThatThrownBy(() -> run(List.of("no-such-program"), Map.of(), LONG, new Cancellation()))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessage("Cannot run 'no-such-program': no executable file of that name");
    }

    private ProcessRunner.Outcome sh(String script, Duration timeout) {
        return run(List.of("sh", "-c", script), Map.of(), timeout, new Cancellation());
    }

    private ProcessRunner.Command command(String script) {
        return new ProcessRunner.Command(List.of("sh", "-c", script), Map.of(), dir, LONG);
    }

    private ProcessRunner.Outcome run(
            List<String> argv, Map<String, String> env, Duration timeout, Cancellation cancellation) {
        return new StepProcess(dir.resolve("marks"), Clock.systemUTC())
                .run(new ProcessRunner.Command(argv, env, dir, timeout), log::add, cancellation);
    }

    private List<String> texts(LogLine.Stream stream) {
        return log.stream()
                .filter(line -> line.stream() == stream)
                .map(LogLine::text)
                .toList();
    }

    /** The sleeping processes that this test's steps started. */
    private List<ProcessHandle> sleepers() {
        var alive = new ArrayList<ProcessHandle>();
        ProcessHandle.allProcesses()
                .filter(ProcessHandle::isAlive)
                .filter(handle -> handle.info()
                        .arguments()
                        .filter(arguments -> arguments.length == 1 && arguments[0].matches("30[012]"))
                        .isPresent())
                .forEach(alive::add);
        return alive;
    }
}
