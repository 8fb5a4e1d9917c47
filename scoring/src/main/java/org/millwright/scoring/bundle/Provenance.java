package org.millwright.scoring.bundle;

import java.util.Map;

/**
 * Where a model comes from. An unknown text is empty, never invented.
 *
 * @param commit git commit of the training code
 * @param data digest of each data set that training read, by name and version
 * @param environment digest of the environment's lock file
 * @param run the tracking run that made the model
 * @param notes anything else worth signing, such as interpreter, platform or seed
 */
public record Provenance(
        String commit, Map<String, String> data, String environment, String run, Map<String, String> notes) {
    public static final Provenance UNKNOWN = new Provenance("", Map.of(), "", "", Map.of());

    public Provenance {
        data = Map.copyOf(data);
        notes = Map.copyOf(notes);
    }
}
