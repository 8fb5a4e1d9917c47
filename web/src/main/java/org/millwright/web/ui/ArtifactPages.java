package org.millwright.web.ui;

import io.helidon.http.HeaderName;
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
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.millwright.identity.Actor;
import org.millwright.kernel.Problem;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.Versions;
import org.millwright.tracking.ArtifactFile;
import org.millwright.tracking.Experiment;
import org.millwright.tracking.Experiments;
import org.millwright.tracking.LoggedModel;
import org.millwright.tracking.LoggedModels;
import org.millwright.tracking.Run;
import org.millwright.tracking.Runs;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/**
 * The files of runs and logged models, with previews that cannot act.
 *
 * <p>What somebody uploaded never runs as a page of this server: pictures are sent only when their bytes are those of one,
 * pages only into a sandbox of their own origin without scripts, everything else as a download.
 */
public final class ArtifactPages implements Routes {
    private static final HeaderName NOSNIFF = HeaderNames.create("X-Content-Type-Options");
    private static final HeaderName POLICY = HeaderNames.create("Content-Security-Policy");
    private static final HeaderName RESOURCES = HeaderNames.create("Cross-Origin-Resource-Policy");
    private static final HeaderName REFERRER = HeaderNames.create("Referrer-Policy");
    private static final int HEAD = 64;

    private final Ui ui;
    private final Experiments experiments;
    private final Runs runs;
    private final LoggedModels models;
    private final Versions registered;
    private final FileTree files;
    private final Clock clock;

    public ArtifactPages(
            Ui ui,
            Experiments experiments,
            Runs runs,
            LoggedModels models,
            Versions registered,
            FileTree files,
            Clock clock) {
        this.ui = ui;
        this.experiments = experiments;
        this.runs = runs;
        this.models = models;
        this.registered = registered;
        this.files = files;
        this.clock = clock;
    }

    /** What files belong to. */
    private record Owner(String uri, String page, Optional<Run> run, Optional<LoggedModel> model) {}

    @Override
    public void register(HttpRouting.Builder routing) {
        String run = "/experiments/{experiment}/runs/{id}";
        String model = "/experiments/{experiment}/models/{id}";
        routing.get(run + "/files", (request, response) -> browse(request, response, ofRun(request)));
        routing.get(model, (request, response) -> browse(request, response, ofModel(request)));
        routing.get(run + "/file", (request, response) -> download(request, response, ofRun(request)));
        routing.get(model + "/file", (request, response) -> download(request, response, ofModel(request)));
        routing.get(run + "/view", (request, response) -> view(request, response, ofRun(request)));
        routing.get(model + "/view", (request, response) -> view(request, response, ofModel(request)));
    }

    private Owner ofRun(ServerRequest request) {
        Run run = runs.get(Http.actor(request), Http.path(request, "id"));
        return new Owner(run.artifactUri(), Links.run(run), Optional.of(run), Optional.empty());
    }

    private Owner ofModel(ServerRequest request) {
        Actor actor = Http.actor(request);
        LoggedModel model = models.get(actor, Http.path(request, "id"));
        Optional<Run> run = model.sourceRunId().flatMap(id -> runs.find(actor, id));
        String page = "/experiments/" + Links.segment(model.experimentId()) + "/models/" + Links.segment(model.id());
        return new Owner(model.artifactUri(), page, run, Optional.of(model));
    }

