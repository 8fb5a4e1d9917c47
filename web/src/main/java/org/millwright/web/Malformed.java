package org.millwright.web;

import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Json;

/** Answers what is no request that could be routed: the reason, in the form of the path as far as that is known. */
record Malformed(Failures failures) implements DirectHandler {
    @Override
    public TransportResponse handle(
            TransportRequest request,
            EventType type,
            Status status,
            ServerResponseHeaders headers,
            @Nullable String message) {
        boolean ours = status.code() == Status.INTERNAL_SERVER_ERROR_500.code();
        Status told = ours ? Status.BAD_REQUEST_400 : status;
        headers.set(HeaderNames.CONTENT_TYPE, "application/json");
        var body = failures.form(request.path()).unreadable(reason(told, message));
        return TransportResponse.builder()
                .status(told)
                .headers(headers)
                .keepAlive(false)
                .entity(Json.bytes(body))
                .build();
    }

    private static String reason(Status status, @Nullable String message) {
        if (status.code() == Status.REQUEST_URI_TOO_LONG_414.code()) {
            return "The request's first line is too long";
        }
        boolean telling = message != null
                && !message.isBlank()
                && !message.contains("see server log")
                && !message.equals("Internal error");
        String what = telling ? message : "its first line, the escapes of its path or its headers are malformed";
        return "The request is not valid HTTP/1.1: " + what;
    }
}
