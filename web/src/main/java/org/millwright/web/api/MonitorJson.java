package org.millwright.web.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.millwright.alert.Alert;
import org.millwright.alert.Judgement;
import org.millwright.alert.Standing;
import org.millwright.alert.Window;
import org.millwright.drift.DriftJson;
import org.millwright.kernel.Json;
import org.millwright.monitor.Overviews.Overview;
import org.millwright.monitor.Overviews.Period;
import org.millwright.retraining.Retrainings;
import org.millwright.signal.SignalJson;
import org.millwright.window.Watched;

/** Monitoring as JSON; times as ISO text, figures without a value left out. */
final class MonitorJson {
    private MonitorJson() {}

    static ObjectNode of(Overview overview, List<Retrainings.Decided> decisions) {
        Watched watched = overview.deployment();
        ObjectNode json = Json.object()
                .put("deployment", watched.deployment())
                .put("project", watched.project())
                .put("model", watched.model());
        time(json, "watermark", watched.watermark());
        time(json, "labelWatermark", watched.labelWatermark());
        json.put("waiting", overview.waiting())
                .put("dropped", watched.dropped())
                .put("duplicates", watched.duplicates())
                .put("skewed", watched.skewed())
                .put("pendingLabels", overview.pendingLabels())
                .put("contradictions", overview.contradictions());
        ArrayNode clauses = json.putArray("clauses");
        overview.standings().forEach(standing -> clauses.add(of(standing)));
        ArrayNode windows = json.putArray("windows");
        overview.windows().forEach(period -> windows.add(of(period)));
        ArrayNode alerts = json.putArray("alerts");
        overview.alerts().forEach(alert -> alerts.add(of(alert, UnaryOperator.identity())));
        ArrayNode retrainings = json.putArray("retrainings");
        decisions.forEach(decided -> {
            ObjectNode node = retrainings
                    .addObject()
                    .put("event", decided.event())
                    .put("decision", decided.decision())
                    .put("reason", decided.reason());
            decided.alertId().ifPresent(alert -> node.put("alert", alert));
            decided.run().ifPresent(run -> node.put("run", run));
            time(node, "dataEnd", decided.dataEnd());
            time(node, "at", decided.at());
        });
        return json;
    }

    static ObjectNode of(Standing standing) {
        ObjectNode json = Json.object()
                .put("clause", standing.clause().text())
                .put("standing", standing.verdict().text());
        standing.since().ifPresent(since -> json.put("since", since.label()));
        standing.newest().ifPresent(newest -> json.set("newest", of(newest)));
        return json;
    }

    private static ObjectNode of(Period period) {
        ObjectNode json = window(Json.object(), period.state().window())
                .put("version", period.state().version())
                .put("leading", period.leading())
                .put("closed", period.closed())
                .put("labelsClosed", period.labelsClosed())
                .put("rows", period.state().rows())
                .put("late", period.state().late())
                .put("labels", period.state().labels())
                .put("coverage", period.state().coverage());
        json.set("performance", period.performance().toJson());
        period.drift().ifPresent(drift -> json.set("drift", DriftJson.of(drift)));
        period.multivariate().ifPresent(drift -> json.set("multivariate", SignalJson.of(drift)));
        ArrayNode judged = json.putArray("judged");
        period.judgements().forEach(judgement -> judged.add(of(judgement)));
        return json;
    }

    static ObjectNode of(Judgement judgement) {
        ObjectNode json = window(Json.object(), judgement.window())
                .put("version", judgement.version())
                .put("clause", judgement.clause().text())
                .put("verdict", judgement.verdict().text())
                .put("leading", judgement.leading())
                .put("method", judgement.method())
                .put("threshold", judgement.threshold())
                .put("n", judgement.n())
                .put("note", judgement.note());
        if (Double.isFinite(judgement.measured())) {
            json.put("value", judgement.measured());
        }
        time(json, "at", judgement.judgedAt());
        return json;
    }

    /** @param names the name of a person by id */
    static ObjectNode of(Alert alert, UnaryOperator<String> names) {
        ObjectNode json = window(Json.object(), alert.window())
                .put("id", alert.id())
                .put("state", alert.state().text())
                .put("subject", alert.subject().ref())
                .put("page", alert.subject().page())
                .put("deployment", alert.deployment())
                .put("project", alert.project())
                .put("model", alert.model())
                .put("version", alert.version())
                .put("clause", alert.clause().text())
                .put("method", alert.method())
                .put("value", alert.measured())
                .put("threshold", alert.threshold())
                .put("n", alert.n())
                .put("message", alert.message())
                .put("quiet", alert.quiet())
                .put("investigate", alert.assignee());
        time(json, "raisedAt", alert.raisedAt());
        alert.acknowledged().ifPresent(decision -> json.set("acknowledged", of(decision, names)));
        alert.resolved().ifPresent(decision -> json.set("resolved", of(decision, names)));
        return json;
    }

    private static ObjectNode of(Alert.Decision decision, UnaryOperator<String> names) {
        ObjectNode json = Json.object().put("by", names.apply(decision.by())).put("note", decision.note());
        time(json, "at", decision.at());
        return json;
    }

    private static ObjectNode window(ObjectNode json, Window window) {
        json.put("window", window.label());
        time(json, "start", window.start());
        time(json, "end", window.end());
        return json;
    }

    private static void time(ObjectNode json, String name, long millis) {
        if (millis > 0) {
            json.put(name, Instant.ofEpochMilli(millis).toString());
        }
    }
}
