package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.millwright.kernel.Problem;

/** Says where a version's files are here, as an old place names folders and experiments of the other server. */
final class VersionSources {
    /** What a source begins with that leads nowhere here. */
    static final String ELSEWHERE = "import:/";

    private static final String API = "api/2.0/mlflow/";
    /** A logged model, by its id or by the folder of its files. */
    private static final Pattern MODEL = Pattern.compile("(?:models:/|.*/models/)(m-[0-9a-f]{32})(?:/artifacts)?/?");

    private static final Pattern PROXIED = Pattern.compile("mlflow-artifacts:/+([0-9]+)/(.*)");
    private static final Pattern LOCAL = Pattern.compile("(?:file:/*|/+|[A-Za-z]:/*)(.*)|[^:]*");

    private final ForeignServer from;
    private final Client to;
    private final Map<String, String> experiments;
    private final boolean whole;

    /**
     * @param experiments ids there and here
     * @param whole whether every experiment was copied, so that what is not here was deleted there
     */
    VersionSources(ForeignServer from, Client to, Map<String, String> experiments, boolean whole) {
        this.from = from;
        this.to = to;
        this.experiments = experiments;
        this.whole = whole;
    }

    /** Whether the version comes from a run or logged model that was not asked for. */
    boolean isLeftOut(JsonNode version) {
        String run = version.path("run_id").asText("");
        Matcher model = MODEL.matcher(version.path("source").asText());
        return !whole && (!run.isEmpty() && run(run).isEmpty() || model.matches() && !isHere(model.group(1)));
    }

    /** Where the version's files are here, in words that the server takes for the run and model that it comes from. */
    String of(JsonNode version) {
        String place = version.path("source").asText();
        if (place.startsWith("models:/") && !MODEL.matcher(place).matches()) {
            place = downloadUri(version);
        }
        Matcher model = MODEL.matcher(place);
        if (model.matches() && isHere(model.group(1))) {
            return "models:/" + model.group(1);
        }
        String id = version.path("run_id").asText("");
        Optional<JsonNode> here = id.isEmpty() ? Optional.empty() : run(id);
        if (here.isPresent()) {
            String root = from.one("runs/get?run_id=" + Client.part(id))
                    .at("/run/info/artifact_uri")
                    .asText();
            if (!root.isEmpty() && (place.equals(root) || place.startsWith(root + "/"))) {
                return here.get().at("/info/artifact_uri").asText() + place.substring(root.length());
            }
        }
        Matcher proxied = PROXIED.matcher(place);
        if (proxied.matches() && experiments.containsKey(proxied.group(1))) {
            return "mlflow-artifacts:/" + experiments.get(proxied.group(1)) + "/" + proxied.group(2);
        }
        // A path of the other machine leads nowhere here; it stays readable.
        return LOCAL.matcher(place).matches() ? ELSEWHERE + place.replaceFirst("^(file:)?/*", "") : place;
    }

    /** Where a version of another version leads in the end. */
    private String downloadUri(JsonNode version) {
        String uri = from.one("model-versions/get-download-uri?name="
                        + Client.part(version.path("name").asText()) + "&version="
                        + version.path("version").asText())
                .path("artifact_uri")
                .asText();
        return uri.isEmpty() ? version.path("source").asText() : uri;
    }

    private Optional<JsonNode> run(String id) {
        try {
            return Optional.of(
                    to.get(API + "runs/get?run_id=" + Client.part(id)).path("run"));
        } catch (Problem.NotFound e) {
            return Optional.empty();
        }
    }

    private boolean isHere(String model) {
        try {
            return to.get(API + "logged-models/" + Client.part(model)).has("model");
        } catch (Problem.NotFound e) {
            return false;
        }
    }
}
