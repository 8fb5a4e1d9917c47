package org.millwright.pipeline.steps;

import java.nio.file.Path;

/** Millwright's own Python scripts, which run in a project's environment. */
public interface HelperScripts {
    /** Writes all scripts into a folder that exists. */
    void copyTo(Path folder);

    /** Changes when any of the scripts does. */
    String digest();
}
