package org.millwright.engines.python;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.millwright.pipeline.Cancellation;
import org.millwright.pipeline.LogLine;
import org.millwright.pipeline.ProcessRunner;

/** Short-lived helpers of environments, run as processes of their own. */
record Programs(ProcessRunner runner) {
    private static final Duration LONGEST = Duration.ofHours(1);

    /** Runs to the end and returns the exit code. */
    int run(List<String> argv, Path dir, Map<String, String> env, Consumer<String> out, Consumer<String> err) {
        return runner.run(
                        new ProcessRunner.Command(argv, env, dir, LONGEST),
                        line -> (line.stream() == LogLine.Stream.OUT ? out : err).accept(line.text()),
                        new Cancellation())
                .exit();
    }
}
