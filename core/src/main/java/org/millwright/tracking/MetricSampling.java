package org.millwright.tracking;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Chooses the steps that a thinned history shows. */
final class MetricSampling {
    private MetricSampling() {}

    /** At most {@code limit} of the ascending steps in the range, evenly spaced, and the last one. */
    static List<Long> thin(List<Long> steps, Optional<Long> from, Optional<Long> to, int limit) {
        List<Long> within = steps.stream()
                .filter(step -> from.isEmpty() || step >= from.get())
                .filter(step -> to.isEmpty() || step <= to.get())
                .toList();
        if (within.size() <= limit) {
            return within;
        }
        var chosen = new TreeSet<Long>();
        for (int i = 0; i < limit; i++) {
            chosen.add(within.get((int) ((long) i * within.size() / limit)));
        }
        chosen.add(within.getLast());
        return List.copyOf(chosen);
    }

    /** The chosen steps, and the first and last step in the range of each run. */
    static List<Long> withEnds(List<Long> chosen, Collection<List<Long>> own, Optional<Long> from, Optional<Long> to) {
        var all = new TreeSet<>(chosen);
        for (List<Long> steps : own) {
            List<Long> within = thin(steps, from, to, Integer.MAX_VALUE);
            if (!within.isEmpty()) {
                all.add(within.getFirst());
                all.add(within.getLast());
            }
        }
        return List.copyOf(all);
    }
}
