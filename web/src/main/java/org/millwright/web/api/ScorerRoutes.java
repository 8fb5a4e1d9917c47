package org.millwright.web.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.millwright.intake.Report;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.monitor.Replicas;
import org.millwright.serving.Publications;
import org.millwright.serving.Pulls;
import org.millwright.serving.Routings;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/**
 * What scorers in applications and replicas need: a version's bundle unless they have it, where requests go, and a place for
 * what they counted and profiled.
 */
public final class ScorerRoutes implements Routes {
    private static final int PROFILE_LIMIT = 32 * 1024 * 1024;
    private static final int COUNTS_LIMIT = 16 * 1024 * 1024;
    private static final HeaderName VERSION = HeaderNames.create("x-mw-model-version");
    private static final HeaderName POINTER = HeaderNames.create("x-mw-pointer");
    private static final HeaderName NOSNIFF = HeaderNames.create("X-Content-Type-Options");
    private static final Set<String> FIELDS =
            Set.of("replica", "sequence", "version", "day", "rows", "last", "dropped", "profile", "segments");

    private final Pulls pulls;
    private final Publications publications;
    private final Routings routings;
    private final Replicas replicas;

    public ScorerRoutes(Pulls pulls, Publications publications, Routings routings, Replicas replicas) {
        this.pulls = pulls;
        this.publications = publications;
        this.routings = routings;
        this.replicas = replicas;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/api/1/models/{name}/aliases/{alias}/bundle", this::byAlias);
        routing.get("/api/1/models/{name}/versions/{version}/bundle", this::byVersion);
        routing.post("/api/1/models/{name}/publications", this::publish);
        routing.get("/api/1/deployments/{name}/profiles", this::segments);
        routing.post("/api/1/deployments/{name}/profiles", this::profile);
        routing.get("/api/1/scorers/routing", this::routing);
        routing.post("/api/1/scorers/counts", this::counts);
    }

    private void byAlias(ServerRequest request, ServerResponse response) {
        send(
                request,
                response,
                pulls.byAlias(Http.actor(request), Http.path(request, "name"), Http.path(request, "alias")));
    }

    private void byVersion(ServerRequest request, ServerResponse response) {
        send(
                request,
                response,
                pulls.byVersion(Http.actor(request), Http.path(request, "name"), Http.path(request, "version")));
    }

    private void publish(ServerRequest request, ServerResponse response) {
        ObjectNode body = Http.object(request, Http.JSON_LIMIT);
        publications.note(
                Http.actor(request),
                Http.path(request, "name"),
                text(body, "version"),
                text(body, "as"),
                text(body, "place"));
        response.status(Status.NO_CONTENT_204).send();
    }

    private static void send(ServerRequest request, ServerResponse response, Pulls.Pull pull) {
        if (Http.query(request, "new").equals(Optional.of("true"))) {
            pull.requireUnexpired();
        }
        String tag = "\"" + pull.archive() + "\"";
        response.header(HeaderNames.ETAG, tag);
        response.header(HeaderNames.CACHE_CONTROL, "private, no-cache");
        response.header(VERSION, pull.version());
        response.header(
                POINTER, Base64.getEncoder().encodeToString(pull.pointer().getBytes(StandardCharsets.UTF_8)));
        if (request.headers().first(HeaderNames.IF_NONE_MATCH).orElse("").contains(tag)) {
            response.status(Status.NOT_MODIFIED_304).send();
            return;
        }
        response.header(HeaderNames.CONTENT_TYPE, "application/zip");
        response.header(HeaderNames.CONTENT_DISPOSITION, "attachment; filename=bundle-" + pull.version() + ".zip");
        response.header(NOSNIFF, "nosniff");
        response.header(HeaderNames.CONTENT_LENGTH, Long.toString(pull.size()));
        try (InputStream in = pull.open();
                OutputStream out = response.outputStream()) {
            in.transferTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void routing(ServerRequest request, ServerResponse response) {
        byte[] body = Json.bytes(routings.of(Http.actor(request)).toJson());
        String tag = "\"" + Json.sha256(body) + "\"";
        response.header(HeaderNames.ETAG, tag);
        response.header(HeaderNames.CACHE_CONTROL, "private, no-cache");
        if (request.headers().first(HeaderNames.IF_NONE_MATCH).orElse("").contains(tag)) {
            response.status(Status.NOT_MODIFIED_304).send();
            return;
        }
        Http.bytes(response, Status.OK_200, "application/json", body);
    }

    private void counts(ServerRequest request, ServerResponse response) {
        Routings.Report report = Json.convert(Http.object(request, COUNTS_LIMIT), Routings.Report.class);
        Http.json(response, Json.object().put("added", routings.count(Http.actor(request), report)));
    }

    private void profile(ServerRequest request, ServerResponse response) {
        ObjectNode body = Http.object(request, PROFILE_LIMIT);
        body.fieldNames().forEachRemaining(name -> {
            if (!FIELDS.contains(name)) {
                throw new Problem.Invalid("Unknown field '" + name + "' (known: "
                        + String.join(", ", FIELDS.stream().sorted().toList()) + ")");
            }
        });
        var report = new Report(
                text(body, "replica"),
                number(body, "sequence"),
                text(body, "version"),
                number(body, "day"),
                number(body, "rows"),
                number(body, "last"),
                number(body, "dropped"),
                body.has("profile") ? Optional.of(text(body, "profile")) : Optional.empty(),
                sent(body.path("segments")));
        boolean added = replicas.receive(Http.actor(request), Http.path(request, "name"), report);
        Http.json(response, split(request).put("added", added));
    }

    private static List<Report.Segment> sent(JsonNode segments) {
        if (!segments.isMissingNode() && !segments.isArray()) {
            throw new Problem.Invalid("Field 'segments' is " + segments.getNodeType() + " (expected: a list)");
        }
        List<Report.Segment> sent = new ArrayList<>();
        segments.forEach(segment ->
                sent.add(new Report.Segment(text(segment, "name"), number(segment, "rows"), text(segment, "profile"))));
        return sent;
    }

    /** What a scorer splits its rows by. */
    private void segments(ServerRequest request, ServerResponse response) {
        Http.json(response, split(request));
    }

    private ObjectNode split(ServerRequest request) {
        ObjectNode body = Json.object();
        body.set("segments", Json.tree(replicas.segments(Http.actor(request), Http.path(request, "name"))));
        return body;
    }

    private static String text(JsonNode body, String field) {
        JsonNode node = body.path(field);
        if (!node.isTextual()) {
            throw new Problem.Invalid("Field '" + field + "' is " + node.getNodeType() + " (expected: a text)");
        }
        return node.textValue();
    }

    private static long number(JsonNode body, String field) {
        JsonNode node = body.path(field);
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw new Problem.Invalid("Field '" + field + "' is " + node.getNodeType() + " (expected: a whole number)");
        }
        return node.longValue();
    }
}
