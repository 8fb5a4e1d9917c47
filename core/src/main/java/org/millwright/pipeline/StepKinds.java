package org.millwright.pipeline;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The kinds of steps that this factory can run; upper rooms add theirs by giving a runner. */
public final class StepKinds {
    private static final Logger LOG = LoggerFactory.getLogger(StepKinds.class);

    private final Map<String, StepRunner> runners = new LinkedHashMap<>();
    private final Set<String> prepared = ConcurrentHashMap.newKeySet();

    public StepKinds(Collection<? extends StepRunner> runners) {
        runners.forEach(runner -> {
            if (this.runners.put(runner.kind().name(), runner) != null) {
                throw new IllegalArgumentException(
                        "two runners of kind " + runner.kind().name());
            }
        });
    }

    /** Lets the runners of these kinds prepare, each once, without waiting for them. */
    void prepare(Collection<String> wanted) {
        List<StepRunner> cold = wanted.stream()
                .filter(prepared::add)
                .map(this::find)
                .flatMap(Optional::stream)
                .toList();
        if (!cold.isEmpty()) {
            Thread.ofPlatform().name("prepare-steps").daemon().start(() -> cold.forEach(StepKinds::prepare));
        }
    }

    private static void prepare(StepRunner runner) {
        try {
            runner.prepare();
        } catch (RuntimeException | LinkageError e) {
            LOG.debug(
                    "{} could not prepare; its first run will tell why",
                    runner.kind().name(),
                    e);
        }
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
