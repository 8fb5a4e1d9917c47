package org.millwright.engines.otlp;

import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import org.jspecify.annotations.Nullable;
import org.millwright.trace.Span;

/** A span whose ids are known before it is made, which happens when it is closed. */
final class LastingSpan implements Span {
    private final Tracer tracer;
    private final SpanBuilder builder;
    private final KeyedIds.Pair ids;
    private final SpanContext context;
    private @Nullable String name;
    private @Nullable String failure;

    LastingSpan(Tracer tracer, SpanBuilder builder, KeyedIds.Pair ids, boolean sampled) {
        this.tracer = tracer;
        this.builder = builder;
        this.ids = ids;
        this.context = SpanContext.create(
                ids.trace(),
                ids.span(),
                sampled ? TraceFlags.getSampled() : TraceFlags.getDefault(),
                TraceState.getDefault());
    }

    @Override
    public Span child(String called, Kind kind) {
        return OtlpSpan.begin(tracer, called, kind, Context.root().with(io.opentelemetry.api.trace.Span.wrap(context)));
    }

    @Override
    public void name(String other) {
        name = other;
    }

    @Override
    public Span put(String key, String value) {
        builder.setAttribute(key, value);
        return this;
    }

    @Override
    public Span put(String key, long value) {
        builder.setAttribute(key, value);
        return this;
    }

    @Override
    public void fail(String why) {
        failure = why;
    }

    @Override
    public String traceparent() {
        return OtlpSpan.traceparent(context);
    }

    @Override
    public void close() {
        io.opentelemetry.api.trace.Span span = ids.around(builder::startSpan);
        if (name != null) {
            span.updateName(name);
        }
        if (failure != null) {
            span.setStatus(StatusCode.ERROR, OtlpSpan.cut(failure));
        }
        span.end();
    }
}
