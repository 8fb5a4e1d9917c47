package org.millwright.web.ui;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.identity.Level;
import org.millwright.identity.Permission;
import org.millwright.identity.Resource;
import org.millwright.identity.Users;
import org.millwright.kernel.Problem;
import org.millwright.tracking.ArtifactFile;
import org.millwright.tracking.ArtifactTree;
import org.millwright.tracking.Experiment;
import org.millwright.tracking.Experiments;
import org.millwright.tracking.LoggedModels;
import org.millwright.tracking.Metric;
import org.millwright.tracking.Run;
import org.millwright.tracking.Runs;
import org.millwright.tracking.View;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** What MLflow clients logged: experiments, runs with their curves, parameters and files. */
public final class TrackingPages implements Routes {
    private static final int RUNS = 100;
    private static final int POINTS = 200;
    private static final int COLUMNS = 4;

    private final Ui ui;
    private final Experiments experiments;
    private final Runs runs;
    private final LoggedModels models;
    private final ArtifactTree tree;
    private final Users users;
    private final Clock clock;

    public TrackingPages(
            Ui ui,
            Experiments experiments,
            Runs runs,
            LoggedModels models,
            ArtifactTree tree,
            Users users,
            Clock clock) {
        this.ui = ui;
        this.experiments = experiments;
        this.runs = runs;
        this.models = models;
        this.tree = tree;
        this.users = users;
        this.clock = clock;
    }

