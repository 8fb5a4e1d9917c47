package org.millwright.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Locale;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

/** Millwright's own form: {@code {"error": {"code", "message", "next"}}}; the form of last resort for every path. */
final class ApiErrors implements ErrorForm {
    @Override
    public boolean owns(String path) {
        return true;
    }

    @Override
    public void write(ServerRequest request, ServerResponse response, Problem problem) {
        if (problem instanceof Problem.Unauthenticated) {
            response.header(HeaderNames.WWW_AUTHENTICATE, "Basic realm=\"millwright\"");
        }
        String code = problem.getClass()
                .getSimpleName()
                .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                .toUpperCase(Locale.ROOT);
        send(response, Http.status(problem), code, String.valueOf(problem.getMessage()), problem.next());
    }

    @Override
    public JsonNode unreadable(String message) {
        return body("INVALID", message, "");
    }

    @Override
    public void fault(ServerRequest request, ServerResponse response, String id) {
        send(
                response,
                Status.INTERNAL_SERVER_ERROR_500,
                "INTERNAL",
                "Something failed in the server",
                "Look for " + id + " in the server's log.");
    }

    private static void send(ServerResponse response, Status status, String code, String message, String next) {
        Http.json(response, status, body(code, message, next));
    }

    private static JsonNode body(String code, String message, String next) {
        return Json.object()
                .set(
                        "error",
                        Json.object().put("code", code).put("message", message).put("next", next));
    }
}
