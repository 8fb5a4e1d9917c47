package org.millwright.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.millwright.approval.Approval;
import org.millwright.approval.Approvals;
import org.millwright.approval.Releases;
import org.millwright.identity.Actor;
import org.millwright.identity.GovernedAction;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.lineage.Certificate;
import org.millwright.lineage.Certificates;
import org.millwright.pipeline.PipelineRun;
import org.millwright.project.ProjectFile;
import org.millwright.project.Projects;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.Versions;
import org.millwright.tracking.Metric;
import org.millwright.tracking.Run;
import org.millwright.tracking.Runs;

/** Puts together what the requirements of policies see, in the form that {@code PolicyVocabulary} documents. */
public final class PolicyFacts {
    private static final int ALL = 200_000;

    private final Projects projects;
    private final Versions versions;
    private final Runs runs;
    private final Gates gates;
    private final Approvals approvals;
    private final Releases releases;
    private final Certificates certificates;
    private final Function<String, Optional<PipelineRun>> pipelineRuns;
    private final Clock clock;

    /** @param pipelineRuns finds a run of a pipeline by its id */
    public PolicyFacts(
            Projects projects,
            Versions versions,
            Runs runs,
            Gates gates,
            Approvals approvals,
            Releases releases,
            Certificates certificates,
            Function<String, Optional<PipelineRun>> pipelineRuns,
            Clock clock) {
        this.projects = projects;
        this.versions = versions;
        this.runs = runs;
        this.gates = gates;
        this.approvals = approvals;
        this.releases = releases;
        this.certificates = certificates;
        this.pipelineRuns = pipelineRuns;
        this.clock = clock;
    }

    /** Everything that the record holds of an action now. */
    ObjectNode of(Actor by, GovernedAction action, String stage) {
        ObjectNode facts = Json.object();
        ObjectNode request = facts.putObject("request")
                .put("action", action.kind().text())
                .put("stage", stage)
                .put("target", action.target())
                .put("by", by.id())
                .put("person", by.isPerson());
        if (action.details().has("percent")) {
            request.put("percent", action.details().path("percent").asInt());
        }
        Optional<ModelVersion> version = version(action.subject());
        version.ifPresentOrElse(known -> of(facts, known, action.target()), () -> unregistered(facts, by, action));
        action.project().ifPresent(name -> project(facts, name));
        return facts;
    }

    /** The registered version that a reference such as {@code model:delays/3} names. */
    Optional<ModelVersion> version(String ref) {
        int slash = ref.lastIndexOf('/');
        return ref.startsWith("model:") && ref.substring(slash + 1).matches("[0-9]{1,18}")
                ? versions.find(
                        Actor.SYSTEM, ref.substring("model:".length(), slash), Long.parseLong(ref.substring(slash + 1)))
                : Optional.empty();
    }

    /** The versions that came from a run, a logged model or an experiment. */
    List<ModelVersion> from(String ref) {
        String id = ref.substring(ref.indexOf(':') + 1);
        return switch (ref.substring(0, ref.indexOf(':'))) {
            case "run" -> versions.ofRun(Actor.SYSTEM, id);
            case "logged-model" -> versions.ofLoggedModel(Actor.SYSTEM, id);
            case "experiment" ->
                versions.search(Actor.SYSTEM, "", List.of(), ALL, "").items().stream()
                        .filter(version -> version.runId()
                                .flatMap(run -> runs.find(Actor.SYSTEM, run))
                                .filter(run -> run.experimentId().equals(id))
                                .isPresent())
                        .toList();
            default -> List.of();
        };
    }

    private void unregistered(ObjectNode facts, Actor by, GovernedAction action) {
        ObjectNode version = facts.putObject("version");
        version.put("model", action.subject().substring(action.subject().indexOf(':') + 1));
        JsonNode asked = action.details();
        if (action.kind() == GovernedAction.Kind.REGISTER) {
            version.put("made_by", by.id()).put("source", asked.path("source").asText());
            version.set("tags", asked.path("tags"));
            origin(facts, version, text(asked.path("link")), text(asked.path("run")));
        }
    }

    private static Optional<String> text(JsonNode node) {
        return node.isTextual() ? Optional.of(node.asText()) : Optional.empty();
    }

    private void of(ObjectNode facts, ModelVersion known, String target) {
        ObjectNode version = facts.putObject("version")
                .put("model", known.name())
                .put("number", known.version())
                .put("state", known.state().name().toLowerCase(Locale.ROOT))
                .put("source", known.source())
                .put("made_by", known.madeBy())
                .put("age_days", days(known.createdAt()))
                .put("bundle", known.bundle().isPresent());
        version.set("tags", Json.tree(known.tags()));
        version.set("aliases", Json.tree(known.aliases()));
        known.handOff().ifPresent(handOff -> {
            ObjectNode node = version.putObject("handoff")
                    .put("agreed", handOff.clear())
                    .put("rows", handOff.rows())
                    .put("largest", handOff.difference())
                    .put("tolerance", handOff.tolerance());
            node.set("blocking", Json.tree(handOff.blocking()));
        });
        origin(facts, version, known.runLink(), known.runId());
        certificate(facts.putObject("certificate"), known.subject());
        approvals(facts.putObject("approvals"), known, target);
    }

