package org.millwright.pipeline.steps;

import java.util.Optional;
import org.millwright.environment.Environment;
import org.millwright.environment.Environments;
import org.millwright.environment.PythonModels;
import org.millwright.kernel.Problem;
import org.millwright.pipeline.StepContext;
import org.millwright.pipeline.Trees;
import org.millwright.scoring.Model;
import org.millwright.scoring.Signature;
import org.millwright.scoring.bundle.BundleWriter;

/** Logged models as Python workers serve them, for the steps that check them before they are served. */
public final class Originals {
    private final PythonModels workers;
    private final Environments environments;
    private final Trees trees;

    public Originals(PythonModels workers, Environments environments, Trees trees) {
        this.workers = workers;
        this.environments = environments;
        this.trees = trees;
    }

    /** A model in the environment that it was logged from; the caller closes it. */
    public Model load(StepContext context, Environment environment, String digest, Signature signature) {
        return workers.load(new PythonModels.PythonModel(
                context.project().model().name(),
                signature,
                () -> environments.python(environment.id()),
                context.project().environment().threads(),
                folder -> trees.extract(digest, folder, path -> true),
                PythonModels.Use.STEP,
                Optional.empty()));
    }

    /** Refuses a model with a file that cannot be in a bundle. */
    void requireNames(String digest) {
        for (Trees.Entry file : trees.list(digest)) {
            if (!BundleWriter.isPath(file.path())) {
                throw new Problem.Invalid(
                        "The model's file '" + file.path()
                                + "' cannot be in a bundle (expected: names of letters, digits,"
                                + " '.', '_' and '-' that begin with none of the last two)",
                        "Log it under another name.");
            }
        }
    }
}
