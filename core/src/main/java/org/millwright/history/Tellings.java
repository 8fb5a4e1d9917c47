package org.millwright.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.millwright.kernel.Json;
import org.millwright.ledger.Entry;

/**
 * What an entry tells about an asset: facts that begin, and facts that end.
 *
 * <p>Each entry says by itself what it tells, whatever was before: so a fact is proven by the one entry that began it.
 */
final class Tellings {
    /** Facts by name; an empty one ends. A name that ends in {@code .*} stands for all that begin so. */
    private final Map<String, Optional<JsonNode>> changes = new LinkedHashMap<>();

    private final String ref;
    private final Entry entry;
    private final JsonNode details;

    private Tellings(String ref, Entry entry) {
        this.ref = ref;
        this.entry = entry;
        this.details = entry.details();
    }

    /** The entries that tell something, by the kind of the asset. */
    private static final Map<String, Set<String>> ACTIONS = Map.of(
            "model",
            Set.of(
                    "model.registered",
                    "model.adopted",
                    "model.renamed",
                    "model.deleted",
                    "model.published",
                    "model.version-registered",
                    "model.version-deleted",
                    "model.alias-set",
                    "model.alias-deleted",
                    "release.requested",
                    "agreement.in-force"),
            "version",
            Set.of(
                    "model.version-registered",
                    "model.version-deleted",
                    "model.deleted",
                    "model.stage-changed",
                    "model.bundled",
                    "model.hand-off-checked",
                    "model.version-certified",
                    "model.version-recertified",
                    "certificate.revoked",
                    "release.requested",
                    "release.approved",
                    "release.refused",
                    "release.sent-back",
                    "release.lapsed",
                    "release.break-glass",
                    "release.break-glass-expired",
                    "release.break-glass-confirmed",
                    "release.break-glass-refused",
                    "release.staged",
                    "release.canary",
                    "release.production",
                    "release.replaced",
                    "release.rolled-back",
                    "release.failed",
                    "approval.approved",
                    "approval.refused",
                    "approval.void",
                    "approval.expired",
                    "approval.sent-back"),
            "deployment",
            Set.of(
                    "deployment.staged",
                    "deployment.trial-planned",
                    "deployment.trial-not-begun",
                    "deployment.canary-started",
                    "deployment.plan-changed",
                    "deployment.step-passed",
                    "deployment.promoted",
                    "deployment.rolled-back",
                    "deployment.canary-abandoned",
                    "deployment.previous-withdrawn",
                    "deployment.stopped",
                    "deployment.resumed",
                    "alert.raised",
                    "alert.resolved"),
            "project",
            Set.of(
                    "project.requested",
                    "project.change-requested",
                    "project.approved",
                    "project.refused",
                    "project.sent-back",
                    "project.paused",
                    "project.resumed",
                    "project.retired"),
            "agreement",
            Set.of(
                    "agreement.proposed",
                    "agreement.accepted",
                    "agreement.in-force",
                    "agreement.refused",
                    "agreement.sent-back"),
            "dataset",
            Set.of("dataset.version-accepted", "dataset.version-quarantined", "certificate.revoked"),
            "run",
            Set.of("gate.judged", "pipeline-run.started", "pipeline-run.ended", "pipeline-run.cancelled"));

    /** The kind of an asset; "" for one about which nothing is told. */
    static String kind(String ref) {
        int colon = ref.indexOf(':');
        String kind = colon < 0 ? "" : ref.substring(0, colon);
        if (kind.equals("model") && ref.indexOf('/') > 0) {
            return "version";
        }
        return ACTIONS.containsKey(kind) && !kind.equals("version") && colon + 1 < ref.length() ? kind : "";
    }

    static Set<String> actions(String ref) {
        return ACTIONS.getOrDefault(kind(ref), Set.of());
    }

