package org.millwright.insight;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A decision that was asked for. Times are milliseconds since the epoch.
 *
 * @param ref of the approval, project or agreement
 * @param asked id of who asked
 * @param until when it was decided or lapsed
 * @param outcome {@code waiting}, {@code approved}, {@code refused}, {@code expired} or {@code void}
 * @param by id of who decided
 * @param waitsFor whose decision it takes or took
 */
public record Waiting(
        String ref,
        String what,
        String asked,
        long from,
        Optional<Long> until,
        String outcome,
        Optional<String> by,
        String waitsFor) {
    private static final String APPROVER = "an approver other than the requester and the author";

    public boolean isOpen() {
        return until.isEmpty();
    }

    /** How long it waited, or waits at a moment. */
    public long took(long now) {
        return Math.max(0, until.orElse(now) - from);
    }

    /** Whether its time says something about how long people take: what changed meanwhile does not. */
    boolean counts() {
        return until.isPresent() && !outcome.equals("void");
    }

    /** All decisions asked for by events of one project, oldest first. */
    static List<Waiting> of(List<Event> events) {
        var open = new LinkedHashMap<String, Waiting>();
        var ended = new ArrayList<Waiting>();
        for (Event event : events) {
            switch (event.action()) {
                case "approval.requested" ->
                    event.about("approval").ifPresent(id -> {
                        String ref = "approval:" + id;
                        open.put(ref, asked(ref, title(event), event, APPROVER));
                    });
                case "approval.approved",
                        "approval.refused",
                        "approval.expired",
                        "approval.void",
                        "approval.sent-back" ->
                    event.about("approval").ifPresent(id -> end("approval:" + id, event, open, ended));
                case "project.requested", "project.change-requested" -> {
                    String ref = event.subjects().getFirst();
                    replace(ref, asked(ref, "Project file", event, APPROVER), event, open, ended);
                }
                case "project.approved", "project.refused", "project.sent-back" ->
                    end(event.subjects().getFirst(), event, open, ended);
                case "agreement.proposed" -> {
                    String ref = event.subjects().getFirst();
                    replace(ref, asked(ref, "Agreement", event, "both roles of the agreement"), event, open, ended);
                }
                case "agreement.in-force", "agreement.refused", "agreement.sent-back" ->
                    end(event.subjects().getFirst(), event, open, ended);
                default -> {
                    // asks nobody for anything
                }
            }
        }
        ended.addAll(open.values());
        ended.sort((a, b) -> Long.compare(a.from(), b.from()));
        return ended;
    }

    private static String title(Event event) {
        String title = event.text("title");
        return title.isEmpty() ? event.subjects().getFirst() : title;
    }

    private static Waiting asked(String ref, String what, Event event, String whom) {
        return new Waiting(ref, what, event.actor(), event.at(), Optional.empty(), "waiting", Optional.empty(), whom);
    }

    private static void replace(
            String ref, Waiting fresh, Event event, Map<String, Waiting> open, List<Waiting> ended) {
        Waiting before = open.put(ref, fresh);
        if (before != null) {
            ended.add(before.ended("void", event));
        }
    }

    private static void end(String ref, Event event, Map<String, Waiting> open, List<Waiting> ended) {
        Waiting waiting = open.remove(ref);
        if (waiting == null) {
            return;
        }
        String word = event.action().substring(event.action().indexOf('.') + 1);
        ended.add(waiting.ended(word.equals("in-force") ? "approved" : word, event));
    }

    private Waiting ended(String outcome, Event event) {
        return new Waiting(
                ref, what, asked, from, Optional.of(event.at()), outcome, Optional.of(event.actor()), waitsFor);
    }
}
