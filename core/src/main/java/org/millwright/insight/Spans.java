package org.millwright.insight;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which versions answered at which deployment in which time, by what the ledger says of deployments. */
final class Spans {
    private Spans() {}

    /**
     * A time in which a version answered, in milliseconds since the epoch.
     *
     * @param model name of the model whose version it is
     * @param trial whether it answered or saw a share of the requests only
     * @param until empty while it still does
     */
    record Span(String deployment, String model, String version, boolean trial, long from, Optional<Long> until) {
        String ref() {
            return "model:" + model + "/" + version;
        }

        boolean holds(long at) {
            return from <= at && until.map(end -> at < end).orElse(true);
        }

        private Span end(long at) {
            return new Span(deployment, model, version, trial, from, Optional.of(at));
        }
    }

    /** Those of all deployments in the events, the oldest first for each of them. */
    static List<Span> of(List<Event> events) {
        Map<String, Span> production = new LinkedHashMap<>();
        Map<String, Span> trial = new LinkedHashMap<>();
        var ended = new ArrayList<Span>();
        for (Event event : events) {
            Optional<String> deployment = event.about("deployment");
            Optional<String> model = event.about("model").map(Chronicle::name);
            if (!event.action().startsWith("deployment.") || deployment.isEmpty() || model.isEmpty()) {
                continue;
            }
            String name = deployment.get();
            if (event.is("deployment.canary-started")) {
                begin(
                        new Span(name, model.get(), event.text("version"), true, event.at(), Optional.empty()),
                        trial,
                        ended);
            } else if (event.is("deployment.promoted", "deployment.canary-abandoned")) {
                end(name, event.at(), trial, ended);
            }
            String now = event.text("production");
            Span before = production.get(name);
            if (!now.isEmpty() && (before == null || !before.version().equals(now))) {
                begin(new Span(name, model.get(), now, false, event.at(), Optional.empty()), production, ended);
            }
        }
        ended.addAll(production.values());
        ended.addAll(trial.values());
        ended.sort((a, b) -> Long.compare(a.from(), b.from()));
        return ended;
    }

    private static void begin(Span span, Map<String, Span> open, List<Span> ended) {
        end(span.deployment(), span.from(), open, ended);
        open.put(span.deployment(), span);
    }

    private static void end(String deployment, long at, Map<String, Span> open, List<Span> ended) {
        Span span = open.remove(deployment);
        if (span != null) {
            ended.add(span.end(at));
        }
    }
}