    /** What the entry tells about the asset. */
    static Map<String, Optional<JsonNode>> of(String ref, Entry entry) {
        if (!entry.subjects().contains(ref) || !actions(ref).contains(entry.action())) {
            return Map.of();
        }
        var told = new Tellings(ref, entry);
        switch (kind(ref)) {
            case "model" -> told.model();
            case "version" -> told.version();
            case "deployment" -> told.deployment();
            case "project" -> told.project();
            case "agreement" -> told.agreement();
            case "dataset" -> told.dataset();
            default -> told.run();
        }
        return told.changes;
    }

    private void set(String name, JsonNode value) {
        if (!value.isMissingNode() && !value.isNull()) {
            changes.put(name, Optional.of(value));
        }
    }

    private void set(String name, String value) {
        set(name, new TextNode(value));
    }

    private void end(String... names) {
        for (String name : names) {
            changes.put(name, Optional.empty());
        }
    }

    /** Some of the entry's details, under their own names. */
    private ObjectNode some(String... names) {
        ObjectNode some = Json.object();
        for (String name : names) {
            if (details.hasNonNull(name)) {
                some.set(name, details.get(name));
            }
        }
        return some;
    }

    /** The number of the version that the entry is about first. */
    private String number() {
        String first = entry.subject();
        return first.substring(first.lastIndexOf('/') + 1);
    }

    private void model() {
        switch (entry.action()) {
            case "model.registered", "model.adopted" -> {
                if (entry.action().equals("model.registered")) {
                    end("alias.*", "version.*", "deleted", "renamed", "formerly");
                    set("registered", BooleanNode.TRUE);
                }
                entry.about("project:").ifPresent(project -> set("project", project));
            }
            case "model.renamed" -> {
                if (ref.equals("model:" + details.path("to").asText())) {
                    end("deleted", "renamed");
                    set("registered", BooleanNode.TRUE);
                    set("formerly", entry.subject());
                } else {
                    end("alias.*", "version.*", "registered");
                    set("renamed", details.path("to"));
                }
            }
            case "model.deleted" -> {
                end("alias.*", "version.*", "registered");
                set("deleted", BooleanNode.TRUE);
            }
            case "model.published" -> set("published", entry.subject());
            case "model.version-registered" -> set("version." + number(), some("files"));
            case "model.version-deleted" -> {
                end("version." + number());
                end("newest-deleted");
            }
            case "model.alias-set" -> set("alias." + details.path("alias").asText(), details.path("version"));
            case "model.alias-deleted" -> end("alias." + details.path("alias").asText());
            case "release.requested" -> {
                if (details.has("deployment")) {
                    set("deployment." + details.path("deployment").asText(), BooleanNode.TRUE);
                }
            }
            default -> {}
        }
    }

    private void version() {
        switch (entry.action()) {
            case "model.version-registered" -> {
                set("registered", some("files", "source"));
                entry.about("run:").ifPresent(run -> set("tracked", "run:" + run));
            }
            case "model.version-deleted", "model.deleted" -> set("deleted", BooleanNode.TRUE);
            case "model.stage-changed" -> set("stage", details.path("to"));
            case "model.bundled" -> set("bundle", some("digest", "archive"));
            case "model.hand-off-checked" ->
                set("handOff", some("agreed", "rows", "tolerance", "difference", "report"));
            case "model.version-certified", "model.version-recertified", "certificate.revoked" -> certificate();
            case "approval.approved", "approval.refused", "approval.void", "approval.expired", "approval.sent-back" ->
                set(
                        "approval." + target(),
                        some("reason", "digests", "title", "requestedBy").put("decision", verb()));
            case "release.break-glass",
                    "release.break-glass-expired",
                    "release.break-glass-confirmed",
                    "release.break-glass-refused" ->
                set("emergency." + target(), some("reason", "deployment").put("state", verb()));
            default -> set("release." + target(), verb());
        }
    }

    private void certificate() {
        if (entry.action().equals("certificate.revoked")) {
            set("certificate", some("root", "reason").put("state", "revoked"));
            return;
        }
        set("certificate", some("root", "statement", "key").put("state", "valid"));
        if (entry.action().equals("model.version-certified")) {
            entry.about("run:").ifPresent(run -> set("made", "run:" + run));
            set("data", details.path("data"));
            set("code", details.path("code"));
        }
    }

