package org.millwright.serving;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Problem;
import org.millwright.scoring.Frame;

/** A recorded row of what a deployment answers, to show callers what it takes. */
public final class Examples {
    private static final int KEPT = 32;

    private final Deployments deployments;
    private final Bundles bundles;

    /** By archive, whose content is its name: a document asks each time, and a wide bundle takes seconds to open. */
    private final Map<String, Map<String, @Nullable Object>> known = new ConcurrentHashMap<>();

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
        Map<String, @Nullable Object> kept = known.get(version.bundle());
        if (kept != null) {
            return kept;
        }
        try {
            Frame rows = bundles.open(version.bundle()).probe().inputs();
            Map<String, @Nullable Object> row = rows.rows() == 0 ? Map.of() : Collections.unmodifiableMap(rows.row(0));
            if (known.size() >= KEPT) {
                known.clear();
            }
            known.put(version.bundle(), row);
            return row;
        } catch (Problem e) {
            // Not as it was signed: the deployment's page says so, an example is not worth another error.
            return Map.of();
        }
    }
}
