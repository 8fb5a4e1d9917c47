package org.millwright.serving;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Problem;
import org.millwright.scoring.InvalidInput;

/** The routes in force, by deployment: read by every request without a lock, changed by one thread at a time. */
final class RouteTable {
    private final AtomicReference<Map<String, Route>> routes = new AtomicReference<>(Map.of());
    private volatile boolean loaded;

    Map<String, Route> all() {
        return routes.get();
    }

    @Nullable
    Route find(String deployment) {
        return routes.get().get(deployment);
    }

    /** The deployment's route; {@link Problem.Unavailable} when it may still come, else {@link Problem.NotFound}. */
    Route require(String deployment) {
        Route route = find(deployment);
        if (route == null && !loaded) {
            throw new Problem.Unavailable("Deployments are still being loaded", "Send the request again in a second.");
        }
        if (route == null) {
            throw absent(deployment);
        }
        return route;
    }

    /** What is said of a deployment that is not there, or of which the caller may not know. */
    static Problem.NotFound absent(String deployment) {
        return new Problem.NotFound("No deployment named '" + InvalidInput.shorten(deployment) + "'");
    }

    /** Everything that was deployed before this start is routed: what is not there now does not exist. */
    void loaded() {
        loaded = true;
    }

    /** Whether {@link #loaded()} was said. */
    boolean isLoaded() {
        return loaded;
    }

    /** Puts a route in force and retires versions that are in no route any more. */
    void put(Route route) {
        Map<String, Route> before = routes.get();
        var after = new HashMap<>(before);
        after.put(route.deployment().name(), route);
        routes.set(Map.copyOf(after));
        Route old = before.get(route.deployment().name());
        if (old != null) {
            old.versions().forEach((version, live) -> {
                if (route.versions().get(version) != live) {
                    live.retire();
                }
            });
        }
    }

    /** Takes routes out of force that have none of these names, and retires their versions. */
    void retain(Set<String> names) {
        Map<String, Route> before = routes.get();
        var after = new HashMap<>(before);
        after.keySet().retainAll(names);
        routes.set(Map.copyOf(after));
        before.forEach((name, route) -> {
            if (!names.contains(name)) {
                route.versions().values().forEach(Live::retire);
            }
        });
    }
}
