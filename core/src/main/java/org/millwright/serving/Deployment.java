package org.millwright.serving;

import java.util.Optional;

/**
 * A scoring endpoint: one name over all versions of a model.
 *
 * @param previous the version that a rollback returns to
 * @param createdAt milliseconds since 1970 UTC
 */
public record Deployment(
        String name,
        String project,
        String model,
        Optional<String> production,
        Optional<String> previous,
        Rollout rollout,
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

    Deployment with(Optional<String> production, Optional<String> previous, Rollout rollout, long now) {
        return new Deployment(name, project, model, production, previous, rollout, createdAt, now);
    }
}
