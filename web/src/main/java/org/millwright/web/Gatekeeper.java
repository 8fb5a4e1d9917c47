package org.millwright.web;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Headers;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import org.millwright.identity.Actor;
import org.millwright.kernel.Problem;

/** The filter in front of every route: text that is text, callers that are known, connections that end. */
record Gatekeeper(Callers callers, Failures failures, Turns turns, Doors doors) implements Filter {
    private static final HeaderName ORIGIN = HeaderNames.create("Origin");

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        if (mayPass(request, response)) {
            chain.proceed();
            turns.end();
        }
        endIfAsked(request, response);
    }

    private boolean mayPass(RoutingRequest request, RoutingResponse response) {
        try {
            String path = request.path().path();
            requireText(request, path);
            if (path.equals("/sign-in")) {
                callers.requireOwnOrigin(request);
            } else if (!isOpen(path)) {
                callers.requireOwnOrigin(request);
                if (answersPreflight(request, response)) {
                    return false;
                }
                Actor actor = callers.identify(request);
                request.context().register(actor);
                doors.require(actor, request.prologue().method().text(), path);
            }
            return true;
        } catch (Problem problem) {
            failures.handle(request, response, problem);
            return false;
        }
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

    /** Whether nobody need say who asks for it. */
    static boolean isOpen(String path) {
        return path.equals("/health")
                || path.equals("/version")
                || path.equals("/ping")
                || path.startsWith("/v2/health/")
                || path.startsWith("/static/");
    }

    /** Refuses escapes that mean a NUL, which PostgreSQL cannot keep, or no UTF-8. */
    private static void requireText(RoutingRequest request, String path) {
        requireText("path", path);
        if (!request.query().isEmpty()) {
            for (String name : request.query().names()) {
                requireText("query", name);
                request.query().all(name).forEach(value -> requireText("query", value));
            }
        }
    }

    private static void requireText(String where, String text) {
        if (text.indexOf('\0') >= 0 || text.indexOf('\ufffd') >= 0) {
            throw new Problem.Invalid("The " + where + " holds a NUL or bytes that are not UTF-8");
        }
    }

    /**
     * Closes a connection whose caller wanted that, or whose body broke.
     *
     * <p>Helidon 4.5 leaves it open and would take what is left of a body for the next request.
     */
    private static void endIfAsked(RoutingRequest request, RoutingResponse response) {
        boolean asked = asksToClose(request.headers()) || asksToClose(response.headers());
        if (!asked || !response.isSent()) {
            return;
        }
        if (!Incoming.Broken.is(request)) {
            drain(request);
        }
        throw new CloseConnectionException("The answer was the last one of this connection");
    }

    /** Looking for the token costs a request without the header more than finding that it has none. */
    private static boolean asksToClose(Headers headers) {
        return headers.contains(HeaderNames.CONNECTION) && headers.containsToken(HeaderValues.CONNECTION_CLOSE);
    }

    /** Reads what is left of the body: a caller that still sends would not see the answer otherwise. */
    private static void drain(RoutingRequest request) {
        try {
            request.content().consume();
        } catch (RuntimeException e) {
            // The caller is gone.
        }
    }
}
