package org.millwright.web;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.Optional;
import java.util.Set;
import org.millwright.trace.Span;
import org.millwright.trace.Tracing;

/** The filter that makes each request a span, under the one that its caller names. Probes and static files are left out. */
record Traced(Tracing tracing) implements Filter {
    /** What machines ask every few seconds: it would bury what people ask. */
    private static final Set<String> REGULAR = Set.of("/metrics", "/api/1/scorers/routing", "/api/1/scorers/counts");

    private static final HeaderName TRACEPARENT = HeaderNames.create("traceparent");
    private static final HeaderName TRACESTATE = HeaderNames.create("tracestate");

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        String path = request.path().path();
        if (Gatekeeper.isOpen(path) || REGULAR.contains(path)) {
            chain.proceed();
            return;
        }
        String method = request.prologue().method().text();
        Span span = tracing.request(method, all(request, TRACEPARENT), all(request, TRACESTATE));
        span.put("http.request.method", method).put("url.scheme", "http").put("url.path", path);
        Optional<CloseConnectionException> last = span.around(() -> {
            try {
                chain.proceed();
                return Optional.empty();
            } catch (CloseConnectionException e) {
                return Optional.of(e);
            } finally {
                answered(span, method, request, response.status());
            }
        });
        if (last.isPresent()) {
            throw last.get();
        }
    }

    private static void answered(Span span, String method, RoutingRequest request, Status status) {
        request.matchingPattern().ifPresent(route -> {
            span.name(method + " " + route);
            span.put("http.route", route);
        });
        span.put("http.response.status_code", status.code());
        if (status.code() >= 500) {
            span.fail(status.text());
        }
    }

    private static String all(RoutingRequest request, HeaderName name) {
        return request.headers().contains(name)
                ? String.join(",", request.headers().get(name).allValues())
                : "";
    }
}
