package org.millwright.web.ui;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Map;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.web.ErrorForm;
import org.millwright.web.Http;

/** Errors of pages: what happened, why, what to do next. */
public final class HtmlErrors implements ErrorForm {
    private static final List<String> NOT_PAGES =
            List.of("/api/", "/ajax-api/", "/v2", "/invocations", "/ping", "/get-artifact", "/metrics", "/static/");

    private final Ui ui;

    public HtmlErrors(Ui ui) {
        this.ui = ui;
    }

    @Override
    public boolean owns(String path) {
        return NOT_PAGES.stream().noneMatch(path::startsWith) && !path.endsWith("/invocations");
    }

    @Override
    public void write(ServerRequest request, ServerResponse response, Problem problem) {
        if (problem instanceof Problem.Unauthenticated) {
            if (isBrowser(request)) {
                String target = request.prologue().method().text().equals("GET")
                        ? request.path().rawPath()
                        : "/";
                Ui.redirect(response, "/sign-in?to=" + Links.segment(target));
                return;
            }
            response.header(HeaderNames.WWW_AUTHENTICATE, "Basic realm=\"millwright\"");
        }
        show(request, response, Http.status(problem), String.valueOf(problem.getMessage()), problem.next());
    }

    private static boolean isBrowser(ServerRequest request) {
        return request.headers()
                .first(HeaderNames.ACCEPT)
                .map(accept -> accept.contains("text/html"))
                .orElse(false);
    }

    @Override
    public JsonNode unreadable(String message) {
        return Json.object().put("error", message);
    }

    @Override
    public void fault(ServerRequest request, ServerResponse response, String id) {
        show(
                request,
                response,
                Status.INTERNAL_SERVER_ERROR_500,
                "Something failed in the server.",
                "Look for " + id + " in its log.");
    }

    private void show(ServerRequest request, ServerResponse response, Status status, String message, String next) {
        ui.page(
                request,
                response,
                status,
                "home/error.jte",
                status.reasonPhrase(),
                "",
                Map.of("status", status.code(), "message", message, "next", next));
    }
}
