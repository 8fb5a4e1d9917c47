package org.millwright.engines.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A process and everything that it started.
 *
 * <p>Each process of a tree carries the tree's mark in its environment. On Linux the mark also finds those that left the
 * family by a double fork or a session of their own; elsewhere the descendants are the tree.
 */
final class ProcessTree {
    static final String MARK = "MW_PROCESS";

    private static final Path PROC = Path.of("/proc");
    private static final int ROUNDS = 50;

    private final Optional<ProcessHandle> root;
    private final byte[] mark;

    ProcessTree(Optional<ProcessHandle> root, String mark) {
        this.root = root;
        this.mark = (MARK + "=" + mark + "\0").getBytes(StandardCharsets.UTF_8);
    }

    /** Asks the root to end, and after the grace ends everything. */
    void stop(Duration grace) {
        root.ifPresent(handle -> {
            handle.destroy();
            try {
                handle.onExit().get(grace.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
                // It did not listen; it is ended below.
            }
        });
        kill();
    }

    /** Ends every member at once, until none is left. */
    void kill() {
        for (int round = 0; round < ROUNDS; round++) {
            List<ProcessHandle> members = members();
            if (members.isEmpty()) {
                return;
            }
            members.forEach(ProcessHandle::destroyForcibly);
            for (ProcessHandle member : members) {
                awaitEnd(member);
            }
        }
    }

    private static void awaitEnd(ProcessHandle member) {
        try {
            member.onExit().get(100, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            // The next round tries again.
        }
    }

    private List<ProcessHandle> members() {
        Map<Long, ProcessHandle> members = new LinkedHashMap<>();
        root.filter(ProcessHandle::isAlive).ifPresent(handle -> members.put(handle.pid(), handle));
        root.ifPresent(handle -> handle.descendants().forEach(child -> members.put(child.pid(), child)));
        marked().forEach(handle -> members.put(handle.pid(), handle));
        return new ArrayList<>(members.values());
    }

    private List<ProcessHandle> marked() {
        var found = new ArrayList<ProcessHandle>();
        if (!Files.isDirectory(PROC.resolve("self"))) {
            return found;
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                long pid = Long.parseLong(process.getFileName().toString());
                if (hasMark(process.resolve("environ"))) {
                    ProcessHandle.of(pid).filter(ProcessHandle::isAlive).ifPresent(found::add);
                }
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            // The list is best effort; descendants are found without it.
        }
        return found;
    }

    private boolean hasMark(Path environ) {
        try {
            byte[] bytes = Files.readAllBytes(environ);
            for (int i = 0; i + mark.length <= bytes.length; i++) {
                if ((i == 0 || bytes[i - 1] == 0)
                        && java.util.Arrays.equals(bytes, i, i + mark.length, mark, 0, mark.length)) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }
}
