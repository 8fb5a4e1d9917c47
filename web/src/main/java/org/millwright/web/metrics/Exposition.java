package org.millwright.web.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** All metrics as text, read from the rooms' own counters at that moment. */
final class Exposition {
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final ExpositionFormatWriter plain =
            PrometheusTextFormatWriter.builder().build();
    private final ExpositionFormatWriter open =
            OpenMetricsTextFormatWriter.builder().build();

    /** The text in a format, and the format's content type. */
    record Page(String type, byte[] bytes) {}

    Exposition(List<MultiCollector> collectors) {
        collectors.forEach(registry::register);
        JvmMetrics.builder().register(registry);
    }

    /** In OpenMetrics for who accepts that, else in Prometheus' text format 0.0.4. */
    Page page(String accept) {
        ExpositionFormatWriter writer = open.accepts(accept) ? open : plain;
        var bytes = new ByteArrayOutputStream();
        try {
            writer.write(bytes, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Page(writer.getContentType(), bytes.toByteArray());
    }
}
