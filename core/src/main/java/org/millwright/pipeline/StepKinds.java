package org.millwright.pipeline;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The kinds of steps that this factory can run; upper rooms add theirs by giving a runner. */
public final class StepKinds {
    private final Map<String, StepRunner> runners = new LinkedHashMap<>();

    public StepKinds(Collection<? extends StepRunner> runners) {
        runners.forEach(runner -> {
            if (this.runners.put(runner.kind().name(), runner) != null) {
                throw new IllegalArgumentException(
                        "two runners of kind " + runner.kind().name());
            }
        });
    }

    public List<String> names() {
        return List.copyOf(runners.keySet());
    }

    Optional<StepRunner> find(String kind) {
        return Optional.ofNullable(runners.get(kind));
    }

    StepRunner get(String kind) {
        return find(kind).orElseThrow(() -> new IllegalArgumentException("no runner of kind " + kind));
    }
}