    /** What was decided about: where a release goes, or else its id. */
    private String target() {
        return entry.about("release:").orElse(entry.subject());
    }

    private String verb() {
        return entry.action().substring(entry.action().indexOf('.') + 1);
    }

    private void deployment() {
        if (entry.action().startsWith("alert.")) {
            alert();
            return;
        }
        entry.about("project:").ifPresent(project -> set("project", project));
        entry.about("model:").ifPresent(model -> set("model", model.substring(0, model.lastIndexOf('/'))));
        JsonNode version = details.path("version");
        switch (entry.action()) {
            case "deployment.staged", "deployment.trial-not-begun" -> candidate(version, 0, "staged");
            case "deployment.trial-planned" -> candidate(version, 0, "planned");
            case "deployment.canary-started", "deployment.plan-changed", "deployment.step-passed" -> {
                int percent = details.path("percent").asInt();
                candidate(version, percent, percent == 0 ? "shadow" : "canary");
            }
            case "deployment.promoted" -> {
                set("production", details.path("production"));
                endOrSet("previous", details.path("replaced"));
                end("candidate", "halted");
            }
            case "deployment.rolled-back" -> {
                set("production", details.path("production"));
                end("previous", "halted");
            }
            case "deployment.canary-abandoned" -> end("candidate");
            case "deployment.previous-withdrawn" -> end("previous");
            case "deployment.stopped" -> set("halted", some("reason", "constant"));
            case "deployment.resumed" -> end("halted");
            default -> {}
        }
    }

    private void endOrSet(String name, JsonNode value) {
        if (value.isMissingNode()) {
            end(name);
        } else {
            set(name, value);
        }
    }

    /** @param percent of the requests that the version answers; the one in production answers the others */
    private void candidate(JsonNode version, int percent, String how) {
        set(
                "candidate",
                Json.object().put("version", version.asText()).put("as", how).put("percent", percent));
    }

    private void alert() {
        entry.about("alert:").ifPresent(id -> {
            if (entry.action().equals("alert.raised")) {
                set("alert." + id, some("clause", "version", "window", "message", "value", "threshold"));
            } else {
                end("alert." + id);
            }
        });
    }

    private void project() {
        switch (entry.action()) {
            case "project.requested" -> {
                set("state", "requested");
                set("proposed", some("file", "purpose", "owner", "riskTier", "data"));
            }
            case "project.change-requested" -> set("proposed", some("file", "purpose", "owner", "riskTier", "data"));
            case "project.approved" -> {
                set("state", "active");
                set("approved", some("file", "requestedBy", "reason"));
                end("proposed");
            }
            case "project.refused" -> {
                set("refused", some("file", "requestedBy", "reason"));
                end("proposed");
            }
            case "project.sent-back" -> end("proposed");
            default -> set("state", verb().equals("resumed") ? "active" : verb());
        }
    }

    private void agreement() {
        JsonNode value = some("agreement", "file", "roles", "missing", "alone", "reason");
        switch (entry.action()) {
            case "agreement.in-force" -> {
                set("in-force", value);
                end("proposed", "accepted");
            }
            case "agreement.accepted" -> set("accepted", value);
            case "agreement.refused", "agreement.sent-back" -> {
                set(verb(), value);
                end("proposed", "accepted");
            }
            default -> set("proposed", value);
        }
    }

    private void dataset() {
        if (entry.action().equals("certificate.revoked")) {
            set("revoked", some("reason", "root"));
            return;
        }
        String first = entry.subject();
        ObjectNode value = some("sha256", "rows", "contract", "contractDigest", "verdict");
        value.put("accepted", entry.action().equals("dataset.version-accepted"));
        set(ref.equals(first) ? "version" : "version." + first.substring("dataset:".length()), value);
    }

    private void run() {
        switch (entry.action()) {
            case "gate.judged" -> set("gate", some("passed", "inputs", "policy", "policies", "verdicts"));
            case "pipeline-run.started" -> set("started", some("pipeline", "source", "trigger", "commit"));
            default -> set("ended", some("status", "error", "reason").put("as", verb()));
        }
    }
}
