package org.millwright.web.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.pipeline.PipelineRun;
import org.millwright.pipeline.PipelineRuns;
import org.millwright.pipeline.Source;
import org.millwright.pipeline.Sources;
import org.millwright.pipeline.StepAttempt;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** Project folders that are sent, runs of their pipelines, logs and explanations. */
public final class PipelineRoutes implements Routes {
    private static final int ARCHIVE_LIMIT = 72 << 20;
    private static final int TAIL = 20;
    private static final int LONGEST_WAIT = 10_000;

    private final PipelineRuns runs;
    private final Sources sources;
    private final Users users;

    public PipelineRoutes(PipelineRuns runs, Sources sources, Users users) {
        this.runs = runs;
        this.sources = sources;
        this.users = users;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.put("/api/1/projects/{name}/sources", this::source);
        routing.post("/api/1/runs", this::start);
        routing.get("/api/1/runs", this::list);
        routing.get("/api/1/runs/{id}", this::show);
        routing.post("/api/1/runs/{id}/resume", this::resume);
        routing.post("/api/1/runs/{id}/cancel", this::cancel);
        routing.get("/api/1/runs/{id}/steps/{step}/log", this::log);
        routing.get("/api/1/runs/{id}/steps/{step}/explain", this::explain);
        routing.get("/api/1/runs/{id}/steps/{step}/outputs/{output}", this::output);
    }

    private void source(ServerRequest request, ServerResponse response) {
        byte[] zip = Http.body(request, ARCHIVE_LIMIT);
        Source source = sources.put(
                Http.actor(request),
                Http.path(request, "name"),
                new ByteArrayInputStream(zip),
                Http.query(request, "commit").orElse(""),
                Http.query(request, "dirty").orElse("false").equals("true"));
        var pipelines = runs.check(source.id()).pipelines().keySet();
        if (Http.query(request, "push").orElse("false").equals("true")) {
            sources.push(Http.actor(request), source.id());
        }
        ObjectNode json = Json.object()
                .put("id", source.id())
                .put("manifest", source.manifest())
                .put("commit", source.commit())
                .put("dirty", source.dirty())
                .put("files", source.files())
                .put("bytes", source.bytes());
        json.set("pipelines", Json.tree(pipelines));
        Http.json(response, Status.CREATED_201, json);
    }

    private void start(ServerRequest request, ServerResponse response) {
        Body body = Body.of(request, "project", "pipeline", "parameters", "source", "fresh");
        PipelineRun run = runs.start(
                Http.actor(request),
                new PipelineRuns.Request(
                        body.text("project"),
                        body.text("pipeline"),
                        body.map("parameters"),
                        body.text("source"),
                        body.flag("fresh", false),
                        ""));
        Http.json(response, Status.CREATED_201, run(run));
    }

    private void list(ServerRequest request, ServerResponse response) {
        Actor actor = Http.actor(request);
        var all = Json.array();
        runs
                .list(
                        Http.query(request, "project"),
                        Http.query(request, "pipeline"),
                        Http.query(request, "limit", 50, 1_000))
                .stream()
                .filter(run -> users.access().allows(actor, Permission.READ, Optional.of(run.project())))
                .forEach(run -> all.add(run(run)));
        Http.json(response, Json.object().set("runs", all));
    }

    /** A run as it is; with {@code seen} and {@code wait} as it is when it has moved, or that many milliseconds later. */
    private void show(ServerRequest request, ServerResponse response) {
        String id = readable(request).id();
        Http.query(request, "seen")
                .ifPresent(seen -> runs.awaitMove(
                        id,
                        Http.query(request, "seen", 0, Integer.MAX_VALUE),
                        Duration.ofMillis(Http.query(request, "wait", 0, LONGEST_WAIT))));
        int moves = runs.moves(id);
        PipelineRun run = runs.get(id);
        ObjectNode json = run(run).put("moves", moves);
        Source source = runs.source(run);
        json.putObject("source")
                .put("id", source.id())
                .put("commit", source.commit())
                .put("dirty", source.dirty());
        var steps = json.putArray("steps");
        runs.newest(run.id()).values().forEach(attempt -> steps.add(step(run, attempt)));
        Http.json(response, json);
    }

    private void resume(ServerRequest request, ServerResponse response) {
        Body body = Body.of(request, "from");
        Http.json(response, run(runs.resume(Http.actor(request), id(request), body.find("from"))));
    }

