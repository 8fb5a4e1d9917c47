package org.millwright.engines.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.pipeline.Cancellation;
import org.millwright.pipeline.LogLine;
import org.millwright.pipeline.ProcessRunner;

class BytecodeTest {
    @TempDir
    Path folder;

    private final CountDownLatch started = new CountDownLatch(1);
    private Bytecode bytecode;
    private Path written;

    @BeforeEach
    void open() {
        written = folder.resolve("written-while-it-was-stopped");
        bytecode = new Bytecode(this::untilStopped, Map.of());
    }

    @Test
    void nothingWritesIntoAFolderOnceItsCompilingWasStopped() throws Exception {
        bytecode.compile(folder, folder.resolve("python"));
        started.await();

        bytecode.stop(folder);

        assertThat(written).exists();
        assertThat(folder.resolve("compiled")).doesNotExist();
    }

    @Test
    void nothingWritesOnceAllWasClosed() throws Exception {
        bytecode.compile(folder, folder.resolve("python"));
        started.await();

        bytecode.close();

        assertThat(written).exists();
    }

    @Test
    void stoppingWhatDoesNotRunIsNoWait() {
        bytecode.stop(folder);

        assertThat(written).doesNotExist();
    }

    /** As a real process: it may write until it is gone. */
    private ProcessRunner.Outcome untilStopped(
            ProcessRunner.Command command, Consumer<LogLine> log, Cancellation cancellation) {
        var asked = new CountDownLatch(1);
        try (var listening = cancellation.onCancel(asked::countDown)) {
            started.countDown();
            asked.await();
            Files.writeString(written, "");
            return new ProcessRunner.Outcome(143, ProcessRunner.End.CANCELLED, false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
