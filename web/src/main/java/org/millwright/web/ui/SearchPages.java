package org.millwright.web.ui;

import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.millwright.dataset.Datasets;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.ledger.Ledger;
import org.millwright.pipeline.PipelineRuns;
import org.millwright.project.Projects;
import org.millwright.registry.Models;
import org.millwright.tracking.Experiments;
import org.millwright.tracking.Runs;
import org.millwright.tracking.View;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** Finds by name, id, or the beginning of an id. */
public final class SearchPages implements Routes {
    private static final int RECENT = 500;
    private static final int FOUND = 50;

    private final Ui ui;
    private final Projects projects;
    private final PipelineRuns pipelineRuns;
    private final Experiments experiments;
    private final Runs runs;
    private final Models models;
    private final Datasets datasets;
    private final Ledger ledger;
    private final Users users;

    public SearchPages(
            Ui ui,
            Projects projects,
            PipelineRuns pipelineRuns,
            Experiments experiments,
            Runs runs,
            Models models,
            Datasets datasets,
            Ledger ledger,
            Users users) {
        this.ui = ui;
        this.projects = projects;
        this.pipelineRuns = pipelineRuns;
        this.experiments = experiments;
        this.runs = runs;
        this.models = models;
        this.datasets = datasets;
        this.ledger = ledger;
        this.users = users;
    }

    /** Something found. */
    public record Hit(String kind, String name, String href) {}

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/search", this::search);
    }

    private void search(ServerRequest request, ServerResponse response) {
        users.access().require(Http.actor(request), Permission.READ);
        String text = Http.query(request, "q").orElse("").strip();
        List<Hit> hits = text.isEmpty() ? List.of() : hits(Http.actor(request), text);
        if (hits.size() == 1) {
            Ui.redirect(response, hits.getFirst().href());
            return;
        }
        ui.page(request, response, "home/search.jte", "Search", "", Map.of("text", text, "hits", hits));
    }

    private List<Hit> hits(Actor by, String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        var hits = new ArrayList<Hit>();
        projects.list().stream()
                .filter(project -> project.name().contains(lower))
                .forEach(project -> hits.add(new Hit("project", project.name(), Links.of(project.ref()))));
        models.search(by, "", List.of(), RECENT, "").items().stream()
                .filter(model -> model.name().toLowerCase(Locale.ROOT).contains(lower))
                .forEach(model -> hits.add(new Hit("model", model.name(), Links.of("model:" + model.name()))));
        datasets.names().stream()
                .filter(name -> name.contains(lower))
                .forEach(name -> hits.add(new Hit("dataset", name, "/data?dataset=" + Links.segment(name))));
        pipelineRuns.list(Optional.empty(), Optional.empty(), RECENT).stream()
                .filter(run -> run.id().startsWith(lower) || run.pipeline().equals(lower))
                .forEach(run ->
                        hits.add(new Hit("run", run.pipeline() + " " + Text.brief(run.id()), Links.of(run.ref()))));
        runs.find(by, text).ifPresent(run -> hits.add(new Hit("MLflow run", run.name(), Links.run(run))));
        ExperimentPages.named(experiments, by, text, View.ACTIVE_ONLY, FOUND, 0).items().stream()
                .forEach(each -> hits.add(new Hit("experiment", each.name(), Links.of("experiment:" + each.id()))));
        ledger.entry(text)
                .ifPresent(entry -> hits.add(new Hit("ledger entry", entry.action(), "/ledger/" + entry.id())));
        if (text.contains(":") && !ledger.about(text).isEmpty()) {
            hits.add(new Hit("asset", text, Links.of(text)));
        }
        return hits;
    }
}
