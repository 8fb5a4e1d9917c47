package org.millwright.project;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.millwright.kernel.Yaml;

/** Reads the list {@code stages}: names, or maps with the deployments and policies of a stage. */
final class StagesReader {
    private static final int MOST = 10;

    private StagesReader() {}

    static List<DeploymentStage> read(Yaml.Value root) {
        if (!root.has("stages")) {
            return DeploymentStage.DEFAULT;
        }
        Yaml.Value list = root.get("stages").orElseThrow();
        var stages = new ArrayList<DeploymentStage>();
        Map<String, String> of = new HashMap<>();
        for (Yaml.Value item : list.items()) {
            DeploymentStage stage = item.isScalar() ? new DeploymentStage(item.asText()) : stage(item);
            boolean named = item.isScalar() || item.isMap() && item.has("name");
            if (named && !stage.name().matches("[a-z][a-z0-9-]{0,62}")) {
                item.error("expected 1-63 of a-z 0-9 - that start with a letter, got '" + stage.name() + "'");
            }
            if (stages.stream().anyMatch(other -> other.name().equals(stage.name()))) {
                item.error("a second stage named '" + stage.name() + "'");
            }
            for (String deployment : stage.deployments()) {
                String other = of.putIfAbsent(deployment, stage.name());
                if (other != null) {
                    item.error("deployment '" + deployment + "' belongs to stage '" + other + "' already");
                }
            }
            stages.add(stage);
        }
        if (stages.isEmpty() || stages.size() > MOST) {
            list.error("expected 1 to " + MOST + " stages, got " + stages.size());
            return DeploymentStage.DEFAULT;
        }
        return stages;
    }

    private static DeploymentStage stage(Yaml.Value item) {
        item.only("name", "deployments", "policies");
        return new DeploymentStage(item.text("name"), item.texts("deployments"), item.texts("policies"));
    }
}
