package org.millwright.web.mlflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.tracking.Runs;

/** Endpoints of metric histories. */
final class MetricRoutes {
    private static final int PAGE = 25_000;
    private static final int WHOLE = 1_000_000;
    private static final int MAX_RUNS = 100;
    private static final int MAX_STEPS = 2_500;

    private final Runs runs;

    MetricRoutes(Runs runs) {
        this.runs = runs;
    }

    void add(Endpoints endpoints) {
        endpoints.add("GET", "metrics/get-history", this::history);
        endpoints.add("GET", "metrics/get-history-bulk", this::bulk);
        endpoints.add("GET", "metrics/get-history-bulk-interval", this::interval);
    }

    private JsonNode history(Call call) {
        Fields fields = call.fields();
        int limit = fields.count("max_results").filter(count -> count > 0).orElse(WHOLE);
        var page = runs.history(
                call.by(),
                fields.runId(),
                fields.need("metric_key"),
                Math.min(limit, WHOLE),
                fields.text("page_token").orElse(""));
        return MlflowJson.page("metrics", page, RunJson::metric);
    }

    private JsonNode bulk(Call call) {
        List<String> ids = call.request().query().all("run_id", List::of);
        if (ids.isEmpty()) {
            throw new Problem.Invalid("GetMetricHistoryBulk request must specify at least one run_id.");
        }
        if (ids.size() > MAX_RUNS) {
            throw new Problem.Invalid("GetMetricHistoryBulk request cannot specify more than " + MAX_RUNS
                    + " run_ids. Received " + ids.size() + " run_ids.");
        }
        String key = call.fields()
                .text("metric_key")
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> new Problem.Invalid("GetMetricHistoryBulk request must specify a metric_key."));
        int limit = call.fields().count("max_results").orElse(PAGE);
        return metrics(runs.histories(call.by(), ids, key, Math.clamp(limit, 1, PAGE)));
    }

    private JsonNode interval(Call call) {
        Fields fields = call.fields();
        List<String> ids = fields.texts("run_ids");
        if (ids.isEmpty()) {
            throw fields.missing("run_ids");
        }
        if (ids.size() > MAX_RUNS) {
            throw new Problem.Invalid("GetMetricHistoryBulkInterval request must specify at most " + MAX_RUNS
                    + " run_ids. Received " + ids.size() + " run_ids.");
        }
        String key = fields.need("metric_key");
        int limit = fields.count("max_results").orElse(MAX_STEPS);
        if (limit < 1 || limit > MAX_STEPS) {
            throw new Problem.Invalid("max_results must be between 1 and " + MAX_STEPS + ".");
        }
        Optional<Long> from = fields.whole("start_step");
        Optional<Long> to = fields.whole("end_step");
        if (from.isPresent() != to.isPresent()) {
            throw new Problem.Invalid("If either start step or end step are specified, both must be specified.");
        }
        if (from.isPresent() && from.get() > to.orElseThrow()) {
            throw new Problem.Invalid("end_step must be greater than start_step. Found start_step=" + from.get()
                    + " and end_step=" + to.get() + ".");
        }
        return metrics(runs.thinned(call.by(), ids, key, from, to, limit));
    }

    private static ObjectNode metrics(List<Runs.RunMetric> values) {
        ObjectNode node = Json.object();
        MlflowJson.list(
                node, "metrics", new ArrayList<>(values), value -> RunJson.metric(value.metric(), value.runId()));
        return node;
    }
}
