package org.millwright.evidence;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.millwright.kernel.Json;

/**
 * The questions that records are asked, by name: cards show their answers, maps of frameworks name them. What another room
 * records joins by a line here.
 */
final class Queries {
    /** Before the id of a hand-written section. */
    private static final String SECTION = "section.";

    private static final Map<String, Query> ALL = all();

    /** What reads the records for one question. */
    private record Query(String title, Function<Dossier, Found> read) {}

    private Queries() {}

    private static Map<String, Query> all() {
        var all = new LinkedHashMap<String, Query>();
        all.put("purpose", new Query("Purpose, owner and risk", ProjectQueries::purpose));
        all.put("intake", new Query("Intake", ProjectQueries::intake));
        all.put("roles", new Query("People and roles", ProjectQueries::roles));
        all.put("data-lineage", new Query("Data", DataQueries::lineage));
        all.put("data-quality", new Query("Checks of the data", DataQueries::quality));
        all.put("training", new Query("Training", TrainingQueries::training));
        all.put("code", new Query("Code", TrainingQueries::code));
        all.put("environment", new Query("Environment", TrainingQueries::environment));
        all.put("reproduction", new Query("Made again", TrainingQueries::reproduction));
        all.put("metrics", new Query("Metrics", CheckQueries::metrics));
        all.put("slices", new Query("Metrics by slice", CheckQueries::slices));
        all.put("bias", new Query("Bias between groups", CheckQueries::bias));
        all.put("hand-off", new Query("Hand-off check", CheckQueries::handOff));
        all.put("signature", new Query("What it takes and gives", CheckQueries::signature));
        all.put("gate", new Query("Gate", CheckQueries::gate));
        all.put("policies", new Query("Policies", CheckQueries::policies));
        all.put("agreement", new Query("Agreement", ProjectQueries::agreement));
        all.put("approvals", new Query("Approvals", DecisionQueries::approvals));
        all.put("separation", new Query("Separation of duties", DecisionQueries::separation));
        all.put("findings", new Query("Findings of validation", DecisionQueries::findings));
        all.put("certificate", new Query("Certificate", DecisionQueries::certificate));
        all.put("deployments", new Query("Deployments", OperationQueries::deployments));
        all.put("monitoring", new Query("Monitoring", OperationQueries::monitoring));
        all.put("incidents", new Query("Alerts", OperationQueries::incidents));
        all.put("retraining", new Query("Training again", OperationQueries::retraining));
        all.put("stop", new Query("Stopping and taking back", OperationQueries::stop));
        all.put("changes", new Query("Changes", ProjectQueries::changes));
        all.put("event-log", new Query("Event log", OperationQueries::eventLog));
        for (Section section : Section.values()) {
            all.put(SECTION + section.id(), new Query(section.title(), dossier -> section(dossier, section)));
        }
        return all;
    }

    static Set<String> names() {
        return ALL.keySet();
    }

    static String section(Section section) {
        return SECTION + section.id();
    }

    static Answer answer(String name, Dossier dossier) {
        Query query = ALL.get(name);
        if (query == null) {
            throw new IllegalArgumentException("no query '" + name + "'");
        }
        return query.read().apply(dossier).answer(name, query.title());
    }

    private static Found section(Dossier dossier, Section section) {
        Written written = dossier.sections().get(section);
        if (written == null) {
            return Found.nothing("Nobody has written '" + section.title() + "'", section.owes());
        }
        return Found.of(firstLine(written.text()), record(written, dossier));
    }

    private static ObjectNode record(Written written, Dossier dossier) {
        return Json.object()
                .put("text", written.text())
                .put("sha256", CardSections.sha256(written.text()))
                .put("writtenFor", "model:" + dossier.model().name() + "/" + written.version())
                .put("by", dossier.name(written.author()))
                .put("at", written.at());
    }

    private static String firstLine(String text) {
        String line = text.lines().findFirst().orElse("");
        return line.length() > 120 ? line.substring(0, 120) + "…" : line;
    }
}
