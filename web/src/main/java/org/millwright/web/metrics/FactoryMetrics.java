package org.millwright.web.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.millwright.alert.Judgement;
import org.millwright.alert.Subject;
import org.millwright.kernel.Database;
import org.millwright.monitor.Monitor;
import org.millwright.pipeline.RunStatus;

/** What waits, runs and went wrong in the factory behind the deployments. */
final class FactoryMetrics implements MultiCollector {
    private final MetricsRooms rooms;

    FactoryMetrics(MetricsRooms rooms) {
        this.rooms = rooms;
    }

    @Override
    public MetricSnapshots collect() {
        var all = MetricSnapshots.builder();
        all.metricSnapshot(Values.build());
        monitored(all);
        all.metricSnapshot(
                Values.gauges("millwright_pipeline_runs", "Pipeline runs by their state.", "state", pipelineRuns()));
        all.metricSnapshot(openAlerts());
        all.metricSnapshot(Values.gauges(
                "millwright_notification_channel_failing",
                "1 while a channel of notifications cannot be told, else 0.",
                "channel",
                failingChannels()));
        all.metricSnapshot(Values.counter(
                "millwright_ledger_entries",
                "Entries of the ledger.",
                rooms.ledger().size()));
        all.metricSnapshot(Values.gauge(
                "millwright_outbox_waiting",
                "Entries of the ledger whose reactions are still to be done.",
                rooms.outbox().waiting()));
        database(all, rooms.database().get());
        return all.build();
    }

    private void monitored(MetricSnapshots.Builder all) {
        var waiting = new TreeMap<String, Integer>();
        var dropped = new TreeMap<String, Long>();
        for (Map.Entry<String, Monitor.Backlog> backlog :
                rooms.monitor().backlogs().entrySet()) {
            waiting.put(backlog.getKey(), backlog.getValue().waiting());
            dropped.put(backlog.getKey(), backlog.getValue().dropped());
        }
        all.metricSnapshot(Values.gauges(
                "millwright_monitor_rows_waiting", "Answered rows that wait to be profiled.", "deployment", waiting));
        all.metricSnapshot(Values.counters(
                "millwright_monitor_rows_dropped",
                "Answered rows that were not profiled, because too many waited.",
                "deployment",
                dropped));
        all.metricSnapshot(Values.gauges(
                "millwright_monitor_label_coverage",
                "Share of the predictions of the newest complete window whose outcome is known.",
                "deployment",
                rooms.monitor().coverages()));
        all.metricSnapshot(measured());
    }

    private GaugeSnapshot measured() {
        var gauge = GaugeSnapshot.builder()
                .name("millwright_monitor_measured")
                .help("What is measured for a clause of the agreement: of windows in the newest judged one, else now.");
        Map<List<String>, Judgement.Measured> newest = new LinkedHashMap<>();
        Stream.concat(rooms.monitor().measured().stream(), rooms.clock().measured().stream())
                .forEach(found -> newest.put(List.of(found.deployment(), found.clause()), found));
        for (Judgement.Measured found : newest.values()) {
            gauge.dataPoint(GaugeDataPointSnapshot.builder()
                    .labels(Labels.of(
                            "deployment", found.deployment(), "clause", found.clause(), "method", found.method()))
                    .value(found.value())
                    .build());
        }
        return gauge.build();
    }

    private Map<String, Integer> pipelineRuns() {
        Map<RunStatus, Integer> counts = rooms.runs().counts();
        var states = new TreeMap<String, Integer>();
        for (RunStatus status : RunStatus.values()) {
            states.put(status.text(), counts.getOrDefault(status, 0));
        }
        return states;
    }

    /** Of a deployment without one as well: what is missing cannot be told from what is not scraped. */
    private GaugeSnapshot openAlerts() {
        var alerts = new HashMap<>(rooms.alerts().open());
        rooms.scorer().names().forEach(name -> alerts.putIfAbsent(Subject.deployment(name), 0));
        var gauge = GaugeSnapshot.builder().name("millwright_alerts_open").help("Alerts that nobody has ended.");
        alerts.forEach((about, open) -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                .labels(
                        about.isDeployment()
                                ? Labels.of("deployment", about.name())
                                : Labels.of("subject", about.ref()))
                .value(open)
                .build()));
        return gauge.build();
    }

    /** Of a channel that works as well. */
    private Map<String, Integer> failingChannels() {
        var channels = new TreeMap<String, Integer>();
        rooms.notifications().failing().forEach((channel, failing) -> channels.put(channel, failing ? 1 : 0));
        return channels;
    }

    private static void database(MetricSnapshots.Builder all, Database.Load load) {
        all.metricSnapshot(Values.gauge(
                "millwright_database_writes_waiting", "Writes that wait for SQLite's writer.", load.waiting()));
        all.metricSnapshot(
                Values.counter("millwright_database_writes", "Writes that SQLite's writer did.", load.works()));
        all.metricSnapshot(Values.counter(
                "millwright_database_transactions",
                "Transactions of SQLite's writer: writes that wait together share one.",
                load.transactions()));
        all.metricSnapshot(Values.gauge(
                "millwright_database_connections_active", "Database connections in use.", load.connections()));
        all.metricSnapshot(Values.gauge(
                "millwright_database_connections_wanted",
                "Threads that wait for a database connection.",
                load.wanting()));
    }
}
