package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/** Stations 9 and 10: approval, staging, canary, production; then a month in a batch. */
final class DemoRelease {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private DemoRelease() {}

    static List<DemoStation> stations() {
        return List.of(
                new DemoStation(9, "Approve and deploy", DemoRelease::deploy),
                new DemoStation(10, "Batch inference: July", DemoRelease::batch));
    }

    private static String deploy(DemoShell shell) {
        shell.run("run acquire --from 2013-07 --to 2013-07 --as ana");
        shell.run("run replay --month 2013-07 --as ana");
        return release(shell, "replay --rows 300 --without-labels --as departures-board");
    }

    /** Approves what waits, sends live requests until the canary has taken over, and tells it. */
    static String release(DemoShell shell, String requests) {
        String before = production(shell);
        JsonNode items = shell.ok("inbox --as ben");
        String ref = "";
        for (JsonNode item : items) {
            if (item.path("ref").asText().startsWith("release:")) {
                ref = item.path("ref").asText();
            }
        }
        if (!ref.isEmpty()) {
            shell.ok("approve " + ref + " --as ben --reason 'Better than what we have, and both runtimes agree'");
        }
        boolean approved = !ref.isEmpty();
        JsonNode deployment = waitFor("the canary", () -> {
            JsonNode now = deployment(shell);
            String production = now.path("production").asText();
            boolean settled = !production.isEmpty() && !now.has("staged") && (!approved || !production.equals(before));
            return now.has("canary") || settled ? now : null;
        });
        if (!deployment.has("canary")) {
            return "version " + deployment.path("production").asText() + " serves all requests since an earlier run";
        }
        String version = deployment.path("canary").path("version").asText();
        JsonNode sent = shell.ok(requests);
        JsonNode after = waitFor("the promotion of version " + version, () -> {
            JsonNode now = shell.look("deployment show " + DemoSetUp.PROJECT);
            return now.path("production").asText().equals(version) && !now.has("canary") ? now : null;
        });
        String traffic = deployment.has("production")
                ? deployment.path("canary").path("percent").asText() + " % of the requests"
                : "as the first";
        return "ben approved; version " + version + " passed its smoke test, was tried as a canary (" + traffic + ", "
                + sent.path("requests").asText() + " sent, "
                + sent.path("failed").asText() + " failed) and serves since "
                + Texts.time(after.path("changedAt").asLong());
    }

    /** The deployment as it is; nothing in it before its first version came. */
    private static JsonNode deployment(DemoShell shell) {
        DemoShell.Result shown = shell.quiet("deployment show " + DemoSetUp.PROJECT);
        return shown.ok() ? shown.json() : org.millwright.kernel.Json.object();
    }

    private static String production(DemoShell shell) {
        return deployment(shell).path("production").asText();
    }

    /** Looks again and again until there is something. */
    static <T> T waitFor(String what, Supplier<@org.jspecify.annotations.Nullable T> look) {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < until) {
            T found = look.get();
            if (found != null) {
                return found;
            }
            java.util.concurrent.locks.LockSupport.parkNanos(
                    Duration.ofMillis(25).toNanos());
        }
        throw new DemoFailed(what + " did not come within " + Texts.duration(PATIENCE));
    }

    private static String batch(DemoShell shell) {
        JsonNode run = shell.run("run score --month 2013-07 --as ana");
        for (JsonNode step : run.path("steps")) {
            if (step.path("kind").asText().equals("batch-score")) {
                return step.path("summary").asText() + ", the version stamped on every row";
            }
        }
        throw new DemoFailed("the run has no step of kind batch-score");
    }
}
