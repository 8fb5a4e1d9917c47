package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.kernel.Yaml;
import org.millwright.project.Agreement;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code mw agreement}: what a data scientist and an ML engineer agree on about a model, and how production stands with it. */
@Command(
        name = "agreement",
        description = "What is agreed about a model: propose, accept, refuse, show, check, retrain.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class AgreementCommand {
    private static final String[] FIELDS = {
        "ref", "model", "state", "by=proposedBy", "proposed=at:proposedAt", "accepted=who", "missing=lacks", "reason"
    };

    @Command(
            name = "propose",
            description = "Propose the agreement.yaml of this folder; accepts it for a role of yours.",
            mixinStandardHelpOptions = true)
    int propose(@Mixin Shared shared) {
        String text = ProjectFolder.find(shared.around()).text(Agreement.FILE);
        JsonNode version =
                shared.client().post("/api/1/agreements", Json.object().put("file", text));
        String model = version.path("model").asText();
        if (version.path("state").asText().equals("proposed")) {
            shared.say("Somebody with the role " + lacks(version) + " accepts it: mw agreement accept " + model
                    + " --as NAME");
        } else {
            shared.say("This is in force already.");
        }
        return shared.show(told(version), FIELDS);
    }

    @Command(name = "accept", description = "Accept what is proposed, for your role.", mixinStandardHelpOptions = true)
    int accept(
            @Mixin Shared shared,
            @Parameters(paramLabel = "MODEL", arity = "0..1", description = "That of this folder by default.")
                    Optional<String> model,
            @Option(names = "--digest", description = "Only if this is what is proposed.") Optional<String> digest) {
        ObjectNode body = Json.object();
        digest.ifPresent(text -> body.put("digest", text));
        JsonNode version = shared.client().post(path(shared, model, "/accept"), body);
        if (version.path("state").asText().equals("proposed")) {
            shared.say("It waits for somebody with the role " + lacks(version) + ".");
        }
        return shared.show(told(version), FIELDS);
    }

    @Command(name = "refuse", description = "Refuse what is proposed.", mixinStandardHelpOptions = true)
    int refuse(
            @Mixin Shared shared,
            @Parameters(paramLabel = "MODEL", arity = "0..1", description = "That of this folder by default.")
                    Optional<String> model,
            @Option(names = "--reason", description = "Why.", required = true) String reason) {
        return shared.show(
                told(shared.client()
                        .post(path(shared, model, "/refuse"), Json.object().put("reason", reason))),
                FIELDS);
    }

    @Command(
            name = "show",
            description =
                    "Every text that was proposed, the newest first; with --text the one in force, or else proposed.",
            mixinStandardHelpOptions = true)
    int show(
            @Mixin Shared shared,
            @Parameters(paramLabel = "MODEL", arity = "0..1", description = "That of this folder by default.")
                    Optional<String> model,
            @Option(names = "--text", description = "The text that is in force.") boolean text,
            @Option(names = "--proposed", description = "The text that waits for acceptance.") boolean proposed) {
        ArrayNode versions = Json.array();
        shared.client().get(path(shared, model, "")).path("versions").forEach(version -> versions.add(told(version)));
        if (!text && !proposed) {
            return shared.list(
                    versions,
                    "state",
                    "digest",
                    "by=proposedBy",
                    "proposed=at:proposedAt",
                    "accepted=who",
                    "missing=lacks",
                    "reason");
        }
        for (JsonNode version : versions) {
            if (version.path("state").asText().equals(proposed ? "proposed" : "in-force")) {
                shared.print(version.path("text").asText().stripTrailing());
                return Exit.OK;
            }
        }
        throw new Problem.NotFound(
                proposed ? "Nothing is proposed" : "Nothing is in force",
                "mw agreement propose, in the project's folder");
    }

    @Command(
            name = "check",
            description = "Whether production keeps each clause; exits 6 when it breaks one.",
            mixinStandardHelpOptions = true)
    int check(
            @Mixin Shared shared,
            @Parameters(paramLabel = "MODEL", arity = "0..1", description = "That of this folder by default.")
                    Optional<String> model) {
        JsonNode checked = shared.client().get(path(shared, model, "/check"));
        if (shared.isTable() || shared.isCsv()) {
            if (checked.path("clauses").isEmpty()) {
                shared.say("Nothing was answered yet that could be judged.");
            }
            ArrayNode rows = Json.array();
            checked.path("clauses").forEach(clause -> rows.add(row(clause)));
            shared.list(
                    rows,
                    "deployment",
                    "clause",
                    "standing",
                    "since",
                    "value",
                    "limit=threshold",
                    "n",
                    "evidence=note");
        } else {
            shared.show(checked, "model");
        }
        for (JsonNode clause : checked.path("clauses")) {
            if (clause.path("standing").asText().equals("broken")) {
                return Exit.REFUSED;
            }
        }
        return Exit.OK;
    }

    @Command(
            name = "retrain",
            description = "Start the agreed pipeline now, whatever cool-down, budget and hours say.",
            mixinStandardHelpOptions = true)
    int retrain(
            @Mixin Shared shared,
            @Parameters(paramLabel = "MODEL", arity = "0..1", description = "That of this folder by default.")
                    Optional<String> model,
            @Option(names = "--reason", description = "Why.", required = true) String reason) {
        JsonNode started = shared.client()
                .post(path(shared, model, "/retrain"), Json.object().put("reason", reason));
        shared.say("mw run watch " + started.path("run").asText());
        return shared.show(started, "run", "project", "pipeline", "parameters");
    }

    private static JsonNode row(JsonNode clause) {
        ObjectNode row = clause.deepCopy();
        JsonNode newest = clause.path("newest");
        for (String field : new String[] {"value", "threshold", "n", "note"}) {
            if (newest.has(field)) {
                row.set(field, newest.get(field));
            }
        }
        return newest.isMissingNode() ? row.put("note", "not enough is known to say") : row;
    }

    /** With who accepted it, and for whom it waits, in a word each. */
    private static JsonNode told(JsonNode version) {
        var who = new StringBuilder();
        version.path("accepted")
                .forEach(accepted -> who.append(who.isEmpty() ? "" : ", ")
                        .append(accepted.path("by").asText())
                        .append(" (")
                        .append(accepted.path("role").asText())
                        .append(")"));
        ObjectNode told = version.deepCopy();
        return told.put("who", who.toString()).put("lacks", lacks(version));
    }

    private static String lacks(JsonNode version) {
        var roles = new StringBuilder();
        version.path("missing")
                .forEach(role -> roles.append(roles.isEmpty() ? "" : ", ").append(role.asText()));
        return version.path("state").asText().equals("proposed") ? roles.toString() : "";
    }

    private static String path(Shared shared, Optional<String> model, String verb) {
        String name = model.map(text -> text.startsWith("agreement:") ? text.substring("agreement:".length()) : text)
                .orElseGet(() -> here(shared));
        return "/api/1/agreements/" + Client.part(name) + verb;
    }

    private static String here(Shared shared) {
        String text = ProjectFolder.find(shared.around()).text(Agreement.FILE);
        return Yaml.parse(Agreement.FILE, text).text("model", "");
    }
}
