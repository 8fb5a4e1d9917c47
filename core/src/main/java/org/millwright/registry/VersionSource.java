package org.millwright.registry;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.millwright.identity.Actor;
import org.millwright.kernel.Problem;
import org.millwright.tracking.ArtifactTree;
import org.millwright.tracking.LoggedModel;
import org.millwright.tracking.LoggedModels;
import org.millwright.tracking.Names;
import org.millwright.tracking.Run;
import org.millwright.tracking.Runs;

/**
 * Finds the place that a version's source means.
 *
 * <p>A place of this server must lie in the run or logged model that the request names, so that nobody's work passes for
 * another's. Places elsewhere are kept as they were sent and never opened by the server: there is nothing to reach through
 * them. Local paths are refused, as no artifact of this server has one.
 */
final class VersionSource {
    private static final Set<String> STAGES = Set.of("none", "staging", "production", "archived", "latest");
    private static final int MAX_LENGTH = 500;

    private final Runs runs;
    private final LoggedModels models;
    private final Lookup lookup;
    private volatile @Nullable Pattern required;

    VersionSource(Runs runs, LoggedModels models, Lookup lookup) {
        this.runs = runs;
        this.models = models;
        this.lookup = lookup;
    }

    /** Refuses from now on sources in which the pattern is not found. */
    void require(Pattern pattern) {
        required = pattern;
    }

    /** Finds versions that other sources name. */
    interface Lookup {
        ModelVersion version(String name, String version);

        ModelVersion alias(String name, String alias);

        ModelVersion stage(String name, String stage);
    }

    /** Where a source leads, and the run and model it came from. */
    record Place(String location, Optional<String> runId, Optional<String> modelId) {}

    /** Where the source leads; {@code isPrompt} allows the names without scheme that prompts have as sources. */
    Place resolve(String source, Optional<String> runId, Optional<String> modelId, boolean isPrompt) {
        requirePlain(source);
        Pattern rule = required;
        if (rule != null && !rule.matcher(source).find()) {
            throw new Problem.Invalid("Invalid model version source: '" + Names.shortened(source) + "'.");
        }
        String scheme = scheme(source);
        return switch (scheme) {
            case "models" -> model(source, runId, modelId);
            case "runs" -> run(source, runId, modelId);
            case "", "file" -> {
                if (isPrompt && source.matches("[\\w-]+")) {
                    yield new Place(source, runId, modelId);
                }
                String parameter = modelId.isPresent() ? "model_id" : "run_id";
                throw new Problem.Invalid("Invalid model version source: '" + Names.shortened(source)
                        + "'. To use a local path as a model version source, the " + parameter
                        + " request parameter has to be specified and the local path has to be contained within the artifact"
                        + " directory of the run specified by the " + parameter + ".");
            }
            case "mlflow-artifacts" -> own(source, runId, modelId);
            default -> new Place(source, runId, modelId);
        };
    }

    private Place model(String source, Optional<String> runId, Optional<String> modelId) {
        String rest = rest(source, "models:");
        int slash = rest.indexOf('/');
        int at = rest.indexOf('@');
        if (slash < 0 && at < 0) {
            if (modelId.isPresent() && !modelId.get().equals(rest)) {
                throw mismatch(source, "model_id");
            }
            LoggedModel model = models.find(Actor.SYSTEM, rest).orElseThrow(() -> mismatch(source, "model_id"));
            return new Place(model.artifactUri(), runId.or(model::sourceRunId), Optional.of(rest));
        }
        ModelVersion version = version(rest, slash, at);
        return new Place(version.location(), runId.or(version::runId), modelId.or(version::modelId));
    }

    private ModelVersion version(String rest, int slash, int at) {
        if (slash < 0) {
            return lookup.alias(rest.substring(0, at), rest.substring(at + 1));
        }
        String name = rest.substring(0, slash);
        String which = rest.substring(slash + 1);
        return STAGES.contains(which.toLowerCase(Locale.ROOT))
                ? lookup.stage(name, which)
                : lookup.version(name, which);
    }

    private Place run(String source, Optional<String> runId, Optional<String> modelId) {
        String rest = rest(source, "runs:");
        int slash = rest.indexOf('/');
        String id = slash < 0 ? rest : rest.substring(0, slash);
        Optional<Run> run = runs.find(Actor.SYSTEM, id);
        if (run.isEmpty()) {
            return new Place(source, runId, modelId);
        }
        if (runId.isPresent() && !runId.get().equals(id)) {
            throw mismatch(source, "run_id");
        }
        String path = slash < 0 ? "" : rest.substring(slash);
        return new Place(run.get().artifactUri() + path, Optional.of(id), modelId.or(() -> byName(run.get(), path)));
    }

