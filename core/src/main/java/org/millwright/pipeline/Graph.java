package org.millwright.pipeline;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which step waits for which; pure. */
public record Graph(Map<String, List<String>> needs) {
    public Graph {
        needs = Collections.unmodifiableMap(new LinkedHashMap<>(needs));
    }

    public Set<String> steps() {
        return needs.keySet();
    }

    /** A path of steps that ends where it began, if there is one. */
    public Optional<List<String>> cycle() {
        var done = new LinkedHashSet<String>();
        for (String step : needs.keySet()) {
            Optional<List<String>> found = cycleFrom(step, new ArrayList<>(), done);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private Optional<List<String>> cycleFrom(String step, List<String> path, Set<String> done) {
        int seen = path.indexOf(step);
        if (seen >= 0) {
            var cycle = new ArrayList<>(path.subList(seen, path.size()));
            cycle.add(step);
            return Optional.of(cycle);
        }
        if (done.contains(step)) {
            return Optional.empty();
        }
        path.add(step);
        for (String need : needs.getOrDefault(step, List.of())) {
            Optional<List<String>> found = cycleFrom(need, path, done);
            if (found.isPresent()) {
                return found;
            }
        }
        path.removeLast();
        done.add(step);
        return Optional.empty();
    }

    /** Everything that must have run before the step. */
    public Set<String> upstream(String step) {
        var found = new LinkedHashSet<String>();
        collect(needs.getOrDefault(step, List.of()), found);
        return found;
    }

    private void collect(Collection<String> steps, Set<String> found) {
        for (String step : steps) {
            if (found.add(step)) {
                collect(needs.getOrDefault(step, List.of()), found);
            }
        }
    }

    /** The step and everything that waits for it, directly or not. */
    public Set<String> downstream(String step) {
        var found = new LinkedHashSet<String>();
        found.add(step);
        boolean grew = true;
        while (grew) {
            grew = false;
            for (var entry : needs.entrySet()) {
                if (!found.contains(entry.getKey()) && entry.getValue().stream().anyMatch(found::contains)) {
                    grew |= found.add(entry.getKey());
                }
            }
        }
        return found;
    }
}
