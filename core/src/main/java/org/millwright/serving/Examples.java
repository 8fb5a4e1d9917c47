package org.millwright.serving;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Problem;
import org.millwright.scoring.Frame;

/** A recorded row of what a deployment answers, to show callers what it takes. */
public final class Examples {
    private final Deployments deployments;
    private final Bundles bundles;

    public Examples(Deployments deployments, Bundles bundles) {
        this.deployments = deployments;
        this.bundles = bundles;
    }

    /** Name → value of a row of the version that answers, or else of its candidate; empty when none was recorded. */
    public Map<String, @Nullable Object> row(Deployment deployment) {
        Optional<String> version = deployment.answering().or(deployment::candidate);
        return deployments.versions(deployment.name()).stream()
                .filter(known -> version.filter(known.version()::equals).isPresent())
                .findFirst()
                .map(this::row)
                .orElse(Map.of());
    }

    private Map<String, @Nullable Object> row(DeployedVersion version) {
        try {
            Frame rows = bundles.open(version.bundle()).probe().inputs();
            return rows.rows() == 0 ? Map.of() : rows.row(0);
        } catch (Problem e) {
            // Not as it was signed: the deployment's page says so, an example is not worth another error.
            return Map.of();
        }
    }
}
