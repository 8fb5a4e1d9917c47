package org.millwright.insight;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The events of one project up to a moment, oldest first, found by what they did and what they are about. */
final class Story {
    static final Story NONE = new Story(List.of());

    private final List<Event> events;
    private @Nullable Map<String, List<Event>> acted;
    private @Nullable Map<String, List<Event>> about;
    private @Nullable List<Spans.Span> spans;

    /** @param events that never change again */
    Story(List<Event> events) {
        this.events = events;
    }

    List<Event> events() {
        return events;
    }

    /** What it was up to a moment; itself when nothing is younger. */
    Story until(long at) {
        int younger = 0;
        int end = 0;
        for (Event event : events) {
            younger += event.at() > at ? 1 : 0;
            end += younger == 0 ? 1 : 0;
        }
        if (younger == 0) {
            return this;
        }
        // Otherwise a clock was set back.
        return end + younger == events.size()
                ? new Story(events.subList(0, end))
                : new Story(events.stream().filter(event -> event.at() <= at).toList());
    }

    /** The events of an action. */
    synchronized List<Event> acted(String action) {
        if (acted == null) {
            Map<String, List<Event>> found = new HashMap<>();
            for (Event event : events) {
                found.computeIfAbsent(event.action(), key -> new ArrayList<>()).add(event);
            }
            acted = found;
        }
        return acted.getOrDefault(action, Collections.emptyList());
    }

    /** The events that name an asset, such as {@code model:delays/3}; not for the project itself, which all may name. */
    synchronized List<Event> about(String subject) {
        if (about == null) {
            Map<String, List<Event>> found = new HashMap<>();
            for (Event event : events) {
                for (String each : event.subjects()) {
                    if (!each.startsWith("project:")) {
                        found.computeIfAbsent(each, key -> new ArrayList<>(4)).add(event);
                    }
                }
            }
            about = found;
        }
        return about.getOrDefault(subject, Collections.emptyList());
    }

    /** The first event of an action about an asset. */
    Optional<Event> first(String subject, String... actions) {
        for (Event event : about(subject)) {
            if (event.is(actions)) {
                return Optional.of(event);
            }
        }
        return Optional.empty();
    }

    /** Which versions answered at which deployment in which time. */
    synchronized List<Spans.Span> spans() {
        if (spans == null) {
            spans = List.copyOf(Spans.of(events));
        }
        return spans;
    }
}
