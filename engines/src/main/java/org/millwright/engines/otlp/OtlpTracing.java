package org.millwright.engines.otlp;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Problem;
import org.millwright.trace.Span;
import org.millwright.trace.Tracing;

/** Spans by OpenTelemetry's SDK: its sampler, its bounded queue and its exporter, on threads of its own. */
final class OtlpTracing implements Tracing {
    /** How long the last spans may take at the end; the collector may be away. */
    private static final long GOODBYE_SECONDS = 2;

    private static final Map<String, String> USUAL =
            Map.of("otel.service.name", "millwright", "otel.exporter.otlp.protocol", "http/protobuf");

    /** Traces only, whatever the environment says: nothing else is made here. */
    private static final Map<String, String> FIXED = Map.of(
            "otel.metrics.exporter", "none",
            "otel.logs.exporter", "none",
            "otel.traces.exporter", "otlp",
            "otel.propagators", "tracecontext");

    private static final TextMapGetter<Map<String, String>> HEADERS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Map<String, String> headers) {
            return headers.keySet();
        }

        @Override
        public @Nullable String get(@Nullable Map<String, String> headers, String key) {
            return headers == null ? null : headers.get(key);
        }
    };

    private final OpenTelemetrySdk sdk;
    private final Tracer tracer;
    private final Sampler sampler;

    private OtlpTracing(OpenTelemetrySdk sdk, Sampler sampler) {
        this.sdk = sdk;
        this.tracer = sdk.getTracer("org.millwright");
        this.sampler = sampler;
    }

    static OtlpTracing to(Map<String, String> variables) {
        var set = new HashMap<String, String>();
        variables.forEach((name, value) -> set.put(name.toLowerCase(Locale.ROOT).replace('_', '.'), value));
        set.putAll(FIXED);
        var sampler = new AtomicReference<>(Sampler.alwaysOff());
        try {
            OpenTelemetrySdk sdk = AutoConfiguredOpenTelemetrySdk.builder()
                    .setServiceClassLoader(OtlpTracing.class.getClassLoader())
                    .disableShutdownHook()
                    .addPropertiesSupplier(() -> USUAL)
                    .addPropertiesCustomizer(config -> set)
                    .addTracerProviderCustomizer((builder, config) -> builder.setIdGenerator(new KeyedIds()))
                    .addSamplerCustomizer((configured, config) -> {
                        sampler.set(configured);
                        return configured;
                    })
                    .addSpanExporterCustomizer((exporter, config) -> new ReportingExporter(exporter))
                    .build()
                    .getOpenTelemetrySdk();
            return new OtlpTracing(sdk, sampler.get());
        } catch (ConfigurationException | IllegalArgumentException e) {
            throw new Problem.Invalid(
                    "Traces cannot be sent as the environment says: " + e.getMessage(),
                    "Correct or unset the variables whose names begin with OTEL_.");
        }
    }

    @Override
    public boolean isOn() {
        return true;
    }

    @Override
    public Span request(String name, String traceparent, String tracestate) {
        Context caller = traceparent.isEmpty()
                ? Context.root()
                : W3CTraceContextPropagator.getInstance()
                        .extract(Context.root(), Map.of("traceparent", traceparent, "tracestate", tracestate), HEADERS);
        SpanBuilder builder =
                tracer.spanBuilder(name).setSpanKind(SpanKind.SERVER).setParent(caller);
        return new OtlpSpan(tracer, builder.startSpan());
    }

    @Override
    public Span lasting(String key, String name, long start) {
        KeyedIds.Pair ids = KeyedIds.of(key);
        // The same question gets the same answer when the span itself is made: it depends on the trace's id alone.
        SamplingDecision decision = sampler.shouldSample(
                        Context.root(), ids.trace(), name, SpanKind.INTERNAL, Attributes.empty(), List.of())
                .getDecision();
        SpanBuilder builder = tracer.spanBuilder(name).setNoParent().setStartTimestamp(start, TimeUnit.MILLISECONDS);
        return new LastingSpan(tracer, builder, ids, decision == SamplingDecision.RECORD_AND_SAMPLE);
    }

    @Override
    public void close() {
        sdk.getSdkTracerProvider().shutdown().join(GOODBYE_SECONDS, TimeUnit.SECONDS);
    }
}