    /** The logged model that a run's path names: clients write models beside runs since MLflow 3. */
    private Optional<String> byName(Run run, String path) {
        List<LoggedModel> logged = models.ofRun(Actor.SYSTEM, run.id()).stream()
                .filter(model -> ("/" + model.name()).equals(path))
                .toList();
        return logged.isEmpty()
                ? Optional.empty()
                : Optional.of(logged.getLast().id());
    }

    /** A place behind the artifact proxy: of the named run or model, or of nobody's. */
    private Place own(String source, Optional<String> runId, Optional<String> modelId) {
        Optional<LoggedModel> model = modelId.flatMap(id -> models.find(Actor.SYSTEM, id));
        if (model.isPresent() && isWithin(source, model.get().artifactUri())) {
            return new Place(source, runId.or(model.get()::sourceRunId), modelId);
        }
        Optional<Run> run = runId.flatMap(id -> runs.find(Actor.SYSTEM, id));
        if (run.isPresent() && isWithin(source, run.get().artifactUri())) {
            return new Place(source, runId, modelId);
        }
        Optional<Owner> owner = owner(source);
        if (owner.isEmpty()) {
            return new Place(source, runId, modelId);
        }
        if (modelId.isPresent() || runId.isPresent()) {
            throw mismatch(source, modelId.isPresent() ? "model_id" : "run_id");
        }
        return new Place(source, owner.get().runId(), owner.get().modelId());
    }

    private record Owner(Optional<String> runId, Optional<String> modelId) {}

    /** The run or model whose artifacts the place belongs to. */
    private Optional<Owner> owner(String source) {
        List<String> parts = ArtifactTree.pathOf(source)
                .map(path -> List.of(path.split("/+")))
                .orElse(List.of());
        for (int i = 1; i < parts.size(); i++) {
            String id = parts.get(i - 1);
            if (!parts.get(i).equals("artifacts")) {
                continue;
            }
            Optional<LoggedModel> model = models.find(Actor.SYSTEM, id);
            if (model.isPresent()) {
                return Optional.of(new Owner(model.get().sourceRunId(), Optional.of(id)));
            }
            if (runs.find(Actor.SYSTEM, id).isPresent()) {
                return Optional.of(new Owner(Optional.of(id), Optional.empty()));
            }
        }
        return Optional.empty();
    }

    private static boolean isWithin(String source, String root) {
        return source.equals(root) || source.startsWith(root + "/");
    }

    private static String rest(String source, String scheme) {
        String rest = source.substring(scheme.length());
        if (!rest.startsWith("/") || rest.startsWith("//") || rest.length() == 1) {
            throw mismatch(source, scheme.equals("runs:") ? "run_id" : "model_id");
        }
        return rest.endsWith("/") ? rest.substring(1, rest.length() - 1) : rest.substring(1);
    }

    private static String scheme(String source) {
        int colon = source.indexOf(':');
        String scheme = colon < 2 ? "" : source.substring(0, colon).toLowerCase(Locale.ROOT);
        return scheme.matches("[a-z][a-z0-9+.-]*") ? scheme : "";
    }

    /** Refuses relative parts, however often they are escaped, and whatever could be read two ways. */
    private static void requirePlain(String source) {
        if (Names.requireText("source", source).isBlank() || source.length() > MAX_LENGTH) {
            throw new Problem.Invalid("Invalid model version source: it has " + source.length()
                    + " characters (expected: 1 to " + MAX_LENGTH + ")");
        }
        String plain = source;
        for (int i = 0; i < 8; i++) {
            boolean relative = List.of(plain.split("[/\\\\]", -1)).contains("..");
            if (relative || plain.indexOf('\0') >= 0 || plain.indexOf('#') >= 0 || plain.indexOf('\\') >= 0) {
                throw new Problem.Invalid("Invalid model version source: '" + Names.shortened(source)
                        + "'. If supplying a source as an http, https, local file path, ftp, objectstore, or"
                        + " mlflow-artifacts uri, an absolute path must be provided without relative path references"
                        + " present. Please provide an absolute path.");
            }
            String next = decoded(plain);
            if (next.equals(plain)) {
                requireUri(source);
                return;
            }
            plain = next;
        }
        throw new Problem.Invalid("Invalid model version source: '" + Names.shortened(source) + "'.");
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private static void requireUri(String source) {
        try {
            URI uri = new URI(source.replace(" ", "%20").replace("@", "%40"));
            if (uri.getRawQuery() != null) {
                throw new Problem.Invalid("Invalid model version source: '" + Names.shortened(source)
                        + "'. A query has no meaning in a source.");
            }
        } catch (URISyntaxException e) {
            throw new Problem.Invalid("Invalid model version source: '" + Names.shortened(source) + "'.");
        }
    }

    private static Problem.Invalid mismatch(String source, String parameter) {
        return new Problem.Invalid("Invalid model version source: '" + Names.shortened(source) + "'. The " + parameter
                + " request parameter must identify the resource that contains the source.");
    }
}
