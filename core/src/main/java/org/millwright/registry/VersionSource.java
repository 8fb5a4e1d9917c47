package org.millwright.registry;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.millwright.kernel.Problem;
import org.millwright.tracking.LoggedModel;
import org.millwright.tracking.LoggedModels;
import org.millwright.tracking.Names;
import org.millwright.tracking.Run;
import org.millwright.tracking.Runs;

/**
 * Finds the place that a version's source means.
 *
 * <p>A source is accepted only when it lies within the artifact root of a run, logged model or version that is known here:
 * nothing else can be named, whatever its scheme.
 */
final class VersionSource {
    private static final Set<String> STAGES = Set.of("none", "staging", "production", "archived", "latest");
    private static final int MAX_LENGTH = 500;

    private final Runs runs;
    private final LoggedModels models;
    private final Lookup lookup;

    VersionSource(Runs runs, LoggedModels models, Lookup lookup) {
        this.runs = runs;
        this.models = models;
        this.lookup = lookup;
    }

    /** Finds versions that other sources name. */
    interface Lookup {
        ModelVersion version(String name, String version);

        ModelVersion alias(String name, String alias);

        ModelVersion stage(String name, String stage);
    }

    /** Where a source leads, and the run and model it came from. */
    record Place(String location, Optional<String> runId, Optional<String> modelId) {}

    Place resolve(String source, Optional<String> runId, Optional<String> modelId) {
        requirePlain(source);
        String scheme = scheme(source);
        return switch (scheme) {
            case "models" -> model(source, runId, modelId);
            case "runs" -> run(source, runId, modelId);
            case "", "file" ->
                throw new Problem.Invalid("Invalid model version source: '" + Names.shortened(source)
                        + "'. To use a local path as a model version source, the run_id request parameter has to be specified"
                        + " and the local path has to be contained within the artifact directory of the run specified by the"
                        + " run_id.");
            default -> within(source, runId, modelId);
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
            LoggedModel model = models.find(rest).orElseThrow(() -> mismatch(source, "model_id"));
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
        if (runId.isPresent() && !runId.get().equals(id)) {
            throw mismatch(source, "run_id");
        }
        Run run = runs.find(id).orElseThrow(() -> mismatch(source, "run_id"));
        String path = slash < 0 ? "" : rest.substring(slash);
        return new Place(run.artifactUri() + path, Optional.of(id), modelId.or(() -> byName(run, path)));
    }

    /** The logged model that a run's path names: clients write models beside runs since MLflow 3. */
    private Optional<String> byName(Run run, String path) {
        List<LoggedModel> logged = models.ofRun(run.id()).stream()
                .filter(model -> ("/" + model.name()).equals(path))
                .toList();
        return logged.isEmpty()
                ? Optional.empty()
                : Optional.of(logged.getLast().id());
    }

    private Place within(String source, Optional<String> runId, Optional<String> modelId) {
        Optional<LoggedModel> model = modelId.flatMap(models::find);
        if (model.isPresent() && isWithin(source, model.get().artifactUri())) {
            return new Place(source, runId.or(model.get()::sourceRunId), modelId);
        }
        Optional<Run> run = runId.flatMap(runs::find);
        if (run.isPresent() && isWithin(source, run.get().artifactUri())) {
            return new Place(source, runId, modelId);
        }
        throw mismatch(source, modelId.isPresent() ? "model_id" : "run_id");
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
