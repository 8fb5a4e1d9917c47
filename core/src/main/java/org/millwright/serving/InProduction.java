package org.millwright.serving;

import java.util.Optional;
import org.millwright.pipeline.steps.Champions;

/** The champion of a model: the version in production at the deployment of its name, else at any deployment of it. */
public final class InProduction implements Champions {
    private final Deployments deployments;
    private final Bundles bundles;

    public InProduction(Deployments deployments, Bundles bundles) {
        this.deployments = deployments;
        this.bundles = bundles;
    }

    @Override
    public Optional<Champion> current(String model) {
        return deployments
                .find(model)
                .filter(deployment -> serves(deployment, model))
                .or(() -> deployments.list().stream()
                        .filter(deployment -> serves(deployment, model))
                        .findFirst())
                .map(this::champion);
    }

    private static boolean serves(Deployment deployment, String model) {
        return deployment.model().equals(model) && deployment.production().isPresent();
    }

    private Champion champion(Deployment deployment) {
        String version = deployment.production().orElseThrow();
        DeployedVersion known = deployments.version(deployment.name(), version);
        return new Champion(deployment.name(), version, known.digest(), () -> bundles.load(known.bundle()));
    }
}
