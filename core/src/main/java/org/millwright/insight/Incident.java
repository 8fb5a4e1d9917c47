package org.millwright.insight;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.millwright.alert.Clause;

/**
 * A time in which a deployment did not keep what was promised: from the first alert or stop to the next good state.
 *
 * @param from milliseconds since the epoch, as {@code until}, which is empty while it goes on
 * @param cause the alert that was raised first, or the deployment that was stopped
 */
record Incident(String deployment, String cause, long from, Optional<Long> until) {

    /** Those in the events of one project, oldest first; alerts of a deployment that overlap are one incident. */
    static List<Incident> of(List<Event> events) {
        Map<String, Open> open = new LinkedHashMap<>();
        var ended = new ArrayList<Incident>();
        for (Event event : events) {
            Optional<String> about = event.about("deployment");
            if (about.isEmpty()) {
                continue;
            }
            String deployment = about.get();
            String subject = event.subjects().getFirst();
            if (isBreach(event) || event.is("deployment.stopped")) {
                open.computeIfAbsent(deployment, name -> new Open(subject, event.at()))
                        .reasons
                        .add(subject);
            } else if (event.is("alert.resolved")) {
                Open known = open.get(deployment);
                if (known != null && known.reasons.remove(subject) && known.reasons.isEmpty()) {
                    end(deployment, event.at(), open, ended);
                }
            } else if (event.is("deployment.promoted", "deployment.rolled-back", "deployment.resumed")) {
                end(deployment, event.at(), open, ended);
            }
        }
        open.forEach((name, known) -> ended.add(new Incident(name, known.cause, known.from, Optional.empty())));
        ended.sort((a, b) -> Long.compare(a.from(), b.from()));
        return ended;
    }

    private static void end(String deployment, long at, Map<String, Open> open, List<Incident> ended) {
        Open known = open.remove(deployment);
        if (known != null) {
            ended.add(new Incident(deployment, known.cause, known.from, Optional.of(at)));
        }
    }

    /** An incident that goes on, and what is wrong. */
    private static final class Open {
        final String cause;
        final long from;
        final Set<String> reasons = new LinkedHashSet<>();

        Open(String cause, long from) {
            this.cause = cause;
            this.from = from;
        }
    }

    /** Whether an alert tells of production: notes and reminders of what somebody has to decide do not. */
    private static boolean isBreach(Event event) {
        return event.is("alert.raised")
                && !event.details().path("quiet").asBoolean()
                && !event.details().path("clause").asText().startsWith(Clause.Kind.DECISION.text() + ":");
    }
}
