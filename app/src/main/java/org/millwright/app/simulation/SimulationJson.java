package org.millwright.app.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millwright.kernel.Json;

/** A simulation as JSON; what is not known is left out. */
public final class SimulationJson {
    static final String NOTE = "Note: ";

    private static final double ROUND = 1e6;

    private SimulationJson() {}

    /** What it came to, in sentences. */
    public static List<String> sentences(Simulated simulated) {
        var sentences = new ArrayList<String>();
        sentences.add(simulated.verdict());
        sentences.add(simulated.saved());
        simulated.control().ifPresent(control -> sentences.add("Without the faults: " + simulated.saved(control)));
        sentences.add(simulated.alarms());
        simulated.findings().stream()
                .filter(Finding::masked)
                .forEach(finding ->
                        sentences.add("An alert came while " + finding.fault().text()
                                + " held, but in the control as well: it says nothing about the fault."));
        Observed.Totals totals = simulated.observed().totals();
        sentences.add(Figures.count(totals.rows()) + " rows answered, " + Figures.count(totals.outcomes())
                + " outcomes sent"
                + (totals.refused() > 0 ? ", " + Figures.count(totals.refused()) + " rows refused" : "")
                + ".");
        simulated.observed().problems().forEach(problem -> sentences.add(NOTE + problem));
        return sentences;
    }

    public static ObjectNode of(Simulated simulated) {
        ObjectNode json = Json.object()
                .put("deployment", simulated.name())
                .put("from", simulated.from())
                .put("to", simulated.to())
                .put("labelDelay", simulated.labelDelay())
                .put("caught", simulated.isCaught())
                .put("verdict", simulated.verdict())
                .put("saved", simulated.saved())
                .put("alarms", simulated.alarms())
                .put("falseAlarms", simulated.falseAlarms())
                .put("windowsWithoutFault", simulated.windowsWithoutFault());
        ArrayNode faults = json.putArray("faults");
        simulated.findings().forEach(finding -> faults.add(of(finding)));
        ArrayNode unexplained = json.putArray("unexplained");
        simulated
                .unexplained()
                .forEach(one -> unexplained.add(
                        of(one.alert()).put("false", one.isFalse()).put("control", one.inControl())));
        run(json, simulated.observed());
        simulated.control().ifPresent(control -> run(json.putObject("control"), control));
        return json;
    }

    private static void run(ObjectNode json, Observed run) {
        json.put("rows", run.totals().rows())
                .put("outcomes", run.totals().outcomes())
                .put("refused", run.totals().refused())
                .put("failed", run.totals().failed())
                .put("metric", run.kind().metric())
                .put("compared", run.compared());
        ArrayNode problems = json.putArray("problems");
        run.problems().forEach(problems::add);
        json.set("loss", of(run.whole()));
        ArrayNode windows = json.putArray("windows");
        run.periods().forEach(period -> {
            ObjectNode window = of(period);
            run.limit(period).ifPresent(limit -> put(window, "limit", limit));
            windows.add(window.put("events", String.join("; ", events(run, period))));
        });
        ArrayNode judged = json.putArray("judged");
        run.judged().forEach(one -> judged.add(of(one)));
        ArrayNode alerts = json.putArray("alerts");
        run.alerts().forEach(alert -> alerts.add(of(alert)));
        ArrayNode retrainings = json.putArray("retrainings");
        run.retrainings().forEach(one -> {
            ObjectNode node = seen(retrainings.addObject(), one.seen())
                    .put("alert", one.alert())
                    .put("decision", one.decision())
                    .put("reason", one.reason());
            one.run()
                    .ifPresent(id ->
                            node.put("run", id).put("status", one.status()).put("told", one.told()));
        });
        ArrayNode releases = json.putArray("releases");
        run.releases().forEach(one -> seen(releases.addObject().put("version", one.version()), one.seen()));
    }

    /** What happened when: alerts of a window, and what was done in its time. */
    static List<String> events(Observed run, Losses.Period period) {
        var events = new ArrayList<String>();
        run.alerts().stream()
                .filter(alert -> alert.window().start() == period.start())
                .forEach(alert -> events.add("alert " + alert.clause() + " (known "
                        + Stretch.day(alert.seen().at()) + ")"));
        run.retrainings().stream()
                .filter(one -> one.run().isPresent() && isIn(period, one.seen()))
                .forEach(one -> events.add("retraining " + one.status()));
        run.releases().stream()
                .filter(one -> isIn(period, one.seen()))
                .forEach(one -> events.add("version " + one.version() + " in production"));
        return events;
    }

    private static boolean isIn(Losses.Period period, Observed.Seen seen) {
        return seen.at() > period.start() && seen.at() <= period.end();
    }

    private static ObjectNode of(Finding finding) {
        ObjectNode json = Json.object()
                .put("fault", finding.fault().text())
                .put("caught", finding.isCaught())
                .put("withoutControl", finding.uncertain())
                .put("masked", finding.masked());
        sign(json, "note", finding.note());
        sign(json, "atRisk", finding.atRisk());
        sign(json, "alert", finding.alert());
        finding.column().ifPresent(right -> json.put("columnNamed", right));
        return json;
    }

    private static void sign(ObjectNode json, String name, Optional<Finding.Sign> sign) {
        sign.ifPresent(one -> json.putObject(name)
                .put("what", one.what())
                .put("window", one.window())
                .put("known", Stretch.day(one.seen().at()))
                .put("delay", one.days())
                .put("delayMillis", one.delay())
                .put("rows", one.rows()));
    }

    private static ObjectNode of(Losses.Period period) {
        ObjectNode json = Json.object()
                .put("window", period.window())
                .put("start", Stretch.day(period.start()))
                .put("n", period.n());
        put(json, "production", period.production());
        put(json, "held", period.held());
        put(json, "saved", period.saved());
        put(json, "low", period.low());
        put(json, "high", period.high());
        put(json, "spared", period.kept());
        return json;
    }

    private static ObjectNode of(Observed.Judged one) {
        ObjectNode json = seen(Json.object(), one.seen())
                .put("window", one.window().window())
                .put("clause", one.clause())
                .put("verdict", one.verdict())
                .put("version", one.version())
                .put("method", one.method())
                .put("n", one.n())
                .put("note", one.note());
        put(json, "value", one.value());
        put(json, "threshold", one.threshold());
        return json;
    }

    private static ObjectNode of(Observed.Raised alert) {
        ObjectNode json = seen(Json.object(), alert.seen())
                .put("id", alert.id())
                .put("window", alert.window().window())
                .put("clause", alert.clause())
                .put("version", alert.version())
                .put("message", alert.message())
                .put("confirmed", alert.confirmed());
        put(json, "value", alert.value());
        put(json, "threshold", alert.threshold());
        return json;
    }

    private static ObjectNode seen(ObjectNode json, Observed.Seen seen) {
        return json.put("known", Stretch.day(seen.at())).put("rows", seen.rows());
    }

    private static void put(JsonNode json, String name, double value) {
        if (Double.isFinite(value)) {
            ((ObjectNode) json).put(name, Math.round(value * ROUND) / ROUND);
        }
    }
}
