package org.millwright.environment;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Model;
import org.millwright.scoring.Signature;

/** Runs models that have no portable form, each in processes of its own with the environment that it was logged from. */
public interface PythonModels {
    /**
     * Takes a model's files and begins to load it; a prediction waits for that. {@link org.millwright.scoring.ModelFailure}
     * says why a process that has the model cannot be had. The caller closes the model.
     */
    Model load(PythonModel model);

    /**
     * A model as MLflow saved it.
     *
     * @param name for messages, such as {@code flight-delays/3}
     * @param interpreter the environment's own Python; asked for when the first process starts, which may take a build
     * @param threads that numeric libraries may use in each process
     * @param use for whom it predicts
     * @param recorded rows that show whether it answers a row the same whatever is beside it; without some it is never asked
     *     for rows of several requests at once
     */
    record PythonModel(
            String name,
            Signature signature,
            Supplier<Path> interpreter,
            int threads,
            Source files,
            Use use,
            Optional<Frame> recorded) {}

    /** Who waits for predictions: callers, who are told soon that all processes are busy, or a step, which waits. */
    enum Use {
        REQUESTS,
        STEP
    }

    /** The model's folder. */
    interface Source {
        /** Copies it into a folder that exists and is empty. */
        void copyTo(Path folder) throws IOException;
    }
}
