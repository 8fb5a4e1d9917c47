package org.millwright.web.ui;

import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.identity.Actor;
import org.millwright.insight.Assessment;
import org.millwright.insight.Inventory;
import org.millwright.insight.Lineages;
import org.millwright.insight.Maturity;
import org.millwright.insight.Portfolio;
import org.millwright.insight.ProjectInsights;
import org.millwright.web.Http;
import org.millwright.web.Routes;
import org.millwright.web.api.InsightRoutes;
import org.millwright.web.api.Since;

/** What looks over all projects: the portfolio on one page, how projects deliver, the inventory, maturity; and lineage. */
public final class InsightPages implements Routes {
    private static final String SECTION = "Portfolio";
    private static final int MONTHS = 12;

    private final Ui ui;
    private final ProjectInsights projects;
    private final Inventory inventory;
    private final Maturity maturity;
    private final Portfolio portfolio;
    private final Lineages lineages;
    private final Clock clock;

    public InsightPages(
            Ui ui,
            ProjectInsights projects,
            Inventory inventory,
            Maturity maturity,
            Portfolio portfolio,
            Lineages lineages,
            Clock clock) {
        this.ui = ui;
        this.projects = projects;
        this.inventory = inventory;
        this.maturity = maturity;
        this.portfolio = portfolio;
        this.lineages = lineages;
        this.clock = clock;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/portfolio", this::portfolio);
        routing.get("/insight", this::insight);
        routing.get("/insight/models", this::models);
        routing.get("/maturity", this::maturity);
        routing.get("/lineage", this::lineage);
    }

    private void portfolio(ServerRequest request, ServerResponse response) {
        Portfolio.View view = portfolio.view(Http.actor(request), ProjectInsights.Scope.ALL);
        page(request, response, "insight/portfolio.jte", "Portfolio", Map.of("view", view));
    }

    private void insight(ServerRequest request, ServerResponse response) {
        ProjectInsights.Scope scope = InsightRoutes.scope(request, clock);
        ProjectInsights.Report report = projects.report(Http.actor(request), scope);
        page(
                request,
                response,
                "insight/projects.jte",
                scope.project().map(name -> "How " + name + " delivers").orElse("How projects deliver"),
                Map.of("report", report, "scope", scope, "query", query(request)));
    }

    private void models(ServerRequest request, ServerResponse response) {
        Optional<String> project = word(request, "project");
        page(
                request,
                response,
                "insight/models.jte",
                "Inventory",
                Map.of("models", inventory.list(Http.actor(request), project), "project", project));
    }

    private void maturity(ServerRequest request, ServerResponse response) {
        Actor actor = Http.actor(request);
        Optional<String> project = word(request, "project");
        Optional<Long> at = word(request, "at").map(text -> Since.parse("at", text, clock));
        Assessment assessment = maturity.assess(actor, project, at);
        List<Assessment> history = maturity.history(actor, project, MONTHS);
        page(
                request,
                response,
                "insight/maturity.jte",
                "Maturity",
                Map.of(
                        "assessment", assessment,
                        "history", history,
                        "criteria", maturity.criteria(),
                        "project", project));
    }

    private void lineage(ServerRequest request, ServerResponse response) {
        Optional<String> ref = word(request, "ref");
        boolean up = word(request, "direction").filter("up"::equals).isPresent();
        Actor actor = Http.actor(request);
        Optional<Lineages.Trace> trace = ref.map(name -> up ? lineages.up(actor, name) : lineages.down(actor, name));
        page(
                request,
                response,
                "insight/lineage.jte",
                "Lineage",
                Map.of("trace", trace, "graph", trace.map(Ancestry::svg).orElse("")));
    }

    private static Optional<String> word(ServerRequest request, String name) {
        return Http.query(request, name).filter(text -> !text.isBlank());
    }

    /** The same choice for another form of the page. */
    private static String query(ServerRequest request) {
        var text = new StringBuilder();
        for (String name : List.of("project", "team", "since")) {
            word(request, name)
                    .ifPresent(
                            value -> text.append('&').append(name).append('=').append(Links.segment(value)));
        }
        return text.toString();
    }

    private void page(
            ServerRequest request, ServerResponse response, String template, String title, Map<String, Object> model) {
        var all = new HashMap<>(model);
        all.put("now", clock.millis());
        ui.page(request, response, template, title, SECTION, all);
    }
}
