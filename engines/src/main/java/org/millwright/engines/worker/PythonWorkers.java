package org.millwright.engines.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.millwright.engines.python.ReadOnly;
import org.millwright.engines.python.Scripts;
import org.millwright.environment.PythonModels;
import org.millwright.pipeline.ProcessRunner;
import org.millwright.scoring.Model;
import org.millwright.scoring.ModelFailure;

/** The Python workers of this server: a pool of processes for each model that is loaded. */
public final class PythonWorkers implements PythonModels, AutoCloseable {
    private final Path folder;
    private final ProcessRunner processes;
    private final WorkerSettings settings;
    private final LongSupplier nanos;
    private final ScheduledThreadPoolExecutor timer;
    private final Set<WorkerPool> pools = ConcurrentHashMap.newKeySet();
    private final AtomicLong next = new AtomicLong();

    /**
     * @param folder for models while they are loaded; emptied now
     * @param processes runs the workers, and ends at its own start what a killed server left running
     */
    public PythonWorkers(Path folder, ProcessRunner processes, WorkerSettings settings) {
        this(folder, processes, settings, System::nanoTime);
    }

    /** @param nanos tells how long calls take */
    PythonWorkers(Path folder, ProcessRunner processes, WorkerSettings settings, LongSupplier nanos) {
        this.nanos = nanos;
        this.folder = folder.toAbsolutePath();
        this.processes = processes;
        this.settings = settings;
        this.timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("python-deadlines").factory());
        timer.setRemoveOnCancelPolicy(true);
        try {
            ReadOnly.delete(this.folder);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot empty " + folder, e);
        }
    }

    @Override
    public Model load(PythonModel model) {
        WorkerSettings own = model.use() == Use.STEP ? settings.forSteps() : settings;
        try {
            WorkerFolder made =
                    WorkerFolder.make(folder.resolve(Long.toString(next.incrementAndGet())), script(), model);
            var independence = new Independence(model.name(), model.recorded());
            var pool = new WorkerPool(model, own, made, processes, timer, new Joins(independence), pools::remove);
            pools.add(pool);
            pool.warmUp();
            return new PooledModel(model, own, pool, independence, nanos);
        } catch (IOException e) {
            throw new ModelFailure("The files of " + model.name() + " cannot be copied: " + e.getMessage(), e);
        }
    }

    private synchronized Path script() throws IOException {
        Path scripts = folder.resolve("scripts");
        if (!Files.isDirectory(scripts)) {
            Files.createDirectories(folder);
            if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            }
            Files.createDirectory(scripts);
            new Scripts().copyTo(scripts);
            ReadOnly.files(scripts);
            ReadOnly.folders(scripts);
        }
        return scripts.resolve("mw_worker.py");
    }

    /** Ends every process, whatever it is doing. */
    @Override
    public void close() {
        List.copyOf(pools).forEach(WorkerPool::end);
        timer.shutdownNow();
    }
}
