package org.millwright.serving;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.WeakHashMap;
import java.util.stream.Collectors;
import org.millwright.kernel.Problem;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.Model;
import org.millwright.scoring.ModelFailure;
import org.millwright.scoring.bundle.Unfit;
import org.millwright.scoring.signing.Untrusted;

/**
 * Puts into force what a server routes, in a process without deployments of its own. One thread at a time; requests go on
 * meanwhile.
 */
public final class Follower {
    private final Scorer scorer;
    private final Clock clock;
    private final Map<String, Routing.Routed> inForce = new TreeMap<>();
    private final Map<Live, Counts.Counted> told = new WeakHashMap<>();

    public Follower(Scorer scorer, Clock clock) {
        this.scorer = scorer;
        this.clock = clock;
    }

    /** Loads a version's model; throws a {@link Problem}, or what the scoring library throws, when it may not answer. */
    public interface Loading {
        Model load(Routing.Routed routed, String version);
    }

    /**
     * What a routing led to.
     *
     * @param inForce the deployments as requests meet them
     * @param faults why versions do not answer, by DEPLOYMENT/VERSION
     */
    public record Followed(List<Routing.Routed> inForce, Map<String, String> faults) {
        public Followed {
            inForce = List.copyOf(inForce);
            faults = Map.copyOf(faults);
        }
    }

    /** Routes requests as told. A deployment whose version in production does not load stays as it is. */
    public Followed follow(Routing routing, Loading loading) {
        var faults = new TreeMap<String, String>();
        for (Routing.Routed routed : routing.deployments()) {
            follow(routed, loading, faults);
        }
        Set<String> names = routing.deployments().stream()
                .map(routed -> routed.deployment().name())
                .collect(Collectors.toSet());
        scorer.routes().retain(names);
        inForce.keySet().retainAll(names);
        scorer.routes().loaded();
        return new Followed(List.copyOf(inForce.values()), faults);
    }

    private void follow(Routing.Routed next, Loading loading, Map<String, String> faults) {
        String name = next.deployment().name();
        Optional<Routing.Routed> before = Optional.ofNullable(inForce.get(name));
        Optional<Route> route = scorer.find(name);
        if (before.equals(Optional.of(next)) && route.isPresent() && isComplete(next, route.get())) {
            return;
        }
        var fresh = new HashMap<String, Live>();
        next.bundles().forEach((version, archive) -> {
            boolean there = before.map(known -> archive.equals(known.bundles().get(version)))
                            .orElse(false)
                    && route.map(known -> known.versions().containsKey(version)).orElse(false);
            if (!there) {
                load(next, version, loading, faults).ifPresent(live -> fresh.put(version, live));
            }
        });
        Route base = route.orElseGet(() -> new Route(next.deployment(), Map.of(), new Limiter(next.limits())));
        Route after = base.change(next.deployment(), fresh);
        if (route.isPresent() && !answers(after) && answers(route.get())) {
            fresh.values().forEach(Live::retire);
            return;
        }
        after.limiter().set(next.limits());
        scorer.routes().put(after);
        inForce.put(name, next);
    }

    private static boolean isComplete(Routing.Routed routed, Route route) {
        return route.versions().keySet().containsAll(routed.bundles().keySet());
    }

    /** Whether the version that most requests fall to is loaded. */
    private static boolean answers(Route route) {
        return route.deployment()
                .production()
                .or(route.deployment()::candidate)
                .map(route.versions()::containsKey)
                .orElse(true);
    }

    private Optional<Live> load(Routing.Routed routed, String version, Loading loading, Map<String, String> faults) {
        try {
            return Optional.of(new Live(version, loading.load(routed, version), new Traffic(clock)));
        } catch (Problem | Untrusted | Unfit | ModelFailure | InvalidInput | java.io.UncheckedIOException e) {
            faults.put(routed.deployment().name() + "/" + version, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** What was answered since the last call, for {@link Routings#count}. */
    public List<Routings.Entry> counted() {
        var entries = new ArrayList<Routings.Entry>();
        for (String name : scorer.names()) {
            scorer.find(name)
                    .ifPresent(route -> route.versions().forEach((version, live) -> {
                        Counts.Counted now = live.traffic().total().counted();
                        Counts.Counted since = now.minus(told.getOrDefault(live, Counts.Counted.NOTHING));
                        told.put(live, now);
                        if (!since.isNothing()) {
                            entries.add(new Routings.Entry(name, version, Routings.step(route.deployment()), since));
                        }
                    }));
        }
        return entries;
    }

    /** Ends the use of every version as soon as its last request is answered. */
    public void close() {
        scorer.clear();
    }
}
