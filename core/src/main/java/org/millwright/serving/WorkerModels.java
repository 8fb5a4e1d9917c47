package org.millwright.serving;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.millwright.environment.Environment;
import org.millwright.environment.Environments;
import org.millwright.environment.Lock;
import org.millwright.environment.PythonModels;
import org.millwright.identity.Actor;
import org.millwright.scoring.Model;
import org.millwright.scoring.bundle.Bundle;
import org.millwright.scoring.bundle.ModelFormat;

/** Loads portable models in this process, and those that only Python runs into workers with the bundle's environment. */
public final class WorkerModels implements ModelLoader {
    private final Environments environments;
    private final PythonModels python;

    public WorkerModels(Environments environments, PythonModels python) {
        this.environments = environments;
        this.python = python;
    }

    @Override
    public Model load(Bundle bundle) {
        var manifest = bundle.manifest();
        if (ModelFormat.of(manifest.runtime()) != ModelFormat.PYTHON) {
            return bundle.load();
        }
        return python.load(new PythonModels.PythonModel(
                manifest.model() + "/" + manifest.version(),
                manifest.signature(),
                () -> interpreter(bundle),
                threads(manifest.provenance().notes()),
                folder -> bundle.copy(ModelFormat.FOLDER, folder),
                PythonModels.Use.REQUESTS,
                Optional.of(bundle.probe().inputs())));
    }

    /** The interpreter of the environment that the run used; elsewhere its lock is built again for this machine. */
    private Path interpreter(Bundle bundle) {
        Map<String, String> notes = bundle.manifest().provenance().notes();
        String id = notes.getOrDefault("environment", "");
        if (environments.isBuilt(id)) {
            return environments.python(id);
        }
        try {
            var lock = new Lock(new String(bundle.file(ModelFormat.LOCK), StandardCharsets.UTF_8));
            Environment built = environments.ensure(
                    Actor.SYSTEM,
                    notes.getOrDefault("project", ""),
                    lock,
                    notes.getOrDefault("python", "3.11"),
                    progress -> {});
            return environments.python(built.id());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the bundle's lock", e);
        }
    }

    private static int threads(Map<String, String> notes) {
        try {
            return Math.max(1, Integer.parseInt(notes.getOrDefault("threads", "1")));
        } catch (NumberFormatException e) {
            return 1;
        }
    }
}