    /** A metric with its curve as SVG, "" when it has one value only. */
    public record Curve(Metric latest, String svg) {}

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/experiments", this::list);
        routing.get("/runs/{id}/file", this::file);
        routing.get("/models-logged/{id}/file", this::modelFile);
    }

    private void list(ServerRequest request, ServerResponse response) {
        users.access().require(Http.actor(request), Permission.READ);
        var readable = users.access().grants().readable(Http.actor(request), Resource.Kind.EXPERIMENT);
        List<Experiment> all =
                experiments.search(View.ACTIVE_ONLY, "", List.of("last_update_time DESC"), 200, "").items().stream()
                        .filter(experiment -> readable.allows(experiment.id()))
                        .toList();
        Optional<String> chosen = Http.query(request, "id").filter(id -> !id.isBlank());
        chosen.ifPresent(id -> requireExperiment(request, id));
        List<String> ids = chosen.map(List::of)
                .orElseGet(() -> all.stream().map(Experiment::id).toList());
        List<Run> found = runs.search(ids, View.ACTIVE_ONLY, "", List.of("start_time DESC"), RUNS, "")
                .items();
        ui.page(
                request,
                response,
                "run/tracking.jte",
                "Experiments",
                "Runs",
                Map.of(
                        "experiments", all,
                        "chosen", chosen.orElse(""),
                        "runs", found,
                        "columns", columns(found),
                        "now", clock.millis()));
    }

    /** The metrics that most of the runs have. */
    private static List<String> columns(List<Run> runs) {
        var counts = new HashMap<String, Integer>();
        runs.forEach(run -> run.metrics().forEach(metric -> counts.merge(metric.key(), 1, Integer::sum)));
        return counts.keySet().stream()
                .sorted(Comparator.<String>comparingInt(key -> -counts.getOrDefault(key, 0))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(COLUMNS)
                .toList();
    }

    void show(ServerRequest request, ServerResponse response, String id) {
        Run run = runs.find(id)
                .orElseThrow(() -> new Problem.NotFound("No run has the id " + id, "See all runs on /runs."));
        require(request, run);
        var model = new HashMap<String, Object>();
        model.put("run", run);
        model.put("experiment", experiments.get(run.experimentId()));
        model.put("curves", curves(run));
        model.put("files", files(run.artifactUri()));
        model.put("models", models.ofRun(id));
        model.put("now", clock.millis());
        ui.page(request, response, "run/tracked.jte", run.name(), "Runs", model);
    }

    private List<Curve> curves(Run run) {
        var curves = new ArrayList<Curve>();
        for (Metric latest : run.metrics()) {
            List<Metric> values = latest.step() == 0
                    ? List.of()
                    : runs.thinned(List.of(run.id()), latest.key(), Optional.empty(), Optional.empty(), POINTS).stream()
                            .map(Runs.RunMetric::metric)
                            .toList();
            curves.add(new Curve(latest, values.size() < 2 ? "" : curve(latest.key(), values)));
        }
        curves.sort(Comparator.comparing((Curve curve) -> curve.svg().isEmpty())
                .thenComparing(curve -> curve.latest().key()));
        return curves;
    }

    private static String curve(String key, List<Metric> values) {
        List<String> steps =
                values.stream().map(metric -> Text.number(metric.step())).toList();
        return new Plot(key, steps)
                .size(360, 140)
                .withoutDots()
                .series(key, values.stream().mapToDouble(Metric::value).toArray())
                .svg();
    }

    private List<ArtifactFile> files(String uri) {
        return ArtifactTree.pathOf(uri).map(tree::files).orElse(List.of());
    }

    /** The page of the step that a tag {@code run/step} names. */
    public static String stepPage(String tag) {
        int slash = tag.indexOf('/');
        return slash < 0
                ? "/runs/" + Links.segment(tag)
                : "/runs/" + Links.segment(tag.substring(0, slash)) + "/steps/"
                        + Links.segment(tag.substring(slash + 1));
    }

    /** A file's path below an artifact URI. */
    public static String shown(ArtifactFile file, String uri) {
        String root = ArtifactTree.pathOf(uri).orElse("") + "/";
        return file.path().startsWith(root) ? file.path().substring(root.length()) : file.path();
    }

    /** The same for a query. */
    public static String below(ArtifactFile file, String uri) {
        return Links.segment(shown(file, uri));
    }

    private void file(ServerRequest request, ServerResponse response) {
        Run run = runs.get(Http.path(request, "id"));
        require(request, run);
        download(request, response, run.artifactUri());
    }

    private void modelFile(ServerRequest request, ServerResponse response) {
        var model = models.get(Http.path(request, "id"));
        requireExperiment(request, model.experimentId());
        download(request, response, model.artifactUri());
    }

    /** Sends bytes that somebody uploaded: always as a download, so that no browser runs them as a page of ours. */
    private void download(ServerRequest request, ServerResponse response, String uri) {
        String root = ArtifactTree.pathOf(uri)
                .orElseThrow(() -> new Problem.NotFound("The files of this run are not kept here but at " + uri));
        String path = Http.query(request, "path").orElseThrow(() -> new Problem.Invalid("path: missing"));
        ArtifactFile file = tree.file(root + "/" + path);
        response.status(Status.OK_200);
        response.header(HeaderNames.CONTENT_TYPE, "application/octet-stream");
        response.header(HeaderNames.create("X-Content-Type-Options"), "nosniff");
        response.header(HeaderNames.create("Content-Security-Policy"), "sandbox; default-src 'none'");
        response.header(HeaderNames.CONTENT_DISPOSITION, "attachment; filename*=UTF-8''" + Links.segment(file.name()));
        response.header(HeaderNames.CONTENT_LENGTH, Long.toString(file.size()));
        try (InputStream in = tree.open(file);
                OutputStream out = response.outputStream()) {
            in.transferTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void require(ServerRequest request, Run run) {
        run.project()
                .ifPresentOrElse(
                        project -> users.access().require(Http.actor(request), Permission.READ, project),
                        () -> requireExperiment(request, run.experimentId()));
    }

    private void requireExperiment(ServerRequest request, String id) {
        users.access().require(Http.actor(request), Permission.READ);
        users.access().grants().require(Http.actor(request), Resource.experiment(id), Level.READ);
    }
}
