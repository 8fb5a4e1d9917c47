package org.millwright.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.millwright.kernel.Problem;
import org.millwright.scoring.sigstore.TrustRoot;

/** Reads what {@code --trust-root} names. */
final class TrustRoots {
    private TrustRoots() {}

    static TrustRoot read(Path file) {
        try {
            return TrustRoot.read(file);
        } catch (IOException e) {
            throw new Problem.NotFound("Cannot read the trusted root " + file, "Get it from whom you trust.");
        } catch (IllegalArgumentException e) {
            throw new Problem.Invalid("--trust-root: " + e.getMessage());
        }
    }
}
