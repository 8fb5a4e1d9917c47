package org.millwright.web.api;

import io.helidon.webserver.http.HttpRouting;
import java.net.URI;
import org.millwright.kernel.Problem;
import org.millwright.web.Routes;

/** Everything that a process which only scores does not answer: it names the server that does. */
public final class ElsewhereRoutes implements Routes {
    private final URI server;

    public ElsewhereRoutes(URI server) {
        this.server = server;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.any((request, response) -> {
            throw new Problem.NotFound(
                    "Nothing is at " + request.path().path() + ": this process only scores",
                    "Ask the server that it follows: " + server);
        });
    }
}
