package org.millwright.engines.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millwright.engines.process.StepProcess;
import org.millwright.environment.PythonModels.PythonModel;
import org.millwright.environment.PythonModels.Use;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Model;
import org.millwright.scoring.ModelFailure;
import org.millwright.scoring.Signature;

/** Processes that do not speak as a worker does are believed in nothing and ended, each with one sentence. */
@Timeout(60)
class StrangeWorkersTest {
    private static final Signature SIGNATURE = new Signature(
            List.of(Signature.Column.of("x", DataType.DOUBLE)), List.of(Signature.Column.of("y", DataType.DOUBLE)));

    @TempDir
    Path folder;

    @BeforeEach
    void copyScript() throws IOException {
        try (var in = StrangeWorkersTest.class.getResourceAsStream("strange.py")) {
            Files.copy(Objects.requireNonNull(in), folder.resolve("strange.py"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "stranger, does not know the token that the worker was given",
        "newer, does not speak this server's protocol",
        "early, sent a message of kind 4 while it was loading",
        "endless, sent a message of 2147483647 bytes",
        "eager, answered another request",
        "rows, sent 1000000 rows of 1 columns for 1 rows",
        "short, sent a table that ends too early",
        "text, sent a table that ends too early",
        "type, sent a column of the unknown type 9",
        "half, ended with exit code 0 before it answered",
    })
    void isRefused(String how, String said) throws IOException {
        ModelFailure failure = failure(how, Duration.ofSeconds(30));

        assertThat(failure.isTemporary()).isTrue();
        assertThat(failure)
                .hasMessageStartingWith("The Python worker of strange ")
                .hasMessageContaining(said);
    }

    @Test
    void oneThatSaysNothingIsNotWaitedForLonger() throws IOException {
        // What it prints as it is stopped depends on how far it came.
        assertThat(failure("silent", Duration.ofMillis(700)))
                .hasMessageContaining("did not load the model within 700 ms and was stopped; it");
    }

    private ModelFailure failure(String how, Duration load) throws IOException {
        Path interpreter = folder.resolve(how);
        Files.writeString(
                interpreter, "#!/bin/sh\nexec python3 " + folder.resolve("strange.py") + " " + how + " \"$@\"\n");
        assertThat(interpreter.toFile().setExecutable(true)).isTrue();
        var processes = new StepProcess(
                folder.resolve("work"), Clock.systemUTC(), Long.MAX_VALUE, Map.of("PATH", System.getenv("PATH")));
        var settings = new WorkerSettings(1, load, Duration.ofSeconds(30), Duration.ofSeconds(30), 1 << 20);
        try (var workers = new PythonWorkers(folder.resolve("workers"), processes, settings);
                Model model = workers.load(new PythonModel(
                        "strange", SIGNATURE, () -> interpreter, 1, files -> {}, Use.REQUESTS, Optional.empty()))) {
            Frame row = Frame.of(1).doubles("x", new double[] {1}).build();
            return catchThrowableOfType(ModelFailure.class, () -> model.predict(row));
        }
    }
}
