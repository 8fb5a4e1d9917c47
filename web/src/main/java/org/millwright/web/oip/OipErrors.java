package org.millwright.web.oip;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.web.ErrorForm;
import org.millwright.web.Http;

/** The protocol's form: {@code {"error": "…"}}; 404 for an unknown model, 400 for what does not fit. */
public final class OipErrors implements ErrorForm {
    @Override
    public boolean owns(String path) {
        return path.equals("/v2") || path.startsWith("/v2/");
    }

    @Override
    public void write(ServerRequest request, ServerResponse response, Problem problem) {
        Http.json(response, Http.status(problem), Json.object().put("error", String.valueOf(problem.getMessage())));
    }

    @Override
    public JsonNode unreadable(String message) {
        return Json.object().put("error", message);
    }

    @Override
    public void fault(ServerRequest request, ServerResponse response, String id) {
        String message = "the model or the server failed; the server's log has the details under " + id;
        Http.json(response, Status.INTERNAL_SERVER_ERROR_500, Json.object().put("error", message));
    }
}
