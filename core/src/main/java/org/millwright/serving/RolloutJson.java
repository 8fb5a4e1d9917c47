package org.millwright.serving;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.millwright.kernel.Json;
import org.millwright.project.RolloutPlan;

/** A roll-out as its deployment's row keeps it. */
final class RolloutJson {
    private RolloutJson() {}

    static Optional<String> write(Rollout rollout) {
        return switch (rollout) {
            case Rollout.None none -> Optional.empty();
            case Rollout.Staged staged -> {
                ObjectNode json = Json.object().put("kind", "staged");
                staged.planned().ifPresent(planned -> json.set("planned", Json.tree(planned)));
                yield Optional.of(Json.write(json));
            }
            case Rollout.Trial trial ->
                Optional.of(Json.write(Json.object()
                        .put("kind", "trial")
                        .put("step", trial.step())
                        .put("since", trial.since())
                        .set("plan", Json.tree(trial.plan()))));
        };
    }

    static Rollout read(String version, String text) {
        JsonNode json = Json.parse(text);
        if (json.path("kind").asText().equals("staged")) {
            return new Rollout.Staged(
                    version,
                    json.has("planned")
                            ? Optional.of(Json.convert(json.path("planned"), Rollout.Planned.class))
                            : Optional.empty());
        }
        return new Rollout.Trial(
                version,
                Json.convert(json.path("plan"), RolloutPlan.class),
                json.path("step").asInt(),
                json.path("since").asLong());
    }
}
