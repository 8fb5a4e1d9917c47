package org.millwright.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.Function;
import org.millwright.identity.Actor;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

/** Reading requests and writing answers, the same way in every adapter. */
public final class Http {
    /** Bytes of a JSON body that are read unless a route says otherwise. */
    public static final int JSON_LIMIT = 16 * 1024 * 1024;

    /** Which pages may show an answer inside themselves. */
    public static final HeaderName FRAMES = HeaderNames.create("X-Frame-Options");

    private static final HeaderName NOSNIFF = HeaderNames.create("X-Content-Type-Options");

    private Http() {}

    /** Who calls, as the server's filter found out. */
    public static Actor actor(ServerRequest request) {
        return request.context()
                .get(Actor.class)
                .orElseThrow(() -> new Problem.Unauthenticated("No credentials were sent"));
    }

    /** The whole body, at most {@code limit} bytes. */
    public static byte[] body(ServerRequest request, int limit) {
        long announced = request.headers().contentLength().orElse(0);
        if (announced > limit) {
            throw tooLarge(limit);
        }
        if (!request.content().hasEntity()) {
            return new byte[0];
        }
        try (InputStream in = stream(request)) {
            byte[] bytes = in.readNBytes(announced > 0 ? (int) announced : limit + 1);
            if (bytes.length > limit) {
                throw tooLarge(limit);
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How many bytes the body has, at most {@code limit}; the limit when nobody says. */
    public static long announced(ServerRequest request, int limit) {
        return Math.min(limit, request.headers().contentLength().orElse(limit));
    }

    /** The body as it comes; {@link Problem.Invalid} when it does not come whole. */
    public static InputStream stream(ServerRequest request) {
        return request.content().hasEntity() ? new Incoming(request) : InputStream.nullInputStream();
    }

    /** The body as a JSON object. */
    public static ObjectNode object(ServerRequest request) {
        return object(request, JSON_LIMIT);
    }

    public static ObjectNode object(ServerRequest request, int limit) {
        JsonNode node = tree(request, limit);
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new Problem.Invalid("The body is a JSON " + node.getNodeType() + " (expected: an object)");
    }

    /** The body as JSON whose texts are Unicode without NUL: every database can keep them. */
    public static JsonNode tree(ServerRequest request, int limit) {
        JsonNode node = Json.parse(body(request, limit));
        requireText(node);
        return node;
    }

    private static void requireText(JsonNode node) {
        if (node.isTextual()) {
            requireText(node.textValue());
        } else if (node.isContainerNode()) {
            node.fieldNames().forEachRemaining(Http::requireText);
            node.forEach(Http::requireText);
        }
    }

    private static void requireText(String text) {
        if (!Json.isText(text)) {
            throw new Problem.Invalid("The body holds a text with a NUL or half a surrogate pair");
        }
    }

    public static Optional<String> query(ServerRequest request, String name) {
        return request.query().first(name).asOptional();
    }

    /** A whole number in the query within bounds. */
    public static int query(ServerRequest request, String name, int fallback, int max) {
        String text = query(request, name).orElse(Integer.toString(fallback));
        try {
            int value = Integer.parseInt(text);
            if (value < 0 || value > max) {
                throw new Problem.Invalid(name + ": " + value + " (expected: 0 to " + max + ")");
            }
            return value;
        } catch (NumberFormatException e) {
            throw new Problem.Invalid(name + ": '" + text + "' (expected: a whole number)");
        }
    }

    /** Name and port under which the caller knows this server. */
    public static String host(ServerRequest request) {
        return request.headers().first(HeaderNames.HOST).orElse("localhost:5000");
    }

    /** A decoded path parameter. */
    public static String path(ServerRequest request, String name) {
        return request.path().pathParameters().get(name);
    }

    public static void json(ServerResponse response, Object value) {
        json(response, Status.OK_200, value);
    }

    public static void json(ServerResponse response, Status status, Object value) {
        bytes(response, status, "application/json", Json.bytes(value));
    }

    public static void bytes(ServerResponse response, Status status, String type, byte[] body) {
        response.status(status);
        response.header(HeaderNames.CONTENT_TYPE, type);
        response.header(NOSNIFF, "nosniff");
        response.send(body);
    }

    /** The status that says the same as the problem. */
    public static Status status(Problem problem) {
        return switch (problem) {
            case Problem.Invalid p -> Status.BAD_REQUEST_400;
            case Problem.Unauthenticated p -> Status.UNAUTHORIZED_401;
            case Problem.Denied p -> Status.FORBIDDEN_403;
            case Problem.NotFound p -> Status.NOT_FOUND_404;
            case Problem.Conflict p -> Status.CONFLICT_409;
            case Problem.Refused p -> Status.create(422);
            case Problem.TooLarge p -> Status.REQUEST_ENTITY_TOO_LARGE_413;
            case Problem.Full p -> Status.create(507);
            case Problem.Unavailable p -> Status.SERVICE_UNAVAILABLE_503;
            case Problem.Busy p -> Status.SERVICE_UNAVAILABLE_503;
            default -> Status.INTERNAL_SERVER_ERROR_500;
        };
    }

    /** Answers a request whose method an address does not take, in the address's own form. */
    public static void postOnly(ServerRequest request, ServerResponse response, Function<String, JsonNode> form) {
        response.header(HeaderNames.ALLOW, "POST");
        String method = request.prologue().method().text();
        json(
                response,
                Status.METHOD_NOT_ALLOWED_405,
                form.apply(method + " is no method of " + request.path().path() + " (expected: POST with the rows)"));
    }

    private static Problem.TooLarge tooLarge(int limit) {
        return new Problem.TooLarge("The body is larger than " + limit + " bytes", "Send it in parts.");
    }
}
