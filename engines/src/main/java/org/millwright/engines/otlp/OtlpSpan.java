package org.millwright.engines.otlp;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import org.millwright.trace.Span;

/** A span of the SDK. */
record OtlpSpan(Tracer tracer, io.opentelemetry.api.trace.Span span) implements Span {
    private static final int LONGEST = 500;

    @Override
    public Span child(String name, Kind kind) {
        return begin(tracer, name, kind, Context.root().with(span));
    }

    static Span begin(Tracer tracer, String name, Kind kind, Context parent) {
        SpanKind how = kind == Kind.CLIENT ? SpanKind.CLIENT : SpanKind.INTERNAL;
        return new OtlpSpan(
                tracer,
                tracer.spanBuilder(name).setSpanKind(how).setParent(parent).startSpan());
    }

    @Override
    public void name(String name) {
        span.updateName(name);
    }

    @Override
    public Span put(String key, String value) {
        span.setAttribute(key, value);
        return this;
    }

    @Override
    public Span put(String key, long value) {
        span.setAttribute(key, value);
        return this;
    }

    @Override
    public void fail(String why) {
        span.setStatus(StatusCode.ERROR, cut(why));
    }

    static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    @Override
    public String traceparent() {
        return traceparent(span.getSpanContext());
    }

    static String traceparent(SpanContext context) {
        return "00-" + context.getTraceId() + "-" + context.getSpanId() + "-"
                + context.getTraceFlags().asHex();
    }

    @Override
    public void close() {
        span.end();
    }
}
