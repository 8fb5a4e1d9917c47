package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.millwright.app.simulation.Losses;
import org.millwright.app.simulation.Observed;
import org.millwright.app.simulation.Observed.Seen;

/** Keeps what a server's monitoring says in the course of a simulation, and when it said so first. */
final class SimulatedWatch {
    /** Follows the wall clock, not what is replayed. */
    private static final String CERTIFICATE = "certificate";

    private static final String INSUFFICIENT = "insufficient";

    private final Map<Long, Losses.Span> windows = new TreeMap<>();
    private final Map<String, Observed.Judged> judged = new LinkedHashMap<>();
    private final Map<String, Observed.Note> notes = new LinkedHashMap<>();
    private final Map<String, Observed.Raised> alerts = new LinkedHashMap<>();
    private final Map<String, Observed.Retrained> retrainings = new LinkedHashMap<>();
    private final List<Observed.Release> releases = new ArrayList<>();
    private final Map<String, Long> resolved = new HashMap<>();
    private final Set<Long> lossy = new HashSet<>();
    private String production = "";

    /** Reads what the deployment's monitoring says now. */
    void look(JsonNode overview, Seen seen) {
        overview.path("windows").forEach(period -> window(period, seen));
        overview.path("alerts").forEach(alert -> {
            if (!alert.path("clause").asText().equals(CERTIFICATE)) {
                String id = alert.path("id").asText();
                alerts.putIfAbsent(id, raised(alert, seen));
                if (alert.path("state").asText().equals("resolved")) {
                    resolved.putIfAbsent(id, seen.at());
                }
            }
        });
        overview.path("retrainings").forEach(decided -> {
            String key =
                    decided.path("alert").asText() + decided.path("dataEnd").asText();
            retrainings.computeIfAbsent(key, id -> retrained(decided, seen));
        });
    }

    /** Notes which version is in production; the first one is no release of the simulation's. */
    void production(String version, Seen seen) {
        if (!version.isEmpty() && !version.equals(production)) {
            if (!production.isEmpty()) {
                releases.add(new Observed.Release(version, seen));
            }
            production = version;
        }
    }

    int alerts() {
        return alerts.size();
    }

    int releases() {
        return releases.size();
    }

    private void window(JsonNode period, Seen seen) {
        if (!period.path("leading").asBoolean(true)) {
            return;
        }
        Losses.Span span = span(period);
        windows.put(span.start(), span);
        for (JsonNode said : period.path("judged")) {
            String key = said.path("clause").asText() + span.start();
            Observed.Judged before = judged.get(key);
            if (before == null || before.verdict().equals(INSUFFICIENT)) {
                Observed.Judged now = judged(span, said, seen);
                if (before == null || !now.verdict().equals(before.verdict())) {
                    judged.put(key, now);
                }
            }
        }
        if (period.path("closed").asBoolean()) {
            note(span, period.path("drift").path("columns"), seen);
        }
        confirm(span, period.path("performance"));
    }

    /** A measured loss: the whole interval of the metric is below its limit. */
    private void confirm(Losses.Span span, JsonNode performance) {
        Observed.Judged said = judged.get("performance" + span.start());
        if (said != null
                && performance.path(said.method()).path("high").asDouble(Double.POSITIVE_INFINITY) < said.threshold()) {
            lossy.add(span.start());
        }
    }

    private static Losses.Span span(JsonNode node) {
        return new Losses.Span(node.path("window").asText(), time(node, "start"), time(node, "end"));
    }

    private static long time(JsonNode node, String name) {
        String text = node.path(name).asText();
        return text.isEmpty() ? 0 : Instant.parse(text).toEpochMilli();
    }

    private static Observed.Judged judged(Losses.Span span, JsonNode said, Seen seen) {
        return new Observed.Judged(
                span,
                said.path("clause").asText(),
                said.path("verdict").asText(),
                said.path("version").asText(),
                said.path("method").asText(),
                said.path("value").asDouble(Double.NaN),
                said.path("threshold").asDouble(Double.NaN),
                said.path("n").asLong(),
                said.path("note").asText(),
                seen);
    }