    /** What made it: the gate of the pipeline's run saw its metrics; else the run that tracked it has some. */
    private void origin(ObjectNode facts, ObjectNode version, Optional<String> link, Optional<String> run) {
        Optional<PipelineRun> made = link.filter(ref -> ref.startsWith("run:"))
                .flatMap(ref -> pipelineRuns.apply(ref.substring("run:".length())));
        made.ifPresent(pipeline -> {
            version.put("pipeline", pipeline.pipeline())
                    .put("retrained", !pipeline.cause().isEmpty());
            var spec = projects.file(pipeline.project(), pipeline.projectFile()).environment();
            facts.putObject("environment")
                    .put("locked", true)
                    .put("python", spec.python())
                    .put("threads", spec.threads());
        });
        Optional<JsonNode> judged = made.map(PipelineRun::ref).flatMap(this::judged);
        if (judged.isPresent()) {
            evaluated(facts, judged.get());
        } else {
            run.flatMap(id -> runs.find(Actor.SYSTEM, id)).ifPresent(found -> metrics(facts, found));
        }
    }

    private Optional<JsonNode> judged(String run) {
        List<Judgement> judgements = gates.about(run);
        return judgements.isEmpty() ? Optional.empty() : Optional.of(gates.inputs(judgements.getLast()));
    }

    private static void evaluated(ObjectNode facts, JsonNode document) {
        if (document.path("metrics").isObject()) {
            facts.set("metrics", numbers(document.path("metrics")));
        }
        JsonNode champion = document.path("champion");
        ObjectNode known = facts.putObject("champion").put("exists", champion.isObject());
        known.set("metrics", numbers(champion));
        if (document.path("data").isObject()) {
            facts.withObject("/data").set("rows", document.path("data"));
        }
    }

    private static ObjectNode numbers(JsonNode node) {
        ObjectNode numbers = Json.object();
        node.properties().stream()
                .filter(field -> field.getValue().isNumber()
                        && Double.isFinite(field.getValue().doubleValue()))
                .forEach(field -> numbers.set(field.getKey(), field.getValue()));
        return numbers;
    }

    private static void metrics(ObjectNode facts, Run run) {
        ObjectNode metrics = facts.putObject("metrics");
        for (Metric metric : run.metrics()) {
            if (Double.isFinite(metric.value())) {
                metrics.put(metric.key(), metric.value());
            }
        }
    }

    private void certificate(ObjectNode node, String subject) {
        Optional<Certificate> certificate = certificates.of(subject);
        node.put("exists", certificate.isPresent())
                .put("revoked", certificate.flatMap(Certificate::revocation).isPresent());
        try {
            Optional<Instant> until = certificates.validUntil(subject);
            until.ifPresent(at ->
                    node.put("days_left", Duration.between(clock.instant(), at).toDays()));
            node.put(
                    "expired", until.filter(at -> !clock.instant().isBefore(at)).isPresent());
        } catch (Problem e) {
            node.put("problem", e.getMessage());
        }
    }

    private void approvals(ObjectNode node, ModelVersion version, String target) {
        ArrayNode items = node.putArray("items");
        Set<String> people = new TreeSet<>();
        String archive = version.bundle().map(ModelVersion.BundleRef::archive).orElse("");
        releases.decisions(version.name(), version.version())
                .forEach(approval -> item(
                        items,
                        people,
                        "release",
                        approval,
                        !archive.isEmpty() && archive.equals(approval.digests().get("archive"))));
        var names = new LinkedHashSet<>(List.of("champion", "Production", "Staging", target));
        names.addAll(version.aliases());
        String number = Long.toString(version.version());
        for (String name : names) {
            approvals
                    .about("alias:" + version.name() + "@" + name)
                    .forEach(approval -> item(
                            items,
                            people,
                            "alias",
                            approval,
                            number.equals(approval.digests().get("version"))
                                    && version.files().equals(approval.digests().get("files"))));
        }
        node.put("people", people.size()).put("cleared", isCleared(version, archive));
    }

    private void item(ArrayNode items, Set<String> people, String kind, Approval approval, boolean covers) {
        if (approval.state() != Approval.State.APPROVED) {
            return;
        }
        String by = approval.decidedBy().orElse("");
        items.addObject()
                .put("kind", kind)
                .put("subject", approval.subject())
                .put("by", by)
                .put("asked_by", approval.requestedBy())
                .put("age_days", days(approval.decidedAt().orElse(approval.requestedAt())))
                .put("covers", covers);
        if (covers) {
            people.add(by);
            approval.votes().forEach(vote -> people.add(vote.by()));
        }
    }

    private boolean isCleared(ModelVersion version, String archive) {
        try {
            releases.requireApproved(version.name(), Long.toString(version.version()), archive);
            return true;
        } catch (Problem e) {
            return false;
        }
    }

    private void project(ObjectNode facts, String name) {
        projects.find(name).ifPresent(project -> {
            ObjectNode node = facts.putObject("project")
                    .put("name", name)
                    .put("state", project.state().name().toLowerCase(Locale.ROOT));
            Optional<ProjectFile> file = projects.file(name);
            file.ifPresent(found -> {
                node.put("risk_tier", found.riskTier().text()).put("owner", found.owner());
                ArrayNode classes = facts.withObject("/data").putArray("classifications");
                found.data().forEach(use -> classes.add(use.classification()));
            });
        });
        ObjectNode agreement = facts.putObject("agreement");
        var inForce = projects.agreement(name);
        agreement.put("in_force", inForce.isPresent());
        inForce.ifPresent(found -> {
            agreement
                    .put("retrains", found.retrain().isPresent())
                    .put("investigator", found.investigate().who());
            agreement.set("clauses", Json.tree(found.clauses()));
        });
    }

    private long days(long since) {
        return Math.max(0, Duration.ofMillis(clock.millis() - since).toDays());
    }
}
