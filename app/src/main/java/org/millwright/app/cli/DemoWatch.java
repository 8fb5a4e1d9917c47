package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.millwright.kernel.Json;

/** Stations 11 and 12: months arrive as live requests, the agreement is watched, and what breaks it is trained again. */
final class DemoWatch {
    private static final String DEPLOYMENT = DemoSetUp.PROJECT;
    private static final List<String> UNTIL_ALERT = List.of("2013-08", "2013-09", "2013-10");
    private static final List<String> AFTER = List.of("2013-11", "2013-12");

    private JsonNode alert = Json.object();

    List<DemoStation> stations() {
        return List.of(
                new DemoStation(11, "Score and watch: August to October, month by month", this::watch),
                new DemoStation(12, "Retrain: the alert starts it, people decide on it", this::retrain),
                new DemoStation(11, "Score and watch on: November and December", this::watchOn));
    }

    private String watch(DemoShell shell) {
        UNTIL_ALERT.forEach(month -> replay(shell, month));
        alert = DemoRelease.waitFor("an alert about performance", () -> {
            for (JsonNode raised : shell.look("alert list")) {
                if (raised.path("clause").asText().equals("performance")) {
                    return raised;
                }
            }
            return null;
        });
        shell.expect(Exit.OK, "alert list");
        return "alert: " + alert.path("message").asText();
    }

    /** Lets a month arrive, unless it was judged in an earlier run of the demo. */
    private static void replay(DemoShell shell, String month) {
        JsonNode known = judged(shell, month);
        if (known.isEmpty()) {
            shell.run("run acquire --from " + month + " --to " + month + " --as ana");
            shell.run("run replay --month " + month + " --as ana");
            JsonNode sent = shell.ok("replay --as departures-board");
            shell.screen()
                    .line("     " + sent.path("requests").asText() + " requests, "
                            + sent.path("rate").asText() + ", p99 "
                            + sent.path("p99").asText() + ", answered by version "
                            + sent.path("versions").asText() + "; "
                            + sent.path("labels").asText() + " outcomes");
            known = DemoRelease.waitFor("the verdict on " + month, () -> {
                JsonNode found = judged(shell, month);
                return found.isEmpty() ? null : found;
            });
        }
        for (JsonNode verdict : known) {
            shell.screen().line("     " + line(shell.screen(), verdict));
        }
    }

    /** What was said of a month's performance and drift. */
    private static JsonNode judged(DemoShell shell, String month) {
        var found = Json.array();
        DemoShell.Result shown = shell.quiet("monitor show " + DEPLOYMENT);
        for (JsonNode judgement : MonitorCommand.verdicts(shown.ok() ? shown.json() : Json.object())) {
            if (judgement.path("window").asText().equals(month)
                    && judgement.path("leading").asBoolean(true)) {
                found.add(judgement);
            }
        }
        return found;
    }

    private static String line(Screen screen, JsonNode verdict) {
        String said = verdict.path("verdict").asText();
        double value = verdict.path("value").asDouble(Double.NaN);
        String text = String.format(
                Locale.ROOT,
                "%s  %-11s %s %s (limit %.3g), n %s, version %s: %s",
                verdict.path("window").asText(),
                verdict.path("clause").asText(),
                verdict.path("method").asText(),
                Double.isNaN(value) ? "not known yet" : String.format(Locale.ROOT, "%.3f", value),
                verdict.path("threshold").asDouble(Double.NaN),
                verdict.path("n").asText(),
                verdict.path("version").asText(),
                said);
        return said.equals("broken") ? screen.bad(text) : text;
    }

    private String retrain(DemoShell shell) {
        String cause = "alert:" + alert.path("id").asText();
        JsonNode started = DemoRelease.waitFor("a run that the alert started", () -> {
            for (JsonNode run : shell.look("run list --pipeline train --limit 100")) {
                if (run.path("cause").asText().equals(cause)) {
                    return run;
                }
            }
            return null;
        });
        shell.screen()
                .line("     " + cause + " started run "
                        + Texts.brief(started.path("id").asText()) + " " + started.path("parameters") + " by "
                        + started.path("startedBy").asText());
        JsonNode run = shell.run("run watch " + Texts.brief(started.path("id").asText()));
        var told = new ArrayList<String>();
        for (JsonNode step : run.path("steps")) {
            if (List.of("evaluate", "gate").contains(step.path("id").asText())) {
                told.add(step.path("summary").asText());
            }
        }
        String before =
                shell.look("deployment show " + DEPLOYMENT).path("production").asText();
        if (judged(shell, AFTER.getFirst()).isEmpty()) {
            shell.run("run acquire --from 2013-11 --to 2013-11 --as ana");
            shell.run("run replay --month 2013-11 --as ana");
        }
        String released = DemoRelease.release(shell, "replay --rows 1600 --as departures-board --without-labels");
        return String.join("; ", told) + "; " + released + " (was " + before + "; back by mw rollback)";
    }

    private String watchOn(DemoShell shell) {
        AFTER.forEach(month -> replay(shell, month));
        for (String month : AFTER) {
            for (JsonNode verdict : judged(shell, month)) {
                if (verdict.path("clause").asText().equals("performance")
                        && verdict.path("verdict").asText().equals("broken")) {
                    throw new DemoFailed("the new version does not keep the agreement in " + month);
                }
            }
        }
        return "the new version keeps what was agreed";
    }
}
