package org.millwright.web.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Instant;
import org.millwright.replica.Replica;
import org.millwright.replica.ReplicaState;

/** How a process that only scores keeps up with the server that it follows. */
final class ReplicaMetrics implements MultiCollector {
    private final Replica replica;

    ReplicaMetrics(Replica replica) {
        this.replica = replica;
    }

    @Override
    public MetricSnapshots collect() {
        ReplicaState state = replica.state();
        return MetricSnapshots.builder()
                .metricSnapshot(Values.build())
                .metricSnapshot(Values.gauge(
                        "millwright_scorer_reached_timestamp_seconds",
                        "When the server last said what to route; 0 for never since the start.",
                        state.reached().map(Instant::getEpochSecond).orElse(0L)))
                .metricSnapshot(Values.gauge(
                        "millwright_scorer_faults",
                        "Versions that the server routes and that do not answer here.",
                        state.faults().size()))
                .metricSnapshot(Values.gauge(
                        "millwright_scorer_rows_waiting",
                        "Answered rows whose profile the server does not have yet.",
                        state.profiles().waiting()))
                .metricSnapshot(Values.counter(
                        "millwright_scorer_rows_reported",
                        "Answered rows whose profile the server has.",
                        state.profiles().sent()))
                .metricSnapshot(Values.counter(
                        "millwright_scorer_rows_dropped",
                        "Answered rows that are in no profile.",
                        state.profiles().lost()))
                .build();
    }
}
