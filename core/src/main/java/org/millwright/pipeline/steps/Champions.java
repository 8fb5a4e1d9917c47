package org.millwright.pipeline.steps;

import java.util.Optional;
import java.util.function.Supplier;
import org.millwright.scoring.Model;

/** Tells which version of a model is in production, so that a candidate can be compared with it. */
public interface Champions {
    Optional<Champion> current(String model);

    /**
     * The version in production.
     *
     * @param deployment where it is in production
     * @param digest of its bundle
     * @param load loads it; the caller closes it
     */
    record Champion(String deployment, String version, String digest, Supplier<Model> load) {}
}
