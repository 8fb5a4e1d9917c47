package org.millwright.web.ui;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import org.millwright.kernel.Problem;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** Style sheet, scripts and icon out of the jars; only these names, so no path leads elsewhere. */
public final class Assets implements Routes {
    private static final String HTMX = "META-INF/resources/webjars/htmx.org/2.0.8/dist/htmx.min.js";
    private static final String UPLOT = "META-INF/resources/webjars/uplot/1.6.30/dist/";
    private static final Map<String, String> FILES = Map.of(
            "mw.css", "static/mw.css",
            "mw.js", "static/mw.js",
            "theme.js", "static/theme.js",
            "icon.svg", "static/icon.svg",
            "runs.js", "static/runs.js",
            "curves.js", "static/curves.js",
            "htmx.min.js", HTMX,
            "uplot.min.js", UPLOT + "uPlot.iife.min.js",
            "uplot.min.css", UPLOT + "uPlot.min.css");
    private static final Map<String, String> TYPES =
            Map.of("css", "text/css; charset=utf-8", "js", "text/javascript; charset=utf-8", "svg", "image/svg+xml");

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/static/{name}", (request, response) -> {
            String name = Http.path(request, "name");
            String resource = FILES.get(name);
            if (resource == null) {
                throw new Problem.NotFound("No asset is named " + name);
            }
            response.header(HeaderNames.CACHE_CONTROL, "public, max-age=300");
            Http.bytes(
                    response,
                    Status.OK_200,
                    TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), ""),
                    read(resource));
        });
        routing.get("/favicon.ico", (request, response) -> {
            response.status(Status.SEE_OTHER_303);
            response.header(HeaderNames.LOCATION, "/static/icon.svg");
            response.send();
        });
    }

    private static byte[] read(String resource) {
        try (InputStream in = Assets.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("Missing resource " + resource);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
