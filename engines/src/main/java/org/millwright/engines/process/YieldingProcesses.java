package org.millwright.engines.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.millwright.pipeline.Cancellation;
import org.millwright.pipeline.LogLine;
import org.millwright.pipeline.ProcessRunner;

/** Processes that take only what others leave of the processor, where the system has {@code nice}. */
public final class YieldingProcesses implements ProcessRunner {
    private static final List<String> LEAST = List.of("-n", "19");

    private final ProcessRunner processes;

    public YieldingProcesses(ProcessRunner processes) {
        this.processes = processes;
    }

    @Override
    public Outcome run(Command command, Consumer<LogLine> log, Cancellation cancellation) {
        Optional<Path> nice = CleanEnvironment.find("nice", System.getenv(), command.dir());
        if (nice.isEmpty()) {
            return processes.run(command, log, cancellation);
        }
        var argv = new ArrayList<String>();
        argv.add(nice.get().toString());
        argv.addAll(LEAST);
        argv.addAll(command.argv());
        return processes.run(new Command(argv, command.env(), command.dir(), command.timeout()), log, cancellation);
    }
}
