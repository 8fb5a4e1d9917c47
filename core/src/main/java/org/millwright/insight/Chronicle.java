package org.millwright.insight;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Json;
import org.millwright.ledger.Entry;
import org.millwright.ledger.Ledger;

/**
 * What of the ledger insights are made of, read by action once, and later only what is new. Volumes such as logged runs and
 * judged windows are not among it, so a long ledger is no long chronicle.
 */
public final class Chronicle {
    static final List<String> ACTIONS = List.of(
            "project.requested",
            "project.change-requested",
            "project.approved",
            "project.refused",
            "project.paused",
            "project.resumed",
            "project.retired",
            "project.reviewed",
            "project.sent-back",
            "source.kept",
            "source.pushed",
            "environment.locked",
            "environment.built",
            "dataset.version-accepted",
            "dataset.version-quarantined",
            "pipeline-run.started",
            "pipeline-run.ended",
            "gate.judged",
            "model.registered",
            "model.adopted",
            "model.version-registered",
            "model.bundled",
            "model.hand-off-checked",
            "model.version-certified",
            "model.version-recertified",
            "model.published",
            "model.alias-set",
            "model.reproduced",
            "certificate.revoked",
            "approval.requested",
            "approval.approved",
            "approval.refused",
            "approval.expired",
            "approval.void",
            "approval.sent-back",
            "agreement.proposed",
            "agreement.in-force",
            "agreement.refused",
            "agreement.sent-back",
            "release.requested",
            "release.approved",
            "release.refused",
            "release.staged",
            "release.canary",
            "release.production",
            "release.failed",
            "release.rolled-back",
            "deployment.staged",
            "deployment.canary-started",
            "deployment.step-passed",
            "deployment.promoted",
            "deployment.rolled-back",
            "deployment.canary-abandoned",
            "deployment.stopped",
            "deployment.resumed",
            "deployment.retraining-decided",
            "alert.raised",
            "alert.acknowledged",
            "alert.resolved",
            "alert.retraining-decided");

    private static final Set<String> KEPT = Set.of(
            "agreed",
            "alone",
            "blocking",
            "cause",
            "clause",
            "commit",
            "contract",
            "decision",
            "deployment",
            "dirty",
            "due",
            "from",
            "passed",
            "percent",
            "pipeline",
            "production",
            "quiet",
            "reason",
            "replaced",
            "requestedBy",
            "root",
            "run",
            "status",
            "title",
            "verdict",
            "version");
    private static final int PAGE = 5_000;
    private static final int TOGETHER = 50_000;

    private final Ledger ledger;
    private final Grown all = new Grown();
    private final Map<String, Grown> projects = new HashMap<>();
    private final Map<String, Story> stories = new HashMap<>();
    /** The project that was last named beside a model. */
    private final Map<String, String> owners = new HashMap<>();
    /** Models with events that name no project. */
    private final Set<String> unnamed = new HashSet<>();

    private final Map<Object, Object> same = new HashMap<>();
    private long next;
    /** Events that stand with their projects. */
    private int placed;

