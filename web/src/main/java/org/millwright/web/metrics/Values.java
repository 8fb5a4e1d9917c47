package org.millwright.web.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Map;
import org.millwright.web.oip.Metadata;

/** Metrics of one value, or of one for each value of a label. */
final class Values {
    private Values() {}

    /** The version that runs. */
    static InfoSnapshot build() {
        return InfoSnapshot.builder()
                .name("millwright_build")
                .help("The version that runs.")
                .dataPoint(InfoSnapshot.InfoDataPointSnapshot.builder()
                        .labels(Labels.of("version", Metadata.SERVER_VERSION))
                        .build())
                .build();
    }

    /** A counter; formats append {@code _total} to its name. */
    static CounterSnapshot counter(String name, String help, long value) {
        return CounterSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(point(Labels.EMPTY, value))
                .build();
    }

    static CounterDataPointSnapshot point(Labels labels, long value) {
        return CounterDataPointSnapshot.builder().labels(labels).value(value).build();
    }

    static GaugeSnapshot gauge(String name, String help, double value) {
        return GaugeSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(GaugeDataPointSnapshot.builder().value(value).build())
                .build();
    }

    static GaugeSnapshot gauges(String name, String help, String label, Map<String, ? extends Number> values) {
        var gauge = GaugeSnapshot.builder().name(name).help(help);
        values.forEach((key, value) -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(Labels.of(label, key))
                .value(value.doubleValue())
                .build()));
        return gauge.build();
    }

    static CounterSnapshot counters(String name, String help, String label, Map<String, ? extends Number> values) {
        var counter = CounterSnapshot.builder().name(name).help(help);
        values.forEach((key, value) -> counter.dataPoint(point(Labels.of(label, key), value.longValue())));
        return counter.build();
    }
}