    private void note(Losses.Span span, JsonNode columns, Seen seen) {
        var moved = new ArrayList<JsonNode>();
        columns.forEach(column -> {
            if (column.path("verdict").asText().matches("broken|at-risk")) {
                moved.add(column);
            }
        });
        moved.sort(Comparator.comparingDouble(column ->
                -column.path("value").asDouble() / column.path("alert").asDouble(1)));
        for (int i = 0; i < moved.size(); i++) {
            JsonNode column = moved.get(i);
            String name = column.path("name").asText();
            int rank = i + 1;
            notes.computeIfAbsent(
                    name + "|" + span.start(),
                    key -> new Observed.Note(
                            span,
                            name,
                            column.path("verdict").asText(),
                            column.path("method").asText(),
                            column.path("value").asDouble(Double.NaN),
                            rank,
                            seen));
        }
    }

    private static Observed.Raised raised(JsonNode alert, Seen seen) {
        return new Observed.Raised(
                alert.path("id").asText(),
                span(alert),
                alert.path("clause").asText(),
                alert.path("version").asText(),
                alert.path("method").asText(),
                alert.path("value").asDouble(Double.NaN),
                alert.path("threshold").asDouble(Double.NaN),
                alert.path("message").asText(),
                false,
                seen,
                Long.MAX_VALUE);
    }

    private static Observed.Retrained retrained(JsonNode decided, Seen seen) {
        return new Observed.Retrained(
                decided.path("alert").asText(),
                decided.path("decision").asText(),
                decided.path("reason").asText(),
                Optional.of(decided.path("run").asText()).filter(run -> !run.isEmpty()),
                "",
                "",
                seen);
    }

    List<Losses.Span> windows() {
        return List.copyOf(windows.values());
    }

    List<Observed.Judged> judged() {
        return List.copyOf(judged.values());
    }

    List<Observed.Note> notes() {
        return List.copyOf(notes.values());
    }

    /** Alerts, each with whether outcomes say that something was lost. */
    List<Observed.Raised> raised() {
        return alerts.values().stream()
                .map(alert -> new Observed.Raised(
                        alert.id(),
                        alert.window(),
                        alert.clause(),
                        alert.version(),
                        alert.method(),
                        alert.value(),
                        alert.threshold(),
                        alert.message(),
                        isConfirmed(alert),
                        alert.seen(),
                        resolved.getOrDefault(alert.id(), Long.MAX_VALUE)))
                .toList();
    }

    /** Its own window, or one after it before it was resolved, lost more than chance explains. */
    private boolean isConfirmed(Observed.Raised alert) {
        long over = resolved.getOrDefault(alert.id(), Long.MAX_VALUE);
        return lossy.stream().anyMatch(start -> start >= alert.window().start() && start < over);
    }

    /** Decisions, each with how its run ended. */
    List<Observed.Retrained> retrained(Client client) {
        return retrainings.values().stream()
                .map(one -> one.run().map(run -> ended(client, one, run)).orElse(one))
                .toList();
    }

    private static Observed.Retrained ended(Client client, Observed.Retrained one, String id) {
        JsonNode run = client.get("/api/1/runs/" + Client.part(id));
        String told = "";
        for (JsonNode step : run.path("steps")) {
            boolean refused = step.path("status").asText().matches("refused|failed");
            if (refused || step.path("kind").asText().equals("evaluate")) {
                told = refused
                        ? step.path("error").asText().lines().findFirst().orElse("")
                        : step.path("summary").asText();
            }
        }
        return new Observed.Retrained(
                one.alert(),
                one.decision(),
                one.reason(),
                one.run(),
                run.path("status").asText(),
                told,
                one.seen());
    }

    List<Observed.Release> released() {
        return List.copyOf(releases);
    }
}