    public Chronicle(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Everything up to now, oldest first. */
    synchronized List<Event> all() {
        catchUp();
        return all.view();
    }

    /**
     * What is new since the last time is read; called now and then, so that no page has to wait for much of it. Events belong to
     * the project that they name, else to the one that another names beside their model; those of no project are under "".
     */
    public synchronized void catchUp() {
        long size = ledger.size();
        while (next < size) {
            long end = Math.min(size, next + TOGETHER);
            read(next, end);
            next = end;
        }
        if (placed < all.size()) {
            same.clear();
            place(all.view());
        }
    }

    private void place(List<Event> events) {
        boolean moved = false;
        for (Event event : events.subList(placed, events.size())) {
            moved |= owns(event);
        }
        if (moved) {
            projects.clear();
            stories.clear();
            placed = 0;
        }
        for (Event event : events.subList(placed, events.size())) {
            String project = project(event);
            projects.computeIfAbsent(project, key -> new Grown()).add(event);
            stories.remove(project);
        }
        placed = events.size();
    }

    /** Notes whose model it is; tells whether events that were put elsewhere belong to another project by it. */
    private boolean owns(Event event) {
        Optional<String> model = event.about("model").map(Chronicle::name);
        if (model.isEmpty()) {
            return false;
        }
        Optional<String> project = event.about("project");
        if (project.isEmpty()) {
            unnamed.add(model.get());
            return false;
        }
        return !project.get().equals(owners.put(model.get(), project.get())) && unnamed.contains(model.get());
    }

    private String project(Event event) {
        return event.about("project")
                .or(() -> event.about("model").map(model -> owners.getOrDefault(name(model), "")))
                .orElse("");
    }

    /** What happened in each project up to now; it stays as it is when more happens. */
    synchronized Map<String, Story> stories() {
        catchUp();
        projects.forEach((name, events) -> stories.computeIfAbsent(name, key -> new Story(events.view())));
        return Map.copyOf(stories);
    }

    /** Whether anything is recorded about an asset. */
    boolean knows(String ref) {
        return !ledger.about(ref, 0, Long.MAX_VALUE, Set.of(), 1).isEmpty();
    }

    /** Events that only become more; what was seen of them once does not change. */
    private static final class Grown {
        private @Nullable Event[] items = new Event[16];
        private int size;
        private List<Event> seen = List.of();

        void add(Event event) {
            if (size == items.length) {
                items = Arrays.copyOf(items, size * 2);
            }
            items[size++] = event;
        }

        int size() {
            return size;
        }

        @SuppressWarnings("NullAway") // Those before size are there.
        List<Event> view() {
            if (seen.size() < size) {
                seen = Collections.unmodifiableList(Arrays.asList(items).subList(0, size));
            }
            return seen;
        }
    }

    private void read(long from, long before) {
        var fresh = new TreeMap<Long, Event>();
        for (String action : ACTIONS) {
            long at = from;
            List<Entry> page;
            do {
                page = ledger.acted(action, at, before, PAGE);
                page.forEach(entry -> fresh.put(entry.index(), event(entry)));
                at = page.isEmpty() ? before : page.getLast().index() + 1;
            } while (page.size() == PAGE);
        }
        fresh.values().forEach(all::add);
    }

    private Event event(Entry entry) {
        ObjectNode details = Json.object();
        entry.details().properties().forEach(field -> {
            if (KEPT.contains(field.getKey())) {
                details.set(field.getKey(), field.getValue());
            }
        });
        if (entry.action().equals("gate.judged")) {
            details.put("compares", compares(entry.details().path("verdicts")));
        }
        return new Event(
                entry.at(),
                once(entry.actor()),
                once(entry.action()),
                entry.subjects().stream().map(this::once).toList(),
                once(details));
    }

    /** An equal one that was met before: of what is said again and again one is enough. */
    @SuppressWarnings("unchecked")
    private <T> T once(T value) {
        return (T) same.computeIfAbsent(value, key -> key);
    }

    /** Whether a rule of the gate holds the candidate against something else than a number. */
    private static boolean compares(JsonNode verdicts) {
        for (JsonNode verdict : verdicts) {
            String check = verdict.path("check").asText();
            if (check.contains("champion") || check.contains("baseline")) {
                return true;
            }
        }
        return false;
    }

    /** The model of a version such as {@code flights/3}; a model's own name is returned as it is. */
    static String name(String model) {
        int slash = model.lastIndexOf('/');
        int digits = model.length() - slash - 1;
        if (slash <= 0 || digits < 1 || digits > 9) {
            return model;
        }
        for (int i = slash + 1; i < model.length(); i++) {
            if (model.charAt(i) < '0' || model.charAt(i) > '9') {
                return model;
            }
        }
        return model.substring(0, slash);
    }
}
