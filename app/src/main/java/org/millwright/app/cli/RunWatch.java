package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Shows the steps of a run until it has ended: a live tree on a terminal, a line for each ended step elsewhere. */
final class RunWatch {
    /** How long the server may keep the next answer back while nothing moves: on a terminal the clock ticks. */
    private static final Duration TURN = Duration.ofMillis(200);

    private static final Duration PLAIN_TURN = Duration.ofSeconds(1);
    private static final int NAME = 12;

    private final Client client;
    private final Screen screen;
    private final boolean logs;
    private final Set<String> told = new HashSet<>();
    private final Map<String, RunLog> open = new HashMap<>();

    RunWatch(Client client, Screen screen, boolean logs) {
        this.client = client;
        this.screen = screen;
        this.logs = logs;
    }

    /** The run as it was when it had ended. */
    JsonNode untilEnd(String id) {
        Duration turn = logs || screen.isTerminal() ? TURN : PLAIN_TURN;
        JsonNode run = client.get("/api/1/runs/" + id);
        while (run.path("status").asText().equals("running")) {
            show(run);
            run = client.get("/api/1/runs/" + id + "?wait=" + turn.toMillis() + "&seen="
                    + run.path("moves").asInt());
        }
        show(run);
        screen.settle();
        return run;
    }

    private void show(JsonNode run) {
        var live = new ArrayList<String>();
        for (JsonNode step : run.path("steps")) {
            String status = step.path("status").asText();
            follow(run, step, status);
            String key = step.path("id").asText() + "/" + step.path("attempt").asText();
            boolean waits = status.equals("waiting") || status.equals("running");
            if (waits) {
                live.add(line(step, status));
            } else if (told.add(key)) {
                screen.line(line(step, status));
                tail(step, status);
            }
        }
        screen.live(live);
    }

    private void follow(JsonNode run, JsonNode step, String status) {
        if (!logs || status.equals("waiting") || status.equals("reused")) {
            return;
        }
        String id = step.path("id").asText();
        open.computeIfAbsent(
                        id + "/" + step.path("attempt").asText(),
                        key -> new RunLog(client, run.path("id").asText(), id))
                .more(text -> screen.line("    " + screen.dim(id + " | " + text)));
    }

    private String line(JsonNode step, String status) {
        String id = step.path("id").asText();
        String name = id + " ".repeat(Math.max(0, NAME - id.length()));
        String text = "  " + mark(status) + " " + name + " ";
        String time = elapsed(step);
        return switch (status) {
            case "waiting" -> "  " + screen.dim("· " + name + " waiting");
            case "running" -> text + pad(time) + "  " + progress(step);
            case "reused" ->
                text + pad("") + "  "
                        + screen.dim("reused  " + step.path("summary").asText());
            case "succeeded" -> text + pad(time) + "  " + step.path("summary").asText();
            default ->
                text + pad(time) + "  " + status + ": " + step.path("error").asText();
        };
    }

    private String mark(String status) {
        return switch (status) {
            case "succeeded" -> screen.good("✓");
            case "reused" -> screen.good("↺");
            case "running" -> screen.busy("●");
            case "refused" -> screen.warn("⊘");
            default -> screen.bad("✗");
        };
    }

    private String progress(JsonNode step) {
        JsonNode progress = step.path("progress");
        if (progress.isMissingNode()) {
            return screen.dim("working");
        }
        double share = progress.path("share").asDouble();
        return screen.busy(Texts.bar(share, 16))
                + String.format(java.util.Locale.ROOT, " %3.0f %%  ", share * 100)
                + progress.path("text").asText();
    }

    private void tail(JsonNode step, String status) {
        if (status.equals("failed") && !logs) {
            List<String> lines = new ArrayList<>();
            step.path("tail").forEach(line -> lines.add(line.path("text").asText()));
            lines.forEach(line -> screen.line("      " + screen.dim(line)));
        }
    }

    private static String elapsed(JsonNode step) {
        if (!step.has("startedAt")) {
            return "";
        }
        long end = step.path("endedAt").asLong(System.currentTimeMillis());
        return Texts.duration(Duration.ofMillis(end - step.path("startedAt").asLong()));
    }

    private static String pad(String time) {
        return " ".repeat(Math.max(0, 9 - time.length())) + time;
    }
}
