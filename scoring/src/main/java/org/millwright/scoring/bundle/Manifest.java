package org.millwright.scoring.bundle;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.Signature;

/**
 * What {@code bundle.json} says of a model version.
 *
 * @param model the registered model's name
 * @param version its version
 * @param runtime what runs the main file, see {@link ModelFormat}
 * @param main path of the model file inside the bundle
 * @param created when the bundle was made
 * @param signature the columns taken and given
 * @param provenance code, data, environment and run
 * @param parameters training parameters
 * @param metrics evaluation results
 * @param tolerance how far predictions on the probe rows may be from the recorded ones, see {@link Agreement}
 * @param handoff agreement of this bundle with the original model, null before the check
 * @param files every file but {@code bundle.json} and the signature
 */
public record Manifest(
        String model,
        String version,
        String runtime,
        String main,
        Instant created,
        Signature signature,
        Provenance provenance,
        Map<String, String> parameters,
        Map<String, Double> metrics,
        double tolerance,
        @Nullable Agreement handoff,
        List<Entry> files) {
    /** The format that this version writes and the newest it reads. */
    public static final int FORMAT = 1;

    /** One file with its hex SHA-256 and size in bytes. */
    public record Entry(String path, String sha256, long size) {}

    public Manifest {
        parameters = Map.copyOf(parameters);
        metrics = Map.copyOf(metrics);
        files = List.copyOf(files);
        if (!(tolerance >= 0)) {
            throw new IllegalArgumentException("tolerance is " + tolerance + ", expected a number of at least 0");
        }
    }

    /** The same with another signature. */
    public Manifest withSignature(Signature other) {
        return new Manifest(
                model,
                version,
                runtime,
                main,
                created,
                other,
                provenance,
                parameters,
                metrics,
                tolerance,
                handoff,
                files);
    }

    /** The same with those files. */
    public Manifest withFiles(List<Entry> entries) {
        return new Manifest(
                model,
                version,
                runtime,
                main,
                created,
                signature,
                provenance,
                parameters,
                metrics,
                tolerance,
                handoff,
                entries);
    }
}
