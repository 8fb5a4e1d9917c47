package org.millwright.insight;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What one project's events say about how it delivers; each item with its moment, so that any period can be counted. Times
 * are milliseconds since the epoch. What each word means is in docs/decisions/insight-definitions.md.
 *
 * @param promotions when a version went into production
 * @param retrainings when it was decided to train again
 * @param loops when work was sent back: a gate closed, a decision refused or lapsed, a release failed
 */
record Samples(
        Journey journey,
        Optional<Long> approved,
        List<Waiting> waits,
        List<Long> promotions,
        List<Outcome> releases,
        List<Incident> incidents,
        List<Long> retrainings,
        List<Gate> gates,
        List<Long> loops) {

    /** A release that came to an end, good or bad. */
    record Outcome(String release, long at, boolean failed) {}

    /** The first judgement of a gate about a subject. */
    record Gate(long at, boolean passed) {}

    static Samples of(Story story, long now) {
        List<Event> events = story.events();
        return new Samples(
                Journey.of(events, now),
                story.acted("project.approved").stream().findFirst().map(Event::at),
                Waiting.of(events),
                story.acted("deployment.promoted").stream().map(Event::at).toList(),
                releases(events),
                Incident.of(events),
                Stream.of("alert.retraining-decided", "deployment.retraining-decided")
                        .flatMap(action -> story.acted(action).stream())
                        .filter(event -> event.text("decision").equals("train"))
                        .map(Event::at)
                        .toList(),
                gates(story.acted("gate.judged")),
                events.stream().filter(Samples::isLoop).map(Event::at).toList());
    }

    private static boolean isLoop(Event event) {
        return event.is(
                        "approval.refused",
                        "approval.expired",
                        "approval.void",
                        "approval.sent-back",
                        "project.refused",
                        "project.sent-back",
                        "agreement.refused",
                        "release.failed",
                        "release.rolled-back")
                || event.is("gate.judged") && !event.details().path("passed").asBoolean();
    }

    /** Each release that reached production, failed or was rolled back counts once, at the first of these. */
    private static List<Outcome> releases(List<Event> events) {
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        Map<String, String> inProduction = new HashMap<>();
        for (Event event : events) {
            boolean bad = event.is("release.failed", "release.rolled-back");
            if (bad || event.is("release.production")) {
                String id = event.about("release").orElse("");
                Outcome before = outcomes.get(id);
                outcomes.put(
                        id,
                        new Outcome(
                                id,
                                before == null ? event.at() : before.at(),
                                bad || before != null && before.failed()));
                event.about("model").ifPresent(version -> inProduction.put(version, id));
            } else if (event.is("deployment.stopped")) {
                String version = event.about("model").map(Chronicle::name).orElse("") + "/" + event.text("production");
                Outcome stopped = outcomes.get(inProduction.getOrDefault(version, ""));
                if (stopped != null) {
                    outcomes.put(stopped.release(), new Outcome(stopped.release(), stopped.at(), true));
                }
            }
        }
        return List.copyOf(outcomes.values());
    }

    private static List<Gate> gates(List<Event> events) {
        Set<String> seen = new HashSet<>();
        var gates = new ArrayList<Gate>();
        for (Event event : events) {
            if (seen.add(event.subjects().getFirst())) {
                gates.add(new Gate(event.at(), event.details().path("passed").asBoolean()));
            }
        }
        return gates;
    }
}