    private void cancel(ServerRequest request, ServerResponse response) {
        Body body = Body.of(request, "reason");
        Http.json(response, run(runs.cancel(Http.actor(request), id(request), body.text("reason", ""))));
    }

    private void log(ServerRequest request, ServerResponse response) {
        PipelineRun run = readable(request);
        String step = Http.path(request, "step");
        int attempt = Http.query(
                request, "attempt", newest(run, step).map(StepAttempt::attempt).orElse(1), 10_000);
        var part = runs.log(run.id(), step, attempt, offset(request));
        ObjectNode json = Json.object().put("attempt", attempt).put("next", part.next());
        json.set("lines", Json.tree(part.lines()));
        Http.json(response, json);
    }

    private static long offset(ServerRequest request) {
        String text = Http.query(request, "offset").orElse("0");
        try {
            return Math.max(0, Long.parseLong(text));
        } catch (NumberFormatException e) {
            throw new Problem.Invalid("offset: '" + text + "' (expected: a whole number)");
        }
    }

    private Optional<StepAttempt> newest(PipelineRun run, String step) {
        return Optional.ofNullable(runs.newest(run.id()).get(step));
    }

    private void explain(ServerRequest request, ServerResponse response) {
        PipelineRun run = readable(request);
        var why = runs.explain(run.id(), Http.path(request, "step"));
        ObjectNode json = Json.object()
                .put("step", why.attempt().step())
                .put("status", why.attempt().status().text())
                .put("key", why.attempt().cacheKey().orElse(""))
                .put("reusedFrom", why.attempt().reusedFrom().orElse(""))
                .put("comparedWith", why.nearest().map(StepAttempt::ref).orElse(""));
        json.set("differences", Json.tree(why.differences()));
        json.set("parts", Json.tree(why.attempt().keyParts()));
        Http.json(response, json);
    }

    /** The bytes of an output that is one file. */
    private void output(ServerRequest request, ServerResponse response) {
        PipelineRun run = readable(request);
        Path file = runs.file(run.id(), Http.path(request, "step"), Http.path(request, "output"));
        response.header(HeaderNames.CONTENT_TYPE, "application/octet-stream");
        response.header(HeaderNames.CONTENT_LENGTH, Long.toString(file.toFile().length()));
        try (OutputStream out = response.outputStream()) {
            Files.copy(file, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String id(ServerRequest request) {
        return Http.path(request, "id");
    }

    private PipelineRun readable(ServerRequest request) {
        PipelineRun run = runs.get(id(request));
        users.access().require(Http.actor(request), Permission.READ, run.project());
        return run;
    }

    private ObjectNode run(PipelineRun run) {
        ObjectNode json = Json.object()
                .put("id", run.id())
                .put("project", run.project())
                .put("pipeline", run.pipeline())
                .put("status", run.status().text());
        json.set("parameters", Json.tree(run.parameters()));
        json.put("startedBy", users.nameOf(run.startedBy()))
                .put("cause", run.cause())
                .put("fresh", run.fresh())
                .put("error", run.error())
                .put("createdAt", run.createdAt());
        run.endedAt().ifPresent(at -> json.put("endedAt", at));
        return json;
    }

    private ObjectNode step(PipelineRun run, StepAttempt attempt) {
        ObjectNode json = Json.object()
                .put("id", attempt.step())
                .put("kind", attempt.kind())
                .put("status", attempt.status().text())
                .put("attempt", attempt.attempt());
        attempt.trackingRun().ifPresent(tracking -> json.put("trackingRun", tracking));
        attempt.reusedFrom().ifPresent(from -> json.put("reusedFrom", from));
        attempt.startedAt().ifPresent(at -> json.put("startedAt", at));
        attempt.endedAt().ifPresent(at -> json.put("endedAt", at));
        json.put("error", attempt.error()).put("summary", attempt.summary());
        runs.progress(run.id(), attempt.step())
                .ifPresent(progress -> json.putObject("progress")
                        .put("share", progress.share())
                        .put("text", progress.text()));
        json.set("outputs", Json.tree(attempt.outputs()));
        if (!attempt.error().isEmpty()) {
            json.set("tail", Json.tree(runs.tail(run.id(), attempt.step(), attempt.attempt(), TAIL)));
        }
        return json;
    }
}
