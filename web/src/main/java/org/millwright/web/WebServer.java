package org.millwright.web;

import io.helidon.common.socket.SocketOptions;
import io.helidon.http.DirectHandler;
import io.helidon.http.Status;
import io.helidon.webserver.ErrorHandling;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.millwright.identity.Authenticator;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Problem;
import org.millwright.trace.Tracing;

/** The HTTP server: every route behind one filter that identifies the caller and shapes errors. */
public final class WebServer implements AutoCloseable {
    /** The MLflow release whose clients find what they expect here. */
    public static final String MLFLOW_VERSION = "3.18.0";

    private static final int BACKLOG = 1024;

    /** Bytes of a request line or of all headers; clients ask for the histories of 100 runs in one URL. */
    private static final int LONGEST_LINE = 64 * 1024;

    private final io.helidon.webserver.WebServer server;

    private WebServer(io.helidon.webserver.WebServer server) {
        this.server = server;
    }

    /**
     * Starts to listen.
     *
     * @param forms error forms in order; the first that owns a path shapes its errors
     * @param health what is wrong at the moment; empty when all is well
     */
    public static WebServer start(
            WebSettings settings,
            Authenticator users,
            Ids ids,
            List<Routes> routes,
            List<ErrorForm> forms,
            Supplier<List<String>> health) {
        return start(settings, users, ids, routes, forms, health, Tracing.OFF);
    }

    /** The same with a span for each request. */
    public static WebServer start(
            WebSettings settings,
            Authenticator users,
            Ids ids,
            List<Routes> routes,
            List<ErrorForm> forms,
            Supplier<List<String>> health,
            Tracing tracing) {
        requireAddress(settings.host());
        var allForms = new ArrayList<>(forms);
        allForms.add(new ApiErrors());
        var failures = new Failures(ids, allForms);
        var server = io.helidon.webserver.WebServer.builder()
                .host(settings.host())
                .port(settings.port())
                .backlog(BACKLOG)
                .shutdownHook(false)
                .shutdownGracePeriod(Duration.ofMillis(500))
                .connectionOptions(SocketOptions.builder()
                        .tcpNoDelay(true)
                        .readTimeout(Duration.ofSeconds(60))
                        .build())
                .protocolsDiscoverServices(false)
                .addProtocol(Http1Config.builder()
                        .maxPrologueLength(LONGEST_LINE)
                        .maxHeadersSize(LONGEST_LINE)
                        .build())
                .errorHandling(ErrorHandling.builder().includeEntity(true).build())
                .directHandlers(malformed(failures))
                .routing(routing -> {
                    if (tracing.isOn()) {
                        routing.addFilter(new Traced(tracing));
                    }
                    routing.addFilter(new Gatekeeper(
                            new Callers(users, settings), failures, new Turns(), new Doors(users, settings.prefix())));
                    routing.error(Throwable.class, failures);
                    health(routing, health);
                    routes.forEach(part -> part.register(routing));
                    routing.any((request, response) -> {
                        throw new Problem.NotFound(
                                "Nothing is at " + request.path().path());
                    });
                })
                .build();
        server.start();
        if (!server.isRunning()) {
            throw new Problem.Unavailable(
                    "Cannot listen on " + settings.host() + ":" + settings.port()
                            + ": the port is taken or not allowed",
                    "Choose another port: mw serve --port 0 picks a free one.");
        }
        return new WebServer(server);
    }

    private static void requireAddress(String host) {
        try {
            InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new Problem.Unavailable(
                    "Cannot listen on " + host + ": there is no such host",
                    "Name an address of this machine: --host.",
                    e);
        }
    }

    public int port() {
        return server.port();
    }

    /** Stops to accept, lets requests in flight finish for half a second. */
    @Override
    public void close() {
        server.stop();
    }

    private static DirectHandlers malformed(Failures failures) {
        var handlers = DirectHandlers.builder();
        for (var type : DirectHandler.EventType.values()) {
            handlers.addHandler(type, new Malformed(failures));
        }
        return handlers.build();
    }

    private static void health(HttpRouting.Builder routing, Supplier<List<String>> health) {
        routing.get("/health", (request, response) -> {
            List<String> wrong = health.get();
            if (wrong.isEmpty()) {
                text(response, Status.OK_200, "OK");
            } else {
                text(response, Status.SERVICE_UNAVAILABLE_503, String.join("\n", wrong));
            }
        });
        routing.get("/version", (request, response) -> text(response, Status.OK_200, MLFLOW_VERSION));
    }

    private static void text(ServerResponse response, Status status, String text) {
        response.header(Http.FRAMES, "SAMEORIGIN");
        Http.bytes(response, status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }
}
