package org.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.identity.Role;
import org.millwright.kernel.Json;
import org.millwright.scoring.Python;

/** Real scrapes, read by the parsers of Prometheus' own client. */
class MetricsTest {
    private static final Python PYTHON = Python.with("prometheus-client-0.26.0", "prometheus-client==0.26.0");
    private static final String OPEN =
            "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.1";

    @TempDir
    Path folder;

    @Test
    void aMachineUserOfOperationsScrapesWhatTheServerCounts() throws IOException {
        try (var server = new PullServer(folder, 1)) {
            server.release(1);
            server.promote();
            server.add("prometheus", Role.OPERATIONS);
            ObjectNode channel = Json.object().put("name", "team").put("kind", "slack");
            server.post("ana", "channels", channel.put("project", "delays").put("url", "https://chat.example.org/x"));

            HttpResponse<String> plain = server.metrics("prometheus", "*/*");
            assertThat(plain.headers().firstValue("Content-Type").orElse(""))
                    .startsWith("text/plain; version=0.0.4; charset=utf-8");
            holdsWhatHappened(samples("plain", plain));

            HttpResponse<String> open = server.metrics("prometheus", OPEN);
            assertThat(open.headers().firstValue("Content-Type").orElse(""))
                    .startsWith("application/openmetrics-text; version=1.0.0; charset=utf-8");
            holdsWhatHappened(samples("open", open));

            assertThat(server.metrics("", "*/*").statusCode()).isEqualTo(401);
            for (String other : List.of("ana", "app")) {
                assertThat(server.metrics(other, "*/*").statusCode()).isEqualTo(403);
            }
        }
    }

    private static void holdsWhatHappened(List<String> samples) {
        String version = "{\"deployment\": \"delays\", \"version\": \"1\"}";
        assertThat(samples)
                .contains(
                        request("answered", 4),
                        request("refused", 0),
                        request("failed", 0),
                        "counter millwright_scoring_rows_total " + version + " 4.0",
                        "histogram millwright_scoring_duration_seconds_count " + version + " 4.0",
                        "histogram millwright_scoring_duration_seconds_bucket " + bucket("+Inf") + " 4.0",
                        "gauge millwright_admission_requests {} 0.0",
                        "counter millwright_admission_refused_total {} 0.0",
                        "counter millwright_monitor_rows_dropped_total {\"deployment\": \"delays\"} 0.0",
                        "gauge millwright_pipeline_runs {\"state\": \"running\"} 0.0",
                        "gauge millwright_notification_channel_failing {\"channel\": \"team\"} 0.0",
                        "gauge millwright_alerts_open {\"deployment\": \"delays\"} 0.0")
                .anyMatch(sample -> sample.startsWith("gauge millwright_monitor_rows_waiting {\"deployment\""))
                .anyMatch(sample -> sample.matches("gauge millwright_outbox_waiting \\{} \\d.*"));
        for (String name : List.of(
                "counter millwright_ledger_entries_total",
                "counter millwright_database_writes_total",
                "counter millwright_database_transactions_total",
                "counter process_cpu_seconds_total",
                "gauge jvm_memory_used_bytes",
                "gauge jvm_threads_current",
                "summary jvm_gc_collection_seconds_count")) {
            assertThat(samples).as(name).anyMatch(sample -> sample.matches(name + " .* [1-9].*"));
        }
    }

    private static String request(String outcome, int count) {
        return "counter millwright_scoring_requests_total {\"deployment\": \"delays\", \"outcome\": \"" + outcome
                + "\", \"version\": \"1\"} " + count + ".0";
    }

    private static String bucket(String bound) {
        return "{\"deployment\": \"delays\", \"le\": \"" + bound + "\", \"version\": \"1\"}";
    }

    private List<String> samples(String format, HttpResponse<String> answer) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        Path script = folder.resolve("metrics.py");
        try (var in = MetricsTest.class.getResourceAsStream("/metrics.py")) {
            Files.write(script, in.readAllBytes());
        }
        Path scrape = Files.writeString(folder.resolve("scrape"), answer.body());
        Python.Result read = PYTHON.script("python", script.toString(), format, scrape.toString());
        assertThat(read.code()).as(read.output()).isZero();
        return read.output().lines().toList();
    }
}
