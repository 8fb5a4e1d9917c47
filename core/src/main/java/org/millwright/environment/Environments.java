package org.millwright.environment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.millwright.artifact.Artifacts;
import org.millwright.environment.BuildProgress.Phase;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;

/** The environments that steps run in: resolved once, built once, shared by every run, never changed. */
public final class Environments {
    private final Database database;
    private final Ledger ledger;
    private final Access access;
    private final Artifacts artifacts;
    private final EnvironmentBuilder builder;
    private final Clock clock;
    private final EnvironmentStore store;
    private final Map<String, ReentrantLock> building = new ConcurrentHashMap<>();

    public Environments(
            Database database,
            Ledger ledger,
            Access access,
            Artifacts artifacts,
            EnvironmentBuilder builder,
            Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.access = access;
        this.artifacts = artifacts;
        this.builder = builder;
        this.clock = clock;
        this.store = new EnvironmentStore(database);
    }

    /**
     * Resolves requirements to exact versions with hashes, for all platforms.
     *
     * @param requirements text of a requirements file
     * @param python version such as {@code 3.11}
     */
    public Lock lock(Actor by, String project, String requirements, String python, Consumer<BuildProgress> progress) {
        access.require(by, Permission.RUN, project);
        Lock lock = builder.resolve(requirements, python, progress);
        artifacts.put(lock.text().getBytes(StandardCharsets.UTF_8));
        database.write(() -> ledger.append(
                by,
                "environment.locked",
                List.of("lock:" + lock.sha256(), "project:" + project),
                Json.object()
                        .put("python", python)
                        .put("packages", lock.packages())
                        .put("requirements", Json.sha256(requirements.getBytes(StandardCharsets.UTF_8)))));
        return lock;
    }

    /**
     * The environment of the lock on this machine's interpreter, built now when it is not there yet.
     *
     * <p>Callers that ask for the same one at the same time share one build. Interrupt the thread to cancel.
     */
    public Environment ensure(Actor by, String project, Lock lock, String python, Consumer<BuildProgress> progress) {
        access.require(by, Permission.RUN, project);
        Interpreter interpreter = builder.interpreter(python);
        String id = id(lock, interpreter);
        ReentrantLock turn = building.computeIfAbsent(id, key -> new ReentrantLock());
        turn.lock();
        try {
            Optional<Environment> known = find(id);
            if (known.isPresent() && known.get().state() == Environment.State.READY && builder.has(id)) {
                database.write(() -> store.used(id, clock.millis()));
                progress.accept(new BuildProgress(Phase.READY, "environment " + id.substring(0, 12) + " is there"));
                return get(id);
            }
            return build(by, project, id, lock, interpreter, progress);
        } finally {
            turn.unlock();
        }
    }

    /**
     * The lock's environment built anew for one use, beside those that are shared; {@link #discard} it afterwards.
     *
     * @throws Unbuildable when a package is not to be had any more, or the index cannot be asked
     */
    public Environment rebuild(
            Actor by, String project, Lock lock, String python, String name, Consumer<BuildProgress> progress) {
        access.require(by, Permission.RUN, project);
        Interpreter interpreter = builder.interpreter(python);
        long now = clock.millis();
        JsonNode description = builder.rebuild(name, lock, interpreter, progress);
        return new Environment(
                builder.rebuilt(name),
                Environment.State.READY,
                interpreter.version(),
                interpreter.platform(),
                lock.sha256(),
                lock.packages(),
                description,
                Optional.empty(),
                now,
                Optional.of(clock.millis()),
                now);
    }

    /** The interpreter for a version such as {@code 3.11}; {@code Problem.Unavailable} when it is not installed. */
    public Interpreter interpreter(String python) {
        return builder.interpreter(python);
    }

    /** Removes what {@link #rebuild} built. */
    public void discard(String name) {
        builder.remove(name);
    }

    public Environment get(String id) {
        return find(id).orElseThrow(() -> new Problem.NotFound("No environment " + id, "mw env list"));
    }

    public Optional<Environment> find(String id) {
        return database.read(() -> store.get(id));
    }

    /** All, the most recently used first. */
    public List<Environment> list() {
        return database.read(store::all);
    }

    /** The environment's own interpreter, to run a step with. */
    public Path python(String id) {
        if (!builder.has(id)) {
            throw new Problem.NotFound(
                    "Environment " + id + " is not built on this machine", "Run the pipeline again.");
        }
        return builder.python(id);
    }

    /** Whether the environment is there, completely, on this machine. */
    public boolean isBuilt(String id) {
        return find(id).isPresent() && builder.has(id);
    }

    /** The lock that the environment was built from. */
    public Lock lockOf(Environment environment) {
        return new Lock(new String(artifacts.bytes(environment.lockSha256()), StandardCharsets.UTF_8));
    }

    /** What makes two runs in the same environment comparable: pinned thread counts, hash seed, time zone and locale. */
    public static Map<String, String> pinned(int threads) {
        var variables = new LinkedHashMap<String, String>();
        for (String name : List.of(
                "OMP_NUM_THREADS",
                "OPENBLAS_NUM_THREADS",
                "MKL_NUM_THREADS",
                "NUMEXPR_NUM_THREADS",
                "VECLIB_MAXIMUM_THREADS")) {
            variables.put(name, Integer.toString(threads));
        }
        // Threads that spin while they wait starve each other on busy cores: a fit of 2 s took 30 to 60 s.
        variables.put("OMP_WAIT_POLICY", "PASSIVE");
        variables.put("PYTHONHASHSEED", "0");
        variables.put("TZ", "UTC");
        variables.put("LC_ALL", "C.UTF-8");
        return variables;
    }

    /** What is recorded with a run: the environment's description with the run's own thread counts and seed. */
    public static JsonNode describe(Environment environment, int threads, long seed) {
        ObjectNode description = environment.description().deepCopy();
        description.put("environment", environment.id()).put("lock", environment.lockSha256());
        description.set("variables", Json.tree(pinned(threads)));
        return description.put("seed", seed);
    }

    static String id(Lock lock, Interpreter interpreter) {
        String text = lock.text() + "\n" + interpreter.version() + "\n" + interpreter.platform();
        return Json.sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    private Environment build(
            Actor by, String project, String id, Lock lock, Interpreter interpreter, Consumer<BuildProgress> progress) {
        artifacts.put(lock.text().getBytes(StandardCharsets.UTF_8));
        database.write(() -> store.start(id, lock, interpreter, clock.millis()));
        JsonNode description;
        try {
            description = builder.build(id, lock, interpreter, progress);
        } catch (RuntimeException e) {
            database.write(() -> store.failed(id, String.valueOf(e.getMessage())));
            throw e;
        }
        database.write(() -> {
            store.ready(id, description, clock.millis());
            ledger.append(
                    by,
                    "environment.built",
                    List.of("environment:" + id, "lock:" + lock.sha256(), "project:" + project),
                    Json.object()
                            .put("python", interpreter.version())
                            .put("platform", interpreter.platform())
                            .put("packages", description.path("packages").size())
                            .put("description", Json.digest(description)));
        });
        progress.accept(new BuildProgress(Phase.READY, "environment " + id.substring(0, 12) + " is built"));
        return get(id);
    }
}
