package org.millwright.web.oip;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.web.ErrorForm;
import org.millwright.web.Http;

/** MLflow's form: {@code {"error_code", "message"}}. */
public final class InvocationErrors implements ErrorForm {
    @Override
    public boolean owns(String path) {
        return path.equals("/invocations")
                || path.equals("/ping")
                || (path.startsWith("/deployments/") && path.endsWith("/invocations"));
    }

    @Override
    public void write(ServerRequest request, ServerResponse response, Problem problem) {
        String code = switch (problem) {
            case Problem.Invalid p -> "BAD_REQUEST";
            case Problem.NotFound p -> "RESOURCE_DOES_NOT_EXIST";
            case Problem.Unauthenticated p -> "UNAUTHENTICATED";
            case Problem.Denied p -> "PERMISSION_DENIED";
            case Problem.TooLarge p -> "REQUEST_LIMIT_EXCEEDED";
            case Problem.Unavailable p -> "TEMPORARILY_UNAVAILABLE";
            case Problem.Busy p -> "TEMPORARILY_UNAVAILABLE";
            default -> "INVALID_STATE";
        };
        send(response, Http.status(problem), code, String.valueOf(problem.getMessage()));
    }

    @Override
    public JsonNode unreadable(String message) {
        return Json.object().put("error_code", "BAD_REQUEST").put("message", message);
    }

    @Override
    public void fault(ServerRequest request, ServerResponse response, String id) {
        String message = "The model or the server failed; the server's log has the details under " + id;
        send(response, Status.INTERNAL_SERVER_ERROR_500, "INTERNAL_ERROR", message);
    }

    private static void send(ServerResponse response, Status status, String code, String message) {
        Http.json(response, status, Json.object().put("error_code", code).put("message", message));
    }
}
