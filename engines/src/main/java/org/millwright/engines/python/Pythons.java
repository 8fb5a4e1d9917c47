package org.millwright.engines.python;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.millwright.environment.Interpreter;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

/** Finds Python interpreters: MW_PYTHON, then PATH, then the folders of pyenv, uv, Homebrew and python.org. */
final class Pythons {
    private static final Pattern VERSION = Pattern.compile("3\\.\\d{1,2}(\\.\\d{1,2})?");
    private static final String PROBE = """
            import json, platform, sys, sysconfig
            libc = "".join(platform.libc_ver()) if sys.platform == "linux" else ""
            tag = sysconfig.get_platform() + ("-" + libc if libc else "")
            print(json.dumps({"executable": sys.executable, "version": platform.python_version(),
                              "implementation": platform.python_implementation(), "platform": tag}))
            """;

    private final Programs programs;
    private final Map<String, String> env;
    private final Map<Path, Optional<Interpreter>> probed = new ConcurrentHashMap<>();

    Pythons(Programs programs, Map<String, String> env) {
        this.programs = programs;
        this.env = env;
    }

    /** The first interpreter of the version {@code 3.11} or {@code 3.11.7}. */
    Interpreter find(String version) {
        if (!VERSION.matcher(version).matches()) {
            throw new Problem.Invalid("'" + version + "' is no Python version (expected: such as 3.11 or 3.11.7)");
        }
        Set<String> others = new TreeSet<>();
        for (Path candidate : candidates(minor(version))) {
            Optional<Interpreter> found = probed.computeIfAbsent(candidate, this::probe);
            if (found.isPresent() && matches(found.get().version(), version)) {
                return found.get();
            }
            found.ifPresent(other -> others.add(other.version()));
        }
        String minor = minor(version);
        throw new Problem.Unavailable(
                "Python " + version + " was not found on this machine"
                        + (others.isEmpty() ? "" : " (found: " + String.join(", ", others) + ")"),
                "Install it (Debian: apt install python" + minor + "; macOS: brew install python@" + minor
                        + "; anywhere: pyenv install " + minor
                        + "), set MW_PYTHON to its path, or ask for another version"
                        + " in millwright.yaml under environment: python.");
    }

    private static boolean matches(String found, String wanted) {
        return found.equals(wanted) || found.startsWith(wanted + ".");
    }

    private static String minor(String version) {
        String[] parts = version.split("\\.");
        return parts[0] + "." + parts[1];
    }

    private Set<Path> candidates(String minor) {
        var paths = new LinkedHashSet<Path>();
        Optional.ofNullable(env.get("MW_PYTHON"))
                .filter(path -> !path.isBlank())
                .map(Path::of)
                .ifPresent(paths::add);
        List<String> names = List.of("python" + minor, "python3", "python");
        for (String name : names) {
            for (String folder : env.getOrDefault("PATH", "").split(File.pathSeparator)) {
                if (!folder.isEmpty()) {
                    paths.add(Path.of(folder, name));
                    paths.add(Path.of(folder, name + ".exe"));
                }
            }
        }
        String home = env.getOrDefault("HOME", System.getProperty("user.home"));
        String pyenv = env.getOrDefault("PYENV_ROOT", home + "/.pyenv");
        paths.addAll(inside(Path.of(pyenv, "versions"), minor + "*", "bin/python" + minor));
        paths.addAll(inside(Path.of(home, ".local/share/uv/python"), "cpython-" + minor + "*", "bin/python" + minor));
        paths.add(Path.of("/opt/homebrew/bin/python" + minor));
        paths.add(Path.of("/usr/local/bin/python" + minor));
        paths.add(Path.of("/Library/Frameworks/Python.framework/Versions/" + minor + "/bin/python" + minor));
        paths.removeIf(path -> !Files.isExecutable(path) || Files.isDirectory(path));
        return paths;
    }

    private static List<Path> inside(Path folder, String glob, String program) {
        var found = new ArrayList<Path>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> versions = Files.newDirectoryStream(folder, glob)) {
                versions.forEach(version -> found.add(version.resolve(program)));
            } catch (IOException e) {
                return List.of();
            }
        }
        found.sort(null);
        return found;
    }

    /** Asks the program what it is; empty when it does not answer like a CPython, as a version manager's shim may. */
    private Optional<Interpreter> probe(Path program) {
        var out = new StringBuilder();
        int exit = programs.run(
                List.of(program.toString(), "-I", "-c", PROBE), Path.of("/"), Map.of(), out::append, line -> {});
        if (exit != 0) {
            return Optional.empty();
        }
        JsonNode answer = Json.parse(out.toString());
        if (!answer.path("implementation").asText().equals("CPython")) {
            return Optional.empty();
        }
        return Optional.of(new Interpreter(
                Path.of(answer.path("executable").asText()),
                answer.path("version").asText(),
                answer.path("platform").asText()));
    }
}
