package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

/** Waits until a server has done all that follows from what it was told: reactions, runs, approvals, staging. */
final class SimulatedReactions {
    private static final Duration PATIENCE = Duration.ofMinutes(20);
    private static final Duration REACTION = Duration.ofMinutes(2);
    private static final Duration TURN = Duration.ofMillis(20);
    private static final Pattern WAITING = Pattern.compile("(?m)^millwright_outbox_waiting (\\d+)");
    private static final String RUNNING = "running";

    private final Client client;
    private final String project;
    private final String deployment;
    private final Optional<Client> approver;
    private final Consumer<String> doing;
    private final Set<String> stuck = new HashSet<>();
    private final List<String> problems = new ArrayList<>();
    private boolean metrics = true;

    /** @param approver who approves releases; empty when nobody of the simulation does */
    SimulatedReactions(
            Client client, String project, String deployment, Optional<Client> approver, Consumer<String> doing) {
        this.client = client;
        this.project = project;
        this.deployment = deployment;
        this.approver = approver;
        this.doing = doing;
    }

    /** What did not go as it should, in words. */
    List<String> problems() {
        return problems;
    }

    /** Returns when nothing follows any more. */
    void settle() {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < until) {
            awaitOutbox();
            if (!awaitRun() && !approve() && !isMoving()) {
                return;
            }
        }
        throw new Problem.Unavailable(
                "The server did not finish what follows within " + Texts.duration(PATIENCE),
                "mw run list shows what it works on.");
    }

    /** No reaction takes that long; a server that says otherwise does not say what it waits for. */
    private void awaitOutbox() {
        long until = System.nanoTime() + REACTION.toNanos();
        while (metrics && System.nanoTime() < until) {
            Matcher waiting;
            try {
                waiting = WAITING.matcher(client.text("/metrics"));
            } catch (Problem.Denied | Problem.NotFound e) {
                metrics = false;
                return;
            }
            if (!waiting.find() || waiting.group(1).equals("0")) {
                return;
            }
            LockSupport.parkNanos(TURN.toNanos());
        }
    }

    private boolean awaitRun() {
        for (JsonNode listed : client.get("/api/1/runs?limit=20&project=" + Client.part(project))
                .path("runs")) {
            if (listed.path("status").asText().equals(RUNNING)) {
                String id = listed.path("id").asText();
                doing.accept("retraining");
                JsonNode run = client.get("/api/1/runs/" + id);
                while (run.path("status").asText().equals(RUNNING)) {
                    run = client.get("/api/1/runs/" + id + "?wait=1000&seen="
                            + run.path("moves").asInt());
                }
                return true;
            }
        }
        return false;
    }

    private boolean approve() {
        if (approver.isEmpty()) {
            return false;
        }
        boolean any = false;
        for (JsonNode item : approver.get().get("/api/1/inbox").path("items")) {
            String ref = item.path("ref").asText();
            if (ref.startsWith("release:")
                    && item.path("project").asText(project).equals(project)
                    && !stuck.contains(ref)) {
                any |= approve(approver.get(), ref);
            }
        }
        return any;
    }

    private boolean approve(Client who, String ref) {
        try {
            doing.accept("approving");
            who.post(
                    "/api/1/decisions",
                    Json.object().put("ref", ref).put("granted", true).put("reason", "A simulation"));
            return true;
        } catch (Problem.Denied | Problem.Conflict | Problem.Refused e) {
            stuck.add(ref);
            problems.add(ref + " was not approved: " + e.getMessage());
            return false;
        }
    }

    /** Whether an approved version is on its way to its first requests; a release that failed is told. */
    private boolean isMoving() {
        boolean moving = false;
        for (JsonNode release : client.get("/api/1/releases").path("releases")) {
            if (!release.path("deployment").asText().equals(deployment)) {
                continue;
            }
            String state = release.path("state").asText();
            String ref = release.path("ref").asText();
            moving |= state.equals("approved");
            if ((state.equals("failed") || state.equals("rolled_back")) && stuck.add(ref)) {
                problems.add("Version " + release.path("version").asText() + " did not get into production: "
                        + release.path("note").asText());
            }
        }
        if (moving) {
            LockSupport.parkNanos(TURN.toNanos());
        }
        return moving;
    }

    /** The deployment as it is; nothing in it before its first version came. */
    static JsonNode deployment(Client client, String name) {
        try {
            return client.get("/api/1/deployments/" + Client.part(name));
        } catch (Problem.NotFound e) {
            return Json.object();
        }
    }
}
