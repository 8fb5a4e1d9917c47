package org.millwright.web;

import io.helidon.common.socket.SocketOptions;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HttpException;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ErrorHandler;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.millwright.identity.Users;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server: every route behind one filter that identifies the caller and shapes errors. */
public final class WebServer implements AutoCloseable {
    /** The MLflow release whose clients find what they expect here. */
    public static final String MLFLOW_VERSION = "3.18.0";

    private static final HeaderName ORIGIN = HeaderNames.create("Origin");

    private static final Logger LOG = LoggerFactory.getLogger(WebServer.class);
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
            Users users,
            Ids ids,
            List<Routes> routes,
            List<ErrorForm> forms,
            Supplier<List<String>> health) {
        var allForms = new ArrayList<>(forms);
        allForms.add(new ApiErrors());
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
                .addProtocol(Http1Config.builder()
                        .maxPrologueLength(LONGEST_LINE)
                        .maxHeadersSize(LONGEST_LINE)
                        .build())
                .routing(routing -> {
                    routing.addFilter(new Gatekeeper(new Callers(users, settings)));
                    routing.error(Throwable.class, new Failures(ids, allForms));
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

    public int port() {
        return server.port();
    }

    /** Stops to accept, lets requests in flight finish for half a second. */
    @Override
    public void close() {
        server.stop();
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
        Http.bytes(response, status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /** The filter in front of every route. */
    private record Gatekeeper(Callers callers) implements Filter {
        @Override
        public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
            String path = request.path().path();
            if (path.equals("/sign-in")) {
                callers.requireOwnOrigin(request);
            } else if (!isOpen(path)) {
                callers.requireOwnOrigin(request);
                if (answersPreflight(request, response)) {
                    return;
                }
                request.context().register(callers.identify(request));
            }
            chain.proceed();
        }

        /** Tells browsers which pages may call, and answers when that is all they ask. */
        private boolean answersPreflight(RoutingRequest request, RoutingResponse response) {
            String origin = request.headers().first(ORIGIN).orElse("");
            if (origin.isEmpty() || !callers.mayCall(request, origin)) {
                return false;
            }
            response.header(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            response.header(HeaderNames.VARY, "Origin");
            if (!request.prologue().method().text().equals("OPTIONS")) {
                return false;
            }
            response.header(HeaderNames.ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, PUT, PATCH, DELETE");
            response.header(HeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, "Authorization, Content-Type");
            response.status(Status.NO_CONTENT_204).send();
            return true;
        }

        private static boolean isOpen(String path) {
            return path.equals("/health")
                    || path.equals("/version")
                    || path.equals("/ping")
                    || path.startsWith("/v2/health/")
                    || path.startsWith("/static/");
        }
    }

    /** What filter and routes throw, told in the form of the path. */
    private record Failures(Ids ids, List<ErrorForm> forms) implements ErrorHandler<Throwable> {
        @Override
        public void handle(ServerRequest request, ServerResponse response, Throwable thrown) {
            if (isDisconnect(thrown)) {
                throw (RuntimeException) thrown;
            }
            response.headers().remove(HeaderNames.CONTENT_LENGTH);
            String path = request.path().path();
            ErrorForm form =
                    forms.stream().filter(each -> each.owns(path)).findFirst().orElseThrow();
            switch (thrown) {
                case Problem problem -> form.write(request, response, problem);
                case RequestException e ->
                    form.write(request, response, new Problem.Invalid(String.valueOf(e.getMessage())));
                case HttpException e ->
                    form.write(request, response, new Problem.Invalid(String.valueOf(e.getMessage())));
                default -> {
                    String id = ids.next("fault");
                    LOG.error("{} {} failed ({})", request.prologue().method().text(), path, id, thrown);
                    form.fault(request, response, id);
                }
            }
        }

        private static boolean isDisconnect(Throwable thrown) {
            return thrown instanceof UncheckedIOException || thrown instanceof CloseConnectionException;
        }
    }
}
