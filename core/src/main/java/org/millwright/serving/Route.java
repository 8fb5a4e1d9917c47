package org.millwright.serving;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Where requests of one deployment go: the deployment as it stands, its loaded versions and what holds it to its limits, which
 * all its routes share.
 */
record Route(Deployment deployment, Map<String, Live> versions, Limiter limiter) {
    private static final int PARTS = 10_000;

    Route {
        versions = Map.copyOf(versions);
    }

    /** The version that answers requests with that key; the same key always meets the same one. */
    @Nullable
    Live choose(String key) {
        Live production = deployment.production().map(versions::get).orElse(null);
        if (deployment.rollout() instanceof Rollout.Trial trial && !trial.isShadow()) {
            Live candidate = versions.get(trial.version());
            if (candidate != null && (production == null || part(key) < trial.percent() * PARTS / 100)) {
                return candidate;
            }
        }
        return production;
    }

    /** The version that is shown requests with that key, which another answers. */
    @Nullable
    Live shadow(String key) {
        return deployment.rollout() instanceof Rollout.Trial trial
                        && trial.isShadow()
                        && part(key) < trial.current().percent() * PARTS / 100
                ? versions.get(trial.version())
                : null;
    }

    /** The column whose value decides which version answers, while that is to be decided. */
    Optional<String> stickyBy() {
        return deployment.rollout() instanceof Rollout.Trial trial
                ? trial.plan().stickyBy()
                : Optional.empty();
    }

    /** Why that version does not answer, if it does not. */
    Optional<Halt> halt(Live live) {
        return deployment.halt().isPresent() && deployment.production().equals(Optional.of(live.version()))
                ? deployment.halt()
                : Optional.empty();
    }

    /** The version whose signature callers rely on. */
    Optional<Live> contract() {
        return deployment.answering(versions::containsKey).map(versions::get);
    }

    private int part(String key) {
        long hash = 0xCBF29CE484222325L;
        hash = mix(hash, deployment.name());
        hash = mix(hash, key);
        hash ^= hash >>> 33;
        hash *= 0xFF51AFD7ED558CCDL;
        hash ^= hash >>> 33;
        return (int) Long.remainderUnsigned(hash, PARTS);
    }

    private static long mix(long start, String text) {
        long hash = start;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
        }
        return hash * 31;
    }

    /** The same route for a changed deployment, without versions that it does not use any more. */
    Route change(Deployment changed, Map<String, Live> loaded) {
        Map<String, Live> kept = new HashMap<>();
        for (String version : used(changed)) {
            Live live = loaded.containsKey(version) ? loaded.get(version) : versions.get(version);
            if (live != null) {
                kept.put(version, live);
            }
        }
        return new Route(changed, kept, limiter);
    }

    static Set<String> used(Deployment deployment) {
        var used = new TreeSet<String>();
        deployment.production().ifPresent(used::add);
        deployment.previous().ifPresent(used::add);
        deployment.candidate().ifPresent(used::add);
        return used;
    }
}