    private void browse(ServerRequest request, ServerResponse response, Owner owner) {
        Actor actor = Http.actor(request);
        String path = Http.query(request, "path").orElse("");
        Optional<ArtifactFile> found = path.isEmpty() ? Optional.empty() : files.find(actor, owner.uri(), path);
        if (!path.isEmpty() && found.isEmpty()) {
            throw new Problem.NotFound("No file is at " + Text.cut(path, 200), "See all files on " + owner.page());
        }
        Optional<ArtifactFile> file = found.filter(each -> !each.isFolder());
        boolean source = Http.query(request, "source").isPresent();
        var model = new HashMap<String, Object>();
        model.put("experiment", experiment(actor, owner));
        model.put("run", owner.run());
        model.put("model", owner.model());
        model.put("versions", versions(actor, owner));
        model.put("page", owner.page());
        model.put("browser", owner.model().isPresent() ? owner.page() : owner.page() + "/files");
        model.put("uri", owner.uri());
        model.put("path", path);
        model.put("tree", files.tree(actor, owner.uri(), path));
        model.put("total", files.total(actor, owner.uri()));
        model.put("file", file);
        model.put("preview", file.isPresent() ? Optional.of(preview(file.get(), source)) : Optional.empty());
        model.put("now", clock.millis());
        String title = owner.model()
                .map(LoggedModel::name)
                .or(() -> owner.run().map(Run::name))
                .orElse("");
        ui.page(request, response, "experiment/files.jte", "Files of " + title, "Experiments", model);
    }

    private List<ModelVersion> versions(Actor by, Owner owner) {
        return owner.model()
                .flatMap(model -> model.sourceRunId()
                        .map(run -> registered.ofRun(by, run))
                        .map(all -> all.stream()
                                .filter(version -> version.modelId()
                                        .filter(model.id()::equals)
                                        .isPresent())
                                .toList()))
                .orElse(List.of());
    }

    private Experiment experiment(Actor by, Owner owner) {
        return owner.model()
                .map(model -> experiments.of(by, model))
                .or(() -> owner.run().map(run -> experiments.of(by, run)))
                .orElseThrow();
    }

    private Preview preview(ArtifactFile file, boolean source) {
        try (InputStream in = files.tree().open(file)) {
            return Previews.of(file, in, source);
        } catch (IOException e) {
            return new Preview.None(String.valueOf(e.getMessage()));
        }
    }

    /** Sends bytes that somebody uploaded as a download, so that no browser runs them as a page of ours. */
    private void download(ServerRequest request, ServerResponse response, Owner owner) {
        ArtifactFile file = file(request, owner);
        response.header(HeaderNames.CONTENT_DISPOSITION, "attachment; filename*=UTF-8''" + Links.segment(file.name()));
        send(response, file, "application/octet-stream", "sandbox; default-src 'none'");
    }

    /** Sends a picture, or a page for a frame: without scripts, forms, requests or this server's origin. */
    private void view(ServerRequest request, ServerResponse response, Owner owner) {
        ArtifactFile file = file(request, owner);
        Optional<String> image = Previews.imageType(head(file));
        if (image.isPresent() && file.size() <= Previews.MAX_IMAGE) {
            send(response, file, image.get(), "sandbox; default-src 'none'");
            return;
        }
        boolean page = Previews.ending(file.name()).matches("html?");
        if (!page || image.isPresent() || file.size() > Previews.MAX_PAGE) {
            throw new Problem.Invalid("This file is not shown", "Download it.");
        }
        send(
                response,
                file,
                "text/html; charset=utf-8",
                "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:;"
                        + " form-action 'none'; base-uri 'none'; frame-ancestors 'self'");
    }

    private byte[] head(ArtifactFile file) {
        try (InputStream in = files.tree().open(file)) {
            return in.readNBytes(HEAD);
        } catch (IOException e) {
            throw new Problem.Unavailable("The file cannot be read", String.valueOf(e.getMessage()), e);
        }
    }

    private ArtifactFile file(ServerRequest request, Owner owner) {
        return files.file(
                Http.actor(request),
                owner.uri(),
                Http.query(request, "path").orElseThrow(() -> new Problem.Invalid("path: missing")));
    }

    private void send(ServerResponse response, ArtifactFile file, String type, String policy) {
        response.status(Status.OK_200);
        response.header(HeaderNames.CONTENT_TYPE, type);
        response.header(NOSNIFF, "nosniff");
        response.header(POLICY, policy);
        response.header(RESOURCES, "same-origin");
        response.header(REFERRER, "no-referrer");
        response.header(HeaderNames.CONTENT_LENGTH, Long.toString(file.size()));
        try (InputStream in = files.tree().open(file);
                OutputStream out = response.outputStream()) {
            in.transferTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
