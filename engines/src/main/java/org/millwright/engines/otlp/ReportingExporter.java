package org.millwright.engines.otlp;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once that the collector takes nothing, and once that it does again; the exporter itself would say it each time. */
final class ReportingExporter implements SpanExporter {
    private static final Logger LOG = LoggerFactory.getLogger(ReportingExporter.class);

    private final SpanExporter exporter;
    private long lost;

    ReportingExporter(SpanExporter exporter) {
        this.exporter = exporter;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        CompletableResultCode result = exporter.export(spans);
        return result.whenComplete(() -> ended(result, spans.size()));
    }

    private synchronized void ended(CompletableResultCode result, int spans) {
        if (!result.isSuccess()) {
            if (lost == 0) {
                LOG.warn(
                        "The collector of traces took none: {}. Spans are dropped until it does; see OTEL_EXPORTER_OTLP_ENDPOINT",
                        why(result.getFailureThrowable()));
            }
            lost += spans;
        } else if (lost > 0) {
            LOG.warn("The collector of traces takes them again; dropped: {}", lost);
            lost = 0;
        }
    }

    /** What the network or the collector said, below the exporter's own words. */
    private static String why(@Nullable Throwable failure) {
        Throwable why = failure;
        while (why != null && why.getCause() != null && why.getClass().getName().startsWith("io.opentelemetry.")) {
            why = why.getCause();
        }
        return why == null ? "it refused them" : why.toString();
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }
}
