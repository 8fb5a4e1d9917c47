package org.millwright.insight;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    private final Ledger ledger;
    private List<Event> known = List.of();
    private long next;

    public Chronicle(Ledger ledger) {
        this.ledger = ledger;
    }

    /** Everything up to now, oldest first. */
    synchronized List<Event> all() {
        long size = ledger.size();
        if (size > next) {
            var fresh = new ArrayList<Entry>();
            ACTIONS.forEach(action -> fresh.addAll(read(action, next, size)));
            fresh.sort((a, b) -> Long.compare(a.index(), b.index()));
            var all = new ArrayList<Event>(known.size() + fresh.size());
            all.addAll(known);
            fresh.forEach(entry -> all.add(event(entry)));
            known = List.copyOf(all);
            next = size;
        }
        return known;
    }

    /** What had happened by a moment. */
    List<Event> until(long at) {
        return all().stream().filter(event -> event.at() <= at).toList();
    }

    private List<Entry> read(String action, long from, long before) {
        var found = new ArrayList<Entry>();
        long at = from;
        List<Entry> page;
        do {
            page = ledger.acted(action, at, before, PAGE);
            found.addAll(page);
            at = page.isEmpty() ? before : page.getLast().index() + 1;
        } while (page.size() == PAGE);
        return found;
    }

    private static Event event(Entry entry) {
        ObjectNode details = Json.object();
        entry.details().properties().forEach(field -> {
            if (KEPT.contains(field.getKey())) {
                details.set(field.getKey(), field.getValue());
            }
        });
        if (entry.action().equals("gate.judged")) {
            details.put("compares", compares(entry.details().path("verdicts")));
        }
        return new Event(entry.at(), entry.actor(), entry.action(), entry.subjects(), details);
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

    /**
     * Events by the project that they belong to, each oldest first; those of no project are under "". A model's events
     * belong to the project that some event names beside it.
     */
    static Map<String, List<Event>> byProject(List<Event> events) {
        var owners = new HashMap<String, String>();
        for (Event event : events) {
            event.about("project")
                    .ifPresent(project -> event.about("model").ifPresent(model -> owners.put(name(model), project)));
        }
        var projects = new HashMap<String, List<Event>>();
        for (Event event : events) {
            String project = event.about("project")
                    .or(() -> event.about("model").map(model -> owners.getOrDefault(name(model), "")))
                    .orElse("");
            projects.computeIfAbsent(project, key -> new ArrayList<>()).add(event);
        }
        return projects;
    }

    /** The model of a version such as {@code flights/3}; a model's own name is returned as it is. */
    static String name(String model) {
        int slash = model.lastIndexOf('/');
        boolean version = slash > 0 && model.substring(slash + 1).matches("[0-9]{1,9}");
        return version ? model.substring(0, slash) : model;
    }
}
