package org.millwright.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * This process and some others on one core until it is closed, by {@code taskset}. With one connection its two ends take
 * turns, and what a request takes on several cores depends on which core the kernel wakes each of them: on a virtual machine
 * twice as long when it is another.
 */
final class OneCore implements AutoCloseable {
    private static final String CORE = "0";

    private final List<Long> processes;
    private final String cores;

    private OneCore(List<Long> processes, String cores) {
        this.processes = processes;
        this.cores = cores;
    }

    /** Empty on a machine without {@code taskset}. */
    static Optional<OneCore> of(List<Server> servers) {
        List<Long> processes = new ArrayList<>();
        processes.add(ProcessHandle.current().pid());
        servers.forEach(server -> processes.add(server.process().pid()));
        return taskset("-cp", Long.toString(processes.getFirst())).map(told -> {
            processes.forEach(process -> taskset("-acp", CORE, process.toString()));
            return new OneCore(
                    processes, told.substring(told.lastIndexOf(' ') + 1).strip());
        });
    }

    /** What it printed; empty when it cannot be started or refuses. */
    private static Optional<String> taskset(String... arguments) {
        var command = new ArrayList<>(List.of("taskset"));
        command.addAll(List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? Optional.of(told.strip()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        processes.forEach(process -> taskset("-acp", cores, process.toString()));
    }
}
