package org.millwright.insight;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A project's way from its request to its first version in production. Times are milliseconds.
 *
 * @param steps one for each milestone, in order; what they took adds up to {@code total}
 * @param total from the request to production, once there
 * @param waits what has been waited for since the last milestone; empty once in production or when it ended before
 */
public record Journey(List<Step> steps, Optional<Long> total, Optional<Wait> waits) {
    public Journey {
        steps = List.copyOf(steps);
    }

    /**
     * A milestone.
     *
     * @param reached moment of the first time
     * @param took since the milestone reached before
     * @param waitedFor who had to act for it
     */
    public record Step(Milestone milestone, Optional<Long> reached, Optional<Long> took, String waitedFor) {}

    /** What comes next, who is waited for, and since when. */
    public record Wait(Milestone next, String waitsFor, long since, long took) {}

    /** The moment the project reached production. */
    public Optional<Long> production() {
        return steps.getLast().reached();
    }

    /** @param events of one project, oldest first */
    static Journey of(List<Event> events, long now) {
        Map<Milestone, Long> first = new EnumMap<>(Milestone.class);
        boolean ended = false;
        for (Event event : events) {
            Milestone.of(event.action()).ifPresent(milestone -> first.putIfAbsent(milestone, event.at()));
            ended |= event.is("project.retired");
        }
        var steps = new ArrayList<Step>();
        Optional<Long> before = Optional.empty();
        Optional<Milestone> next = Optional.empty();
        for (Milestone milestone : Milestone.values()) {
            Optional<Long> reached = Optional.ofNullable(first.get(milestone));
            long since = before.orElse(Long.MIN_VALUE);
            // A milestone that was passed earlier than the one before it took no time of its own.
            Optional<Long> took = before.flatMap(then -> reached.map(at -> Math.max(0, at - then)));
            steps.add(new Step(milestone, reached, took, milestone.waitsFor()));
            if (reached.isPresent()) {
                before = Optional.of(Math.max(since, reached.get()));
                next = Optional.empty();
            } else if (next.isEmpty()) {
                next = Optional.of(milestone);
            }
        }
        Optional<Long> production = steps.getLast().reached();
        Optional<Long> requested = steps.getFirst().reached();
        Optional<Long> end = before;
        Optional<Long> total = production.flatMap(at -> requested.map(from -> end.orElse(at) - from));
        Optional<Milestone> open = production.isPresent() || ended ? Optional.empty() : next;
        Optional<Wait> waits = open.flatMap(milestone ->
                end.map(since -> new Wait(milestone, milestone.waitsFor(), since, Math.max(0, now - since))));
        return new Journey(steps, total, waits);
    }
}
