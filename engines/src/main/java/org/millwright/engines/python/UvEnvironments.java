package org.millwright.engines.python;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.millwright.environment.BuildProgress;
import org.millwright.environment.BuildProgress.Phase;
import org.millwright.environment.EnvironmentBuilder;
import org.millwright.environment.Interpreter;
import org.millwright.environment.Lock;
import org.millwright.environment.Unbuildable;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.pipeline.ProcessRunner;

/**
 * Python environments built by uv, each in the folder of its id.
 *
 * <p>A virtual environment knows its own absolute path, so it is built where it stays: {@code ready.json}, written last,
 * makes it an environment, and a folder without it (or moved from elsewhere) is removed and built again. Files are
 * read-only, because uv shares them with its cache by hard links; the cache is Millwright's own.
 */
public final class UvEnvironments implements EnvironmentBuilder, AutoCloseable {
    private static final String READY = "ready.json";
    private static final String LOCK = "requirements.lock";
    private static final String LOCKING = "locking-";
    private static final String REBUILT = "rebuilt-";
    private static final Pattern UNREACHABLE = Pattern.compile(
            "error sending request|dns error|Connection refused|[Tt]imed out|tunnel error|HTTP status server error");

    private final Path cache;
    private final Path environments;
    private final Map<String, String> env;
    private final UvBinary uv;
    private final Programs programs;
    private final Pythons pythons;
    private final Bytecode bytecode;

    /**
     * @param tools folder for downloaded programs, may be shared by servers
     * @param cache folder for downloaded packages, may be shared by servers
     * @param environments folder of this server's environments
     * @param behind runs what nobody waits for
     */
    public UvEnvironments(Path tools, Path cache, Path environments, ProcessRunner runner, ProcessRunner behind) {
        this(tools, cache, environments, runner, behind, System.getenv());
    }

    UvEnvironments(
            Path tools,
            Path cache,
            Path environments,
            ProcessRunner runner,
            ProcessRunner behind,
            Map<String, String> env) {
        this.cache = cache.toAbsolutePath();
        this.environments = environments.toAbsolutePath();
        this.env = Map.copyOf(env);
        this.uv = new UvBinary(tools.toAbsolutePath(), env);
        this.programs = new Programs(runner);
        this.pythons = new Pythons(programs, env);
        this.bytecode = new Bytecode(behind, env);
        clear();
    }

    @Override
    public Interpreter interpreter(String version) {
        return pythons.find(version);
    }

