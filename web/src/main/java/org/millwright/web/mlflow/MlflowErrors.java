package org.millwright.web.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.web.ErrorForm;
import org.millwright.web.Http;

/** MLflow's form: {@code {"error_code", "message"}}. No mistake of a caller is a 5xx, which clients would repeat. */
public final class MlflowErrors implements ErrorForm {
    private static final Status FULL = Status.create(507, "Insufficient Storage");
    private static final Status NOT_IMPLEMENTED = Status.NOT_IMPLEMENTED_501;

    @Override
    public boolean owns(String path) {
        return path.startsWith("/api/2.0/mlflow")
                || path.startsWith("/api/3.0/mlflow")
                || path.contains("/ajax-api/")
                || path.endsWith("/get-artifact")
                || path.endsWith("/graphql");
    }

    @Override
    public void write(ServerRequest request, ServerResponse response, Problem problem) {
        String message = String.valueOf(problem.getMessage());
        switch (problem) {
            case Problem.Unauthenticated p -> {
                response.header(HeaderNames.WWW_AUTHENTICATE, "Basic realm=\"mlflow\"");
                send(response, Status.UNAUTHORIZED_401, "UNAUTHENTICATED", with(message, "You are not authenticated."));
            }
            case Problem.Denied p -> send(response, Status.FORBIDDEN_403, "PERMISSION_DENIED", line(problem));
            case Problem.Refused p -> send(response, Status.FORBIDDEN_403, "PERMISSION_DENIED", line(problem));
            case Problem.NotFound p -> send(response, Status.NOT_FOUND_404, "RESOURCE_DOES_NOT_EXIST", message);
            case Problem.Conflict p -> send(response, Status.BAD_REQUEST_400, "RESOURCE_ALREADY_EXISTS", message);
            case Problem.TooLarge p ->
                send(response, Status.REQUEST_ENTITY_TOO_LARGE_413, "INVALID_PARAMETER_VALUE", line(problem));
            // Not 429 or 503, which clients would repeat for minutes with the whole file.
            case Problem.Full p -> send(response, FULL, "RESOURCE_EXHAUSTED", line(problem));
            case Problem.Unavailable p ->
                send(response, Status.SERVICE_UNAVAILABLE_503, "TEMPORARILY_UNAVAILABLE", line(problem));
            default -> send(response, Status.BAD_REQUEST_400, "INVALID_PARAMETER_VALUE", message);
        }
    }

    @Override
    public JsonNode unreadable(String message) {
        return Json.object().put("error_code", "INVALID_PARAMETER_VALUE").put("message", message);
    }

    @Override
    public void fault(ServerRequest request, ServerResponse response, String id) {
        send(
                response,
                Status.INTERNAL_SERVER_ERROR_500,
                "INTERNAL_ERROR",
                "Something failed in the server. Look for " + id + " in its log.");
    }

    /** Nothing is at the path. */
    static void unknownPath(ServerResponse response, String path) {
        send(response, Status.NOT_FOUND_404, "ENDPOINT_NOT_FOUND", "No endpoint at " + path);
    }

    /** Something is at the path, for other methods. */
    static void wrongMethod(ServerResponse response, String path, String allowed) {
        response.header(HeaderNames.ALLOW, allowed);
        send(
                response,
                Status.METHOD_NOT_ALLOWED_405,
                "ENDPOINT_NOT_FOUND",
                "Method not allowed at " + path + " (expected: " + allowed + ")");
    }

    /** The path belongs to a part of MLflow that this server does not have. */
    static void notImplemented(ServerResponse response, String what) {
        send(response, NOT_IMPLEMENTED, "NOT_IMPLEMENTED", what);
    }

    private static void send(ServerResponse response, Status status, String code, String message) {
        Http.json(response, status, Json.object().put("error_code", code).put("message", message));
    }

    private static String line(Problem problem) {
        return (problem.getMessage() + " " + problem.next()).strip();
    }

    private static String with(String message, String phrase) {
        return message.contains(phrase) ? message : phrase + " " + message;
    }
}
