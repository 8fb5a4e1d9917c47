package org.millwright.project;

import java.util.List;

/**
 * A stage on the way of a project's versions, such as {@code staging}.
 *
 * @param deployments that belong to it; what no stage names belongs to the last one
 * @param policies that count here beside those that count everywhere
 */
public record DeploymentStage(String name, List<String> deployments, List<String> policies) {
    /** Those of a file that says nothing of stages. */
    public static final List<DeploymentStage> DEFAULT =
            List.of(new DeploymentStage("dev"), new DeploymentStage("staging"), new DeploymentStage("production"));

    public DeploymentStage {
        deployments = List.copyOf(deployments);
        policies = List.copyOf(policies);
    }

    DeploymentStage(String name) {
        this(name, List.of(), List.of());
    }
}
