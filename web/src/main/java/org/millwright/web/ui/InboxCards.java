package org.millwright.web.ui;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.millwright.approval.Condition;
import org.millwright.approval.Finding;
import org.millwright.approval.Inbox;
import org.millwright.approval.Reproduced;
import org.millwright.gate.Gates;
import org.millwright.gate.Judgement;
import org.millwright.kernel.Json;
import org.millwright.project.Agreement;
import org.millwright.project.ProjectFile;
import org.millwright.project.ProjectVersion;
import org.millwright.project.Projects;
import org.millwright.serving.Deployments;

/** Gathers what an approver is to know of a request. */
final class InboxCards {
    /** What has a place of its own on the card. */
    private static final Set<String> PLACED = Set.of("metrics", "champion", "sinceLastTime", "riskTier", "approvers");

    private final Gates gates;
    private final Deployments deployments;
    private final Projects projects;

    InboxCards(Gates gates, Deployments deployments, Projects projects) {
        this.gates = gates;
        this.deployments = deployments;
        this.projects = projects;
    }

    InboxCard card(Inbox.Item item) {
        JsonNode shown = item.shown();
        Optional<Judgement> gate = Optional.of(shown.path("gate").asText(""))
                .filter(id -> !id.isEmpty())
                .flatMap(gates::find);
        JsonNode inputs = gate.map(gates::inputs).orElseGet(() -> asGate(shown));
        var facts = new ArrayList<Map.Entry<String, String>>();
        shown.properties().stream()
                .filter(field ->
                        !PLACED.contains(field.getKey()) || item.approval().isEmpty())
                .filter(field -> !field.getKey().equals(Inbox.IN_FORCE))
                .forEach(field -> flatten(field.getKey(), field.getValue(), facts));
        return new InboxCard(
                item,
                changes(item),
                lines(item),
                asked(item),
                facts,
                since(shown),
                gate,
                Evaluation.rows(inputs),
                Evaluation.slices(inputs),
                Evaluation.figure(inputs),
                inputs.path("champion").path("version").asText(""),
                list(item, "findings", Finding.class),
                list(item, "conditions", Condition.class),
                Optional.ofNullable(item.context().get("reproduction")).map(Reproduced.class::cast),
                refusal(item),
                back(item));
    }

    private static <T> List<T> list(Inbox.Item item, String name, Class<T> type) {
        return item.context().get(name) instanceof List<?> list
                ? list.stream().map(type::cast).toList()
                : List.of();
    }

    /** Metrics that the pipeline showed itself, where no gate judged. */
    private static JsonNode asGate(JsonNode shown) {
        return Json.object()
                .<com.fasterxml.jackson.databind.node.ObjectNode>set("metrics", shown.path("metrics"))
                .set("champion", shown.path("champion"));
    }

    private static List<InboxCard.Changed> since(JsonNode shown) {
        var changed = new ArrayList<InboxCard.Changed>();
        for (String kind : List.of("digests", "facts")) {
            shown.path("sinceLastTime")
                    .path(kind)
                    .forEach(one -> changed.add(new InboxCard.Changed(
                            one.path("name").asText(),
                            one.path("was").asText(),
                            one.path("is").asText())));
        }
        return changed;
    }

    private String changes(Inbox.Item item) {
        if (!item.ref().startsWith("release:")) {
            return "";
        }
        String version = "Version " + item.shown().path("version").asText() + " of "
                + item.shown().path("model").asText();
        String deployment = item.shown().path("deployment").asText();
        return production(item)
                .map(before -> version + " is to take over at " + deployment + " from version " + before + ".")
                .orElse(version + " is to be the first that answers at " + deployment + ".");
    }

    /** What is proposed against what is in force; nothing where nothing is. */
    private List<LineChange> lines(Inbox.Item item) {
        if (item.ref().startsWith("project:")) {
            Optional<ProjectVersion> proposed = projects.proposal(item.project());
            Optional<ProjectVersion> before = projects.versions(item.project()).stream()
                    .filter(version -> version.state() == ProjectVersion.State.APPROVED)
                    .findFirst();
            return proposed.flatMap(now -> before.map(old -> LineChange.between(old.text(), now.text())))
                    .orElse(List.of());
        }
        String before = item.shown().path(Inbox.IN_FORCE).asText();
        return before.isEmpty()
                ? List.of()
                : LineChange.between(before, item.shown().path(Agreement.FILE).asText());
    }

    /** The file that is asked for; for everything else the one in force. */
    private Optional<InboxCard.Asked> asked(Inbox.Item item) {
        Optional<ProjectFile> file = item.ref().startsWith("project:")
                ? projects.proposal(item.project()).map(ProjectVersion::file)
                : projects.file(item.project());
        return file.map(found -> new InboxCard.Asked(found, projects.assessment(found.name(), found.digest())));
    }

    private String refusal(Inbox.Item item) {
        if (item.ref().startsWith("release:")) {
            return production(item)
                    .map(version -> "Version " + version + " goes on answering; this one is not deployed.")
                    .orElse("Nothing is deployed: there is no version before it.");
        }
        return item.ref().startsWith("alias:") ? "The name stays where it is." : "What is in force stays in force.";
    }

    private Optional<String> production(Inbox.Item item) {
        return deployments.find(item.shown().path("deployment").asText()).flatMap(found -> found.production());
    }

    private String back(Inbox.Item item) {
        if (!item.ref().startsWith("release:")) {
            return "";
        }
        String name = item.shown().path("deployment").asText();
        String plan = projects.file(item.project())
                .flatMap(file -> file.release().rollout())
                .map(rollout -> rollout.steps().stream()
                        .map(step -> (step.mode().name().toLowerCase(Locale.ROOT)) + " " + step.percent() + " %")
                        .reduce("", (all, step) -> all.isEmpty() ? step : all + ", then " + step))
                .map(steps -> "It is tried first (" + steps + ") and taken back by itself when it fails. ")
                .orElse("A person begins the trial. ");
        return plan
                + production(item)
                        .map(version -> "Back to version " + version + " in one step: mw rollback " + name)
                        .orElse("There is nothing to roll back to; mw deployment stop " + name + " ends it.");
    }

    private static void flatten(String name, JsonNode node, List<Map.Entry<String, String>> facts) {
        if (node.isObject()) {
            node.properties().forEach(field -> flatten(name + " · " + field.getKey(), field.getValue(), facts));
        } else if (node.isArray() && node.size() > 0 && node.get(0).isObject()) {
            for (int i = 0; i < node.size(); i++) {
                flatten(name + " " + (i + 1), node.get(i), facts);
            }
        } else if (node.isFloatingPointNumber()) {
            facts.add(Map.entry(name, Text.number(node.asDouble())));
        } else {
            facts.add(Map.entry(name, node.isValueNode() ? node.asText() : node.toString()));
        }
    }
}