    @Override
    public Lock resolve(String requirements, String python, Consumer<BuildProgress> progress) {
        Path binary = uv.path(progress);
        try {
            Files.createDirectories(environments);
            Path dir = Files.createTempDirectory(environments, LOCKING);
            try {
                Files.writeString(dir.resolve("requirements.in"), requirements);
                progress.accept(new BuildProgress(Phase.RESOLVING, "resolving requirements.in"));
                var output = new UvOutput(progress);
                int exit = run(
                        binary,
                        dir,
                        output,
                        "pip",
                        "compile",
                        "--generate-hashes",
                        "--universal",
                        "--python-version",
                        python,
                        "requirements.in",
                        "-o",
                        "requirements.lock");
                if (exit != 0) {
                    throw new Problem.Invalid(
                            "The requirements cannot be resolved for Python " + python + ":\n" + output.tail(),
                            "Correct requirements.in.");
                }
                return new Lock(Files.readString(dir.resolve("requirements.lock")));
            } finally {
                ReadOnly.delete(dir);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public JsonNode build(String id, Lock lock, Interpreter interpreter, Consumer<BuildProgress> progress) {
        JsonNode description = make(id, lock, interpreter, progress, (binary, folder) -> {
            require(binary, folder, progress, "pip", "sync", "--python", at(id), "--require-hashes", LOCK);
        });
        bytecode.compile(environments.resolve(id), python(id));
        return description;
    }

    @Override
    public JsonNode rebuild(String name, Lock lock, Interpreter interpreter, Consumer<BuildProgress> progress) {
        String id = rebuilt(name);
        return make(id, lock, interpreter, progress, (binary, folder) -> {
            var output = new UvOutput(progress);
            int exit = run(
                    binary, folder, output, "pip", "sync", "--refresh", "--python", at(id), "--require-hashes", LOCK);
            if (exit != 0) {
                throw unbuildable(output.tail());
            }
        });
    }

    @Override
    public String rebuilt(String name) {
        return REBUILT + name;
    }

    @Override
    public void remove(String name) {
        try {
            ReadOnly.delete(environments.resolve(rebuilt(name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Unbuildable unbuildable(String said) {
        Unbuildable.Why why = said.contains("Hash mismatch")
                ? Unbuildable.Why.ALTERED
                : UNREACHABLE.matcher(said).find() ? Unbuildable.Why.UNREACHABLE : Unbuildable.Why.GONE;
        return new Unbuildable(why, said);
    }

    private String at(String id) {
        return python(id).toString();
    }

    /** Puts packages into an environment that is still empty. */
    private interface Install {
        void into(Path binary, Path folder);
    }

    private JsonNode make(
            String id, Lock lock, Interpreter interpreter, Consumer<BuildProgress> progress, Install install) {
        Path folder = environments.resolve(id);
        Path binary = uv.path(progress);
        try {
            bytecode.stop(folder);
            ReadOnly.delete(folder);
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(LOCK), lock.text());
            progress.accept(new BuildProgress(
                    Phase.PREPARING, "Python " + interpreter.version() + " at " + interpreter.executable()));
            require(
                    binary,
                    folder,
                    progress,
                    "venv",
                    "--no-project",
                    "--python",
                    interpreter.executable().toString(),
                    "venv");
            progress.accept(new BuildProgress(Phase.RESOLVING, lock.packages() + " packages in the lock"));
            install.into(binary, folder);
            JsonNode description = describe(folder, python(id));
            ReadOnly.files(folder.resolve("venv"));
            writeReady(folder, description);
            return description;
        } catch (IOException e) {
            throw new Problem.Unavailable(
                    "Cannot write the environment to " + folder + ": " + e, "Is the disk full?", e);
        }
    }

    @Override
    public boolean has(String id) {
        Path folder = environments.resolve(id);
        Path ready = folder.resolve(READY);
        if (!Files.exists(ready) || !Files.exists(python(id))) {
            return false;
        }
        try {
            boolean here =
                    Json.parse(Files.readString(ready)).path("folder").asText().equals(folder.toString());
            if (here && !id.startsWith(REBUILT)) {
                bytecode.compile(folder, python(id));
            }
            return here;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Path python(String id) {
        Path venv = environments.resolve(id).resolve("venv");
        Path windows = venv.resolve("Scripts").resolve("python.exe");
        return Files.exists(windows) ? windows : venv.resolve("bin").resolve("python");
    }

    /** Stops compiling in the background. */
    @Override
    public void close() {
        bytecode.close();
    }

    /** Removes what a killed server left of resolving requirements and of rebuilding. */
    private void clear() {
        if (!Files.isDirectory(environments)) {
            return;
        }
        try (DirectoryStream<Path> left =
                Files.newDirectoryStream(environments, "{" + LOCKING + "," + REBUILT + "}*")) {
            for (Path folder : left) {
                ReadOnly.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void require(Path binary, Path dir, Consumer<BuildProgress> progress, String... args) {
        var output = new UvOutput(progress);
        if (run(binary, dir, output, args) != 0) {
            throw new Problem.Unavailable(
                    "uv " + String.join(" ", args).replaceFirst("(pip sync|venv).*", "$1") + " failed:\n"
                            + output.tail(),
                    "Check the package index (PIP_INDEX_URL, pip.conf), HTTPS_PROXY and the lock.");
        }
    }

    private int run(Path binary, Path dir, UvOutput output, String... args) {
        var argv = new ArrayList<String>();
        argv.add(binary.toString());
        argv.addAll(List.of(args));
        var variables = new HashMap<>(PipSettings.read(env).forUv());
        variables.put("UV_CACHE_DIR", cache.resolve("uv").toString());
        variables.put("UV_PYTHON_DOWNLOADS", "never");
        variables.put("UV_NO_PROGRESS", "1");
        variables.put("VIRTUAL_ENV", "");
        return programs.run(argv, dir, variables, line -> {}, output);
    }

    private JsonNode describe(Path folder, Path python) throws IOException {
        Path script = folder.resolve("mw_environment.py");
        try (InputStream in = UvEnvironments.class.getResourceAsStream("mw_environment.py")) {
            if (in == null) {
                throw new IllegalStateException("mw_environment.py is missing");
            }
            Files.copy(in, script, StandardCopyOption.REPLACE_EXISTING);
        }
        var out = new StringBuilder();
        var err = new StringBuilder();
        int exit = programs.run(
                List.of(python.toString(), "-I", script.toString()),
                folder,
                Map.of(),
                line -> out.append(line).append('\n'),
                line -> err.append(line).append('\n'));
        if (exit != 0) {
            throw new Problem.Unavailable(
                    "The new environment's Python does not run:\n" + err, "Try another interpreter with MW_PYTHON.");
        }
        return Json.parse(out.toString());
    }

    private static void writeReady(Path folder, JsonNode description) throws IOException {
        var ready = Json.object().put("format", 1).put("folder", folder.toString());
        ready.set("description", description);
        Path aside = folder.resolve(READY + ".new");
        Files.write(aside, Json.bytes(ready));
        try (FileChannel channel = FileChannel.open(aside, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(aside, folder.resolve(READY), StandardCopyOption.ATOMIC_MOVE);
    }
}
