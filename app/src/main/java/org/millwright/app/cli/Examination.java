package org.millwright.app.cli;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.millwright.engines.python.PythonTools;
import org.millwright.environment.Interpreter;

/** The checks of {@code mw doctor}, each with what it found and what to do. */
record Examination(Surroundings around, PythonTools python) {
    static final String OK = "ok";
    static final String WARN = "warn";
    static final String FAIL = "fail";

    private static final int JDK = 25;
    private static final long GIB = 1L << 30;
    private static final long NEEDED_GIB = 2;
    private static final long WANTED_GIB = 10;
    private static final long WANTED_FILES = 4096;
    private static final long SKEW_SECONDS = 5;

    /** One check: {@code state} is ok, warn or fail; {@code fix} is empty when all is well. */
    record Finding(String check, String state, String found, String fix) {}

    List<Finding> of(Path data, int port) {
        return List.of(jdk(), pythons(), uv(), git(), disk(data), folder(data), port(port), clock(data), openFiles());
    }

    private static Finding jdk() {
        String found = Runtime.version() + " in " + System.getProperty("java.home");
        return Runtime.version().feature() >= JDK
                ? new Finding("jdk", OK, found, "")
                : new Finding("jdk", FAIL, found, "Install JDK 25 or newer, or set MW_JAVA_HOME to its folder.");
    }

    private Finding pythons() {
        List<Interpreter> found = python.interpreters();
        return found.isEmpty()
                ? new Finding(
                        "python",
                        FAIL,
                        "none of 3.10 to 3.14",
                        "Install Python 3.11 (Debian: apt install python3; macOS: brew install python@3.11),"
                                + " or set MW_PYTHON.")
                : new Finding(
                        "python", OK, found.stream().map(Interpreter::version).collect(Collectors.joining(", ")), "");
    }

    private Finding uv() {
        return python.uv()
                .map(path -> new Finding("uv", OK, path.toString(), ""))
                .orElse(new Finding(
                        "uv", WARN, "not fetched yet", "mw doctor --fix fetches it; so does the first environment."));
    }

    private Finding git() {
        Git.Result version = Git.run(around.folder(), "--version");
        return version.ok()
                ? new Finding("git", OK, version.out().strip(), "")
                : new Finding("git", FAIL, "not found", "Install git: project folders are git repositories.");
    }

    private static Finding disk(Path data) {
        try {
            long free = Files.getFileStore(existing(data)).getUsableSpace() / GIB;
            String found = free + " GiB free at " + existing(data);
            if (free >= WANTED_GIB) {
                return new Finding("disk", OK, found, "");
            }
            return new Finding(
                    "disk",
                    free < NEEDED_GIB ? FAIL : WARN,
                    found,
                    "Environments, data and models want " + WANTED_GIB + " GiB: choose another folder with --data.");
        } catch (IOException e) {
            return new Finding("disk", FAIL, e.toString(), "Choose another folder with --data.");
        }
    }

    private static Finding folder(Path data) {
        Path at = existing(data);
        return Files.isDirectory(at) && Files.isWritable(at)
                ? new Finding("data folder", OK, data + (at.equals(data) ? "" : " (will be made)"), "")
                : new Finding("data folder", FAIL, at + " cannot be written to", "Choose another folder with --data.");
    }

    private static Finding port(int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return new Finding("port", OK, port + " is free", "");
        } catch (IOException e) {
            return new Finding(
                    "port", WARN, port + " is taken, perhaps by a Millwright", "mw serve --port 0 takes a free one.");
        }
    }

    /** A clock behind what was already written would put new entries before old ones. */
    private static Finding clock(Path data) {
        Instant now = Clock.systemUTC().instant();
        Path database = data.resolve("millwright.db");
        try {
            boolean behind = Files.exists(database)
                    && Files.getLastModifiedTime(database).toInstant().isAfter(now.plusSeconds(SKEW_SECONDS));
            return behind
                    ? new Finding("clock", FAIL, now + ", earlier than the data", "Synchronise the clock (NTP).")
                    : new Finding("clock", OK, now.toString(), "");
        } catch (IOException e) {
            return new Finding("clock", WARN, e.toString(), "Make " + database + " readable.");
        }
    }

    private static Finding openFiles() {
        if (!(ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system)) {
            return new Finding("open files", OK, "no limit known", "");
        }
        long most = system.getMaxFileDescriptorCount();
        return most >= WANTED_FILES
                ? new Finding("open files", OK, "at most " + most, "")
                : new Finding("open files", WARN, "at most " + most, "ulimit -n " + WANTED_FILES);
    }

    private static Path existing(Path path) {
        Path at = path.toAbsolutePath();
        while (!Files.exists(at) && at.getParent() != null) {
            at = at.getParent();
        }
        return at;
    }
}
