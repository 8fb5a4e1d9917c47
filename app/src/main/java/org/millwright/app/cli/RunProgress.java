package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.millwright.kernel.Problem;

/** Shows how a run goes: redrawn lines on a terminal, one line per finished step otherwise. */
final class RunProgress {
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final PrintWriter err;
    private final boolean live;
    private final Map<String, String> shown = new HashMap<>();
    private int drawn;

    RunProgress(PrintWriter err) {
        this(err, isTerminal());
    }

    RunProgress(PrintWriter err, boolean live) {
        this.err = err;
        this.live = live;
    }

    static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal() && !"dumb".equals(System.getenv("TERM"));
    }

    /** Asks again and again until the run has ended; returns its last state. */
    JsonNode follow(Supplier<JsonNode> ask) {
        try {
            while (true) {
                JsonNode run = ask.get();
                boolean ended =
                        run.has("endedAt") && !run.path("status").asText().equals("running");
                show(run);
                if (ended) {
                    end(run);
                    return run;
                }
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem.Unavailable("Interrupted; the run goes on", "mw run watch RUN");
        }
    }

    private void show(JsonNode run) {
        if (live) {
            redraw(run);
        } else {
            run.path("steps").forEach(this::plain);
        }
        err.flush();
    }

    private void plain(JsonNode step) {
        String id = step.path("id").asText();
        String status = step.path("status").asText();
        if (!status.equals("waiting") && !status.equals(shown.put(id, status))) {
            err.println(line(step));
        }
    }

    private void redraw(JsonNode run) {
        if (drawn > 0) {
            err.print("\033[" + drawn + "A");
        }
        drawn = 0;
        int done = 0;
        for (JsonNode step : run.path("steps")) {
            err.print("\033[2K" + line(step) + "\n");
            drawn++;
            String status = step.path("status").asText();
            done += status.equals("succeeded") || status.equals("reused") ? 1 : 0;
        }
        long elapsed = run.path("endedAt").asLong(System.currentTimeMillis())
                - run.path("createdAt").asLong();
        err.print("\033[2K" + done + "/" + run.path("steps").size() + " steps, " + seconds(elapsed) + "\n");
        drawn++;
    }

    private static String line(JsonNode step) {
        String status = step.path("status").asText();
        long from = step.path("startedAt").asLong();
        String took = from == 0 ? "" : seconds(step.path("endedAt").asLong(System.currentTimeMillis()) - from);
        String text = status.equals("running")
                ? step.path("progress").path("text").asText("")
                : step.path("error").asText("").isEmpty()
                        ? step.path("summary").asText("")
                        : step.path("error").asText();
        String line = String.format(
                "%s %-12s %-9s %8s  %s", sign(status), step.path("id").asText(), status, took, text);
        return line.length() > 160 ? line.substring(0, 159) + "…" : line;
    }

    private static String sign(String status) {
        return switch (status) {
            case "succeeded" -> "✓";
            case "reused" -> "=";
            case "running" -> "▸";
            case "failed", "refused", "lost", "cancelled" -> "✗";
            default -> "·";
        };
    }

    private static String seconds(long millis) {
        return millis < 60_000
                ? String.format(java.util.Locale.ROOT, "%.1f s", millis / 1000.0)
                : String.format("%d:%02d min", millis / 60_000, millis / 1000 % 60);
    }

    /** What a reader needs when the run did not succeed: the error in full and the log's end. */
    private void end(JsonNode run) {
        for (JsonNode step : run.path("steps")) {
            String error = step.path("error").asText("");
            boolean failed = step.path("status").asText().matches("failed|refused");
            if (failed && !error.isEmpty()) {
                err.println();
                err.println(step.path("id").asText() + ": " + error);
                step.path("tail")
                        .forEach(
                                line -> err.println("    | " + line.path("text").asText()));
                err.println("    mw run logs " + run.path("id").asText() + " "
                        + step.path("id").asText() + " shows all of it; mw resume "
                        + run.path("id").asText() + " goes on from there.");
            }
        }
        err.flush();
    }
}
