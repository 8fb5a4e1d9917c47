package org.millwright.serving;

import org.millwright.kernel.Problem;

/**
 * A version to deploy.
 *
 * @param deployment the endpoint's name, usually the model's
 * @param bundle SHA-256 of the bundle's archive among the artifacts
 * @param smokeRows recorded rows that it must predict as at training, at most; at least 1
 */
public record Target(String deployment, String project, String model, String version, String bundle, int smokeRows) {
    public Target {
        if (!deployment.matches("[a-z0-9][a-z0-9._-]{0,99}")) {
            throw new Problem.Invalid("Deployment name '" + deployment
                    + "' (expected: 1 to 100 of a-z, 0-9, '.', '_', '-', beginning with a letter or digit)");
        }
        if (smokeRows < 1) {
            throw new Problem.Invalid("smoke-rows: " + smokeRows + " (expected: at least 1)");
        }
    }

    /** The reference that the ledger uses. */
    String modelRef() {
        return "model:" + model + "/" + version;
    }
}
