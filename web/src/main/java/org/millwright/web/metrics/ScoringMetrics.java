package org.millwright.web.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Map;
import java.util.TreeMap;
import org.millwright.serving.Counts;
import org.millwright.serving.RequestLog;
import org.millwright.serving.Scorer;
import org.millwright.serving.Traffic;

/** What each loaded version of each deployment answered, and what waits to be answered. */
final class ScoringMetrics implements MultiCollector {
    private final Scorer scorer;

    ScoringMetrics(Scorer scorer) {
        this.scorer = scorer;
    }

    @Override
    public MetricSnapshots collect() {
        var requests = CounterSnapshot.builder()
                .name("millwright_scoring_requests")
                .help("Scoring requests: answered, refused for the caller's fault, failed for the model's.");
        var rows = CounterSnapshot.builder().name("millwright_scoring_rows").help("Rows of answered scoring requests.");
        var durations = HistogramSnapshot.builder()
                .name("millwright_scoring_duration_seconds")
                .help(
                        "Time that the model took to answer a request; the sum is found from the buckets, 7 % off at most.");
        for (String deployment : scorer.names()) {
            scorer.traffic(deployment).forEach((version, traffic) -> {
                var labels = Labels.of("deployment", deployment, "version", version);
                requests(requests, labels, traffic);
                rows.dataPoint(Values.point(labels, traffic.total().rows()));
                durations.dataPoint(duration(labels, traffic.total().histogram()));
            });
        }
        return logged(limited(admission()))
                .metricSnapshot(requests.build())
                .metricSnapshot(rows.build())
                .metricSnapshot(durations.build())
                .build();
    }

    private static void requests(CounterSnapshot.Builder requests, Labels labels, Traffic traffic) {
        Counts counts = traffic.total();
        requests.dataPoint(Values.point(labels.add("outcome", "answered"), counts.answered()));
        requests.dataPoint(Values.point(labels.add("outcome", "refused"), counts.refused()));
        requests.dataPoint(Values.point(labels.add("outcome", "failed"), counts.failed()));
    }

    private static HistogramDataPointSnapshot duration(Labels labels, Counts.Histogram histogram) {
        return HistogramDataPointSnapshot.builder()
                .labels(labels)
                .classicHistogramBuckets(ClassicHistogramBuckets.of(histogram.bounds(), histogram.counts()))
                .sum(histogram.seconds())
                .build();
    }

    private MetricSnapshots.Builder limited(MetricSnapshots.Builder all) {
        var inFlight = new TreeMap<String, Integer>();
        var limits = new TreeMap<String, Integer>();
        var told = CounterSnapshot.builder()
                .name("millwright_scoring_limited")
                .help("Scoring requests told to come again: too many of the deployment at once, or too long a wait.");
        for (String deployment : scorer.names()) {
            scorer.limiter(deployment).ifPresent(limiter -> {
                inFlight.put(deployment, limiter.requests());
                limits.put(deployment, limiter.limits().requests());
                var labels = Labels.of("deployment", deployment);
                told.dataPoint(Values.point(labels.add("reason", "requests"), limiter.refused()));
                told.dataPoint(Values.point(labels.add("reason", "timeout"), limiter.timedOut()));
            });
        }
        return all.metricSnapshot(told.build())
                .metricSnapshot(Values.gauges(
                        "millwright_scoring_in_flight",
                        "Scoring requests that a deployment is answering.",
                        "deployment",
                        inFlight))
                .metricSnapshot(Values.gauges(
                        "millwright_scoring_limit",
                        "Scoring requests that a deployment may answer at the same time.",
                        "deployment",
                        limits));
    }

    private MetricSnapshots.Builder logged(MetricSnapshots.Builder all) {
        var rows = CounterSnapshot.builder()
                .name("millwright_request_log_rows")
                .help("Rows of requests drawn for the log: written to files, or dropped.");
        scorer.log().map(RequestLog::counts).orElse(Map.of()).forEach((deployment, count) -> {
            var labels = Labels.of("deployment", deployment);
            rows.dataPoint(Values.point(labels.add("outcome", "written"), count.written()));
            rows.dataPoint(Values.point(labels.add("outcome", "dropped"), count.dropped()));
        });
        return all.metricSnapshot(rows.build());
    }

    private MetricSnapshots.Builder admission() {
        var admission = scorer.admission();
        return MetricSnapshots.builder()
                .metricSnapshot(Values.gauge(
                        "millwright_admission_requests", "Scoring requests in memory.", admission.requests()))
                .metricSnapshot(Values.gauge(
                        "millwright_admission_requests_limit",
                        "Scoring requests that may be in memory at the same time.",
                        admission.mostRequests()))
                .metricSnapshot(Values.gauge(
                        "millwright_admission_bytes", "Bytes of scoring requests in memory.", admission.bytes()))
                .metricSnapshot(Values.counter(
                        "millwright_admission_refused",
                        "Scoring requests told to come again, because too many were in memory.",
                        admission.refused()));
    }
}
