package org.millwright.history;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.StreamSupport;

/** What was the case, in words that a person who decides reads first. */
public final class Sentence {
    private final History.Moment moment;
    private final UnaryOperator<String> names;

    private Sentence(History.Moment moment, UnaryOperator<String> names) {
        this.moment = moment;
        this.names = names;
    }

    /** @param names tells the name of a person from the id that entries hold */
    public static String of(History.Moment moment, UnaryOperator<String> names) {
        return new Sentence(moment, names).text();
    }

    private String text() {
        State asset = moment.asset();
        if (asset.facts().isEmpty()) {
            return "Nothing was recorded about " + asset.ref() + " by then.";
        }
        return switch (Tellings.kind(asset.ref())) {
            case "model" -> model(asset);
            case "version" -> version(asset);
            case "deployment" -> deployment(asset) + ".";
            case "project" -> project(asset);
            case "agreement" -> agreement(asset).orElse("No agreement was in force");
            case "dataset" -> dataset(asset);
            default -> run(asset);
        };
    }

    private String model(State model) {
        if (model.fact("deleted").isPresent()) {
            return model.ref() + " was deleted.";
        }
        if (model.fact("renamed").isPresent()) {
            return model.ref() + " was called model:" + model.text("renamed") + ".";
        }
        var sentences = new ArrayList<String>();
        List<State> deployments = moment.assets().stream()
                .filter(state -> state.ref().startsWith("deployment:"))
                .toList();
        deployments.forEach(each -> sentences.add(deployment(each)));
        if (deployments.isEmpty()) {
            sentences.add("Nothing of " + model.ref() + " was deployed");
        }
        deployments.forEach(each -> each.fact("production")
                .map(fact -> moment.of(model.ref() + "/" + fact.value().asText()))
                .filter(state -> !state.facts().isEmpty())
                .ifPresent(state -> sentences.addAll(about(state))));
        agreement(moment.of("agreement:" + model.ref().substring("model:".length())))
                .ifPresent(sentences::add);
        return String.join(". ", sentences) + ".";
    }

    private String version(State version) {
        if (version.fact("deleted").isPresent()) {
            return version.ref() + " was deleted.";
        }
        var sentences = new ArrayList<>(about(version));
        if (sentences.isEmpty()) {
            sentences.add(version.ref() + " was registered, nothing else was recorded about it");
        }
        return String.join(". ", sentences) + ".";
    }

    /** How a version was made, checked and approved. */
    private List<String> about(State version) {
        var sentences = new ArrayList<String>();
        var data = new ArrayList<String>();
        version.fact("data")
                .ifPresent(fact -> fact.value()
                        .forEach(each -> data.add(each.path("ref").asText() + " ("
                                + shortened(each.path("sha256").asText()) + ")")));
        if (!data.isEmpty()) {
            int more = data.size() - 3;
            sentences.add(version.ref() + " was trained on "
                    + String.join(", ", data.subList(0, Math.min(3, data.size())))
                    + (more > 0 ? " and " + more + " more" : ""));
        }
        version.fact("certificate")
                .ifPresent(fact -> sentences.add(
                        fact.value().path("state").asText().equals("revoked")
                                ? "Its certificate was revoked: "
                                        + fact.value().path("reason").asText()
                                : "Its certificate was valid"));
        moment.of(version.text("made"))
                .fact("gate")
                .ifPresent(fact -> sentences.add("Its gate "
                        + (fact.value().path("passed").asBoolean() ? "passed" : "did not pass") + gate(fact)));
        version.facts("approval.").stream()
                .reduce((first, second) -> first.index() > second.index() ? first : second)
                .ifPresent(fact -> sentences.add(
                        "Its release was " + fact.value().path("decision").asText() + " by " + names.apply(fact.by())));
        return sentences;
    }

    private static String gate(Fact fact) {
        long rules = fact.value().path("verdicts").size();
        long passed = StreamSupport.stream(fact.value().path("verdicts").spliterator(), false)
                .filter(verdict -> verdict.path("outcome").asText().startsWith("PASS"))
                .count();
        return rules == 0 ? "" : " (" + passed + " of " + rules + " rules)";
    }

    private String deployment(State deployment) {
        String name = deployment.ref().substring("deployment:".length());
        String production = deployment.text("production");
        Optional<JsonNode> candidate = deployment.fact("candidate").map(Fact::value);
        int percent = candidate.map(value -> value.path("percent").asInt()).orElse(0);
        var text = new StringBuilder();
        if (production.isEmpty()) {
            text.append("Nothing was in production at ").append(name);
        } else {
            text.append("Version ")
                    .append(production)
                    .append(" of ")
                    .append(deployment.text("model"))
                    .append(" was in production at ")
                    .append(name)
                    .append(percent > 0 ? " with " + (100 - percent) + " % of the requests" : "");
        }
        candidate.ifPresent(value -> text.append(", version ")
                .append(value.path("version").asText())
                .append(
                        switch (value.path("as").asText()) {
                            case "canary" -> " was tried with " + percent + " %";
                            case "shadow" -> " was tried unseen";
                            case "planned" -> " was staged, its trial planned";
                            default -> " was staged";
                        }));
        deployment
                .fact("halted")
                .ifPresent(fact -> text.append(", stopped: ")
                        .append(fact.value().path("reason").asText("no reason was recorded")));
        int alerts = deployment.facts("alert.").size();
        if (alerts > 0) {
            text.append(", ").append(alerts).append(alerts == 1 ? " alert was open" : " alerts were open");
        }
        return text.toString();
    }

    private String project(State project) {
        String owner = project.fact("approved")
                .map(fact -> ", its file " + shortened(fact.value().path("file").asText()) + " approved by "
                        + names.apply(fact.by()))
                .orElse("");
        String waiting =
                project.fact("proposed").isPresent() && !project.text("state").equals("requested")
                        ? ", a change of its file waited for a decision"
                        : "";
        return project.ref() + " was " + project.text("state") + owner + waiting + ".";
    }

    private static Optional<String> agreement(State agreement) {
        return agreement
                .fact("in-force")
                .map(fact ->
                        "The agreement " + shortened(fact.value().path("file").asText()) + " was in force");
    }

    private static String dataset(State dataset) {
        return dataset.fact("version")
                .map(fact -> dataset.ref() + " was "
                        + (fact.value().path("accepted").asBoolean() ? "accepted" : "in quarantine") + " with "
                        + fact.value().path("rows").asLong() + " rows ("
                        + shortened(fact.value().path("sha256").asText()) + ").")
                .orElseGet(() ->
                        dataset.ref() + " had " + dataset.facts("version.").size() + " versions.");
    }

    private static String run(State run) {
        return run.ref() + " "
                + run.fact("ended")
                        .map(fact -> "had ended: "
                                + fact.value()
                                        .path("status")
                                        .asText(fact.value().path("as").asText()))
                        .orElse("had begun")
                + run.fact("gate")
                        .map(fact ->
                                ", its gate " + (fact.value().path("passed").asBoolean() ? "passed" : "did not pass"))
                        .orElse("")
                + ".";
    }

    private static String shortened(String digest) {
        return digest.length() > 12 ? digest.substring(0, 12) + "…" : digest;
    }
}
