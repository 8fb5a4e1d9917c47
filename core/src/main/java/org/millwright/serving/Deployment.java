package org.millwright.serving;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.function.Predicate;
import org.millwright.kernel.Json;

/**
 * A scoring endpoint: one name over all versions of a model.
 *
 * @param previous the version that a rollback returns to
 * @param halt why the version in production does not answer, if it does not
 * @param createdAt milliseconds since 1970 UTC
 */
public record Deployment(
        String name,
        String project,
        String model,
        Optional<String> production,
        Optional<String> previous,
        Rollout rollout,
        Optional<Halt> halt,
        long createdAt,
        long changedAt) {

    /** The reference that the ledger uses. */
    public String ref() {
        return ref(name);
    }

    public static String ref(String name) {
        return "deployment:" + name;
    }

    /** The version that is staged or on trial. */
    public Optional<String> candidate() {
        return switch (rollout) {
            case Rollout.None none -> Optional.empty();
            case Rollout.Staged staged -> Optional.of(staged.version());
            case Rollout.Trial trial -> Optional.of(trial.version());
        };
    }

    /** The version that callers rely on: the one in production, or the one on trial where nothing is. */
    public Optional<String> answering() {
        return answering(version -> true);
    }

    /** The same among some versions. */
    Optional<String> answering(Predicate<String> among) {
        return production
                .filter(among)
                .or(() -> rollout instanceof Rollout.Trial trial
                        ? Optional.of(trial.version()).filter(among)
                        : Optional.empty());
    }

    /** Names, times, and the versions in production and before: what every form of it says alike. */
    public ObjectNode toJson() {
        ObjectNode json = Json.object()
                .put("name", name)
                .put("project", project)
                .put("model", model)
                .put("createdAt", createdAt)
                .put("changedAt", changedAt);
        production.ifPresent(version -> json.put("production", version));
        previous.ifPresent(version -> json.put("previous", version));
        return json;
    }

    Deployment with(Optional<String> production, Optional<String> previous, Rollout rollout, long now) {
        Optional<Halt> stays = production.equals(this.production) ? halt : Optional.empty();
        return new Deployment(name, project, model, production, previous, rollout, stays, createdAt, now);
    }

    Deployment with(Optional<Halt> changed, long now) {
        return new Deployment(name, project, model, production, previous, rollout, changed, createdAt, now);
    }
}
