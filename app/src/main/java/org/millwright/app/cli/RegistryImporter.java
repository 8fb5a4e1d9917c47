package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

/** Copies registered models with their versions under the numbers, stages, tags and aliases that they had. */
final class RegistryImporter {
    private static final String API = "api/2.0/mlflow/";

    /** Source of a version whose number is given away: the old server deleted the one that had it. */
    private static final String GAP = VersionSources.ELSEWHERE + "deleted";

    private final ForeignServer from;
    private final Client to;
    private final ObjectNode counts;
    private final Screen screen;
    private final VersionSources sources;

    /**
     * @param experiments ids there and here
     * @param whole whether every experiment was copied
     */
    RegistryImporter(
            ForeignServer from,
            Client to,
            ObjectNode counts,
            Screen screen,
            Map<String, String> experiments,
            boolean whole) {
        this.from = from;
        this.to = to;
        this.counts = counts;
        this.screen = screen;
        this.sources = new VersionSources(from, to, experiments, whole);
    }

    void run() {
        for (JsonNode model : from.all("registered-models/search?max_results=1000", "registered_models")) {
            model(model);
        }
    }

    private void model(JsonNode model) {
        String name = model.path("name").asText();
        List<JsonNode> versions = versions(name, from.all(search(name), "model_versions"));
        Optional<JsonNode> foreign =
                versions.stream().filter(sources::isLeftOut).findFirst();
        if (foreign.isPresent()) {
            screen.line("  ! model " + name + " is left out: version "
                    + foreign.get().path("version").asText() + " comes from an experiment that is not here");
            return;
        }
        create(model);
        List<JsonNode> here = kept(name);
        long last = here.isEmpty() ? 0 : here.getLast().path("version").asLong();
        for (JsonNode version : versions) {
            long number = version.path("version").asLong();
            if (number > last) {
                skip(name, last + 1, number);
                create(name, version);
                last = number;
                Importer.count(counts, "versions");
            } else if (number == last) {
                stage(name, version, here.getLast().path("current_stage").asText("None"));
            }
        }
        aliases(name, model.path("aliases"));
        Importer.count(counts, "models");
        screen.line("  model " + name + ": " + versions.size() + " versions");
    }

    private void create(JsonNode model) {
        var body = Json.object().put("name", model.path("name").asText());
        if (model.hasNonNull("description")) {
            body.put("description", model.path("description").asText());
        }
        body.set("tags", model.path("tags").isArray() ? model.path("tags") : Json.array());
        try {
            to.post(API + "registered-models/create", body);
        } catch (Problem.Invalid | Problem.Conflict e) {
            // It is there, from an earlier import or by somebody else: its versions are added.
        }
    }

    /** Asks for a model's versions; MLflow's filters have no way to write a quote within the same quotes. */
    private static String search(String name) {
        String quote = name.contains("'") ? "\"" : "'";
        String filter = name.contains(quote) ? "" : "&filter=" + Client.part("name=" + quote + name + quote);
        return "model-versions/search?max_results=10000" + filter;
    }

    /** The model's versions, lowest first. */
    private static List<JsonNode> versions(String name, Iterable<JsonNode> found) {
        return StreamSupport.stream(found.spliterator(), false)
                .filter(version -> version.path("name").asText().equals(name))
                .sorted(Comparator.comparingLong(
                        version -> version.path("version").asLong()))
                .toList();
    }

    /** The versions here, lowest first; what a break left of a number to be skipped goes away. */
    private List<JsonNode> kept(String name) {
        var kept = new ArrayList<JsonNode>();
        for (JsonNode version : versions(name, to.get(API + search(name)).path("model_versions"))) {
            if (version.path("source").asText().equals(GAP)) {
                delete(name, version.path("version").asText());
            } else {
                kept.add(version);
            }
        }
        return kept;
    }

    /** Numbers that were deleted there stay unused here: they are given to a version that is taken away at once. */
    private void skip(String name, long first, long number) {
        long at = first;
        while (at < number) {
            at = Long.parseLong(post(Json.object().put("name", name).put("source", GAP)));
            delete(name, Long.toString(at));
            at++;
        }
        if (at > number) {
            throw new Problem.Conflict(
                    "Version " + number + " of model " + name + " cannot have its number here: " + at + " is the next",
                    "Delete the model here and give the command again.");
        }
    }

    private void delete(String name, String number) {
        to.send(
                "DELETE",
                API + "model-versions/delete",
                Json.object().put("name", name).put("version", number));
    }

    private void create(String name, JsonNode version) {
        String source = sources.of(version);
        if (source.startsWith(VersionSources.ELSEWHERE)) {
            screen.line("  ! version " + version.path("version").asText() + " of " + name
                    + " is without its files: they are at "
                    + version.path("source").asText());
        }
        ObjectNode body = Json.object().put("name", name).put("source", source);
        for (String key : List.of("run_id", "run_link", "description")) {
            if (!version.path(key).asText("").isEmpty()) {
                body.put(key, version.path(key).asText());
            }
        }
        body.set("tags", version.path("tags").isArray() ? version.path("tags") : Json.array());
        String number = post(name, body);
        if (!number.equals(version.path("version").asText())) {
            throw new Problem.Conflict(
                    "Version " + version.path("version").asText() + " of model " + name + " became version " + number
                            + ": somebody registers versions here while they are copied",
                    "Delete the model here and give the command again.");
        }
        stage(name, version, "None");
    }

    private void stage(String name, JsonNode version, String now) {
        String stage = version.path("current_stage").asText("None");
        if (!stage.equals(now) && now.equals("None")) {
            to.post(
                    API + "model-versions/transition-stage",
                    Json.object()
                            .put("name", name)
                            .put("version", version.path("version").asText())
                            .put("stage", stage)
                            .put("archive_existing_versions", false));
        }
    }

    private void aliases(String name, JsonNode aliases) {
        var here = new HashMap<String, String>();
        to.get(API + "registered-models/get?name=" + Client.part(name))
                .path("registered_model")
                .path("aliases")
                .forEach(alias -> here.put(
                        alias.path("alias").asText(), alias.path("version").asText()));
        for (JsonNode alias : aliases) {
            String version = alias.path("version").asText();
            if (!version.equals(here.get(alias.path("alias").asText()))) {
                to.post(
                        API + "registered-models/alias",
                        Json.object()
                                .put("name", name)
                                .put("alias", alias.path("alias").asText())
                                .put("version", version));
            }
        }
    }

    /** Registers the version, without its source when that is refused here: its number has to be taken. */
    private String post(String name, ObjectNode version) {
        try {
            return post(version);
        } catch (Problem.Invalid e) {
            String source = version.path("source").asText();
            String number = post(version.put("source", VersionSources.ELSEWHERE + "refused"));
            screen.line("  ! version " + number + " of " + name + " is without its source " + source + ": "
                    + e.getMessage());
            return number;
        }
    }

    private String post(ObjectNode version) {
        return to.post(API + "model-versions/create", version)
                .path("model_version")
                .path("version")
                .asText();
    }
}
