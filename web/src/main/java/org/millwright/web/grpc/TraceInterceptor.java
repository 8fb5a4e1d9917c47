package org.millwright.web.grpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.millwright.trace.Span;
import org.millwright.trace.Tracing;

/** Makes each call a span, under the one that its caller names. Probes are left out. */
record TraceInterceptor(Tracing tracing) implements ServerInterceptor {
    private static final Metadata.Key<String> TRACEPARENT =
            Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> TRACESTATE =
            Metadata.Key.of("tracestate", Metadata.ASCII_STRING_MARSHALLER);
    private static final Set<Status.Code> OUR_FAULTS = Set.of(
            Status.Code.UNKNOWN,
            Status.Code.DEADLINE_EXCEEDED,
            Status.Code.UNIMPLEMENTED,
            Status.Code.INTERNAL,
            Status.Code.UNAVAILABLE,
            Status.Code.DATA_LOSS);

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        var method = call.getMethodDescriptor();
        if (CallerInterceptor.isOpen(method)) {
            return next.startCall(call, headers);
        }
        Span span = tracing.request(
                method.getFullMethodName(), text(headers.get(TRACEPARENT)), text(headers.get(TRACESTATE)));
        span.put("rpc.system", "grpc")
                .put("rpc.service", String.valueOf(method.getServiceName()))
                .put("rpc.method", String.valueOf(method.getBareMethodName()));
        return new SimpleForwardingServerCallListener<>(next.startCall(told(call, span), headers)) {
            @Override
            public void onHalfClose() {
                span.around(() -> {
                    super.onHalfClose();
                    return span;
                });
            }

            @Override
            public void onCancel() {
                try (span) {
                    super.onCancel();
                }
            }
        };
    }

    /** The call that tells its span how it ends. */
    private static <Q, A> ServerCall<Q, A> told(ServerCall<Q, A> call, Span span) {
        return new SimpleForwardingServerCall<>(call) {
            @Override
            public void close(Status status, Metadata trailers) {
                span.put("rpc.grpc.status_code", status.getCode().value());
                if (OUR_FAULTS.contains(status.getCode())) {
                    span.fail(status.getCode().name());
                }
                super.close(status, trailers);
            }
        };
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
