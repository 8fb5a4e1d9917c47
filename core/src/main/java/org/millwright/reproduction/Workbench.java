package org.millwright.reproduction;

import java.util.Map;
import org.millwright.environment.Environment;
import org.millwright.pipeline.StepContext;
import org.millwright.pipeline.StepRunner;
import org.millwright.scoring.Model;
import org.millwright.scoring.Signature;

/** What steps are done again with. */
public interface Workbench {
    /**
     * The runners of the kinds of steps that are done again, by kind, in that environment; other kinds are taken as recorded.
     *
     * @param yielding whether their processes take only what others leave of the machine
     */
    Map<String, StepRunner> runners(Environment environment, boolean yielding);

    /** A logged model that has no portable form, in a worker of that environment; the caller closes it. */
    Model original(StepContext context, Environment environment, String tree, Signature signature);

    /** Tidies up after a step's MLflow run: ends it, and takes it and its models from view. */
    void forget(String trackingRun);
}
