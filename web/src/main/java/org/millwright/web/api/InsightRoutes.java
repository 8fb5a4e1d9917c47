package org.millwright.web.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.millwright.identity.Actor;
import org.millwright.insight.Assessment;
import org.millwright.insight.Exports;
import org.millwright.insight.Inventoried;
import org.millwright.insight.Inventory;
import org.millwright.insight.Lineages;
import org.millwright.insight.Maturity;
import org.millwright.insight.Portfolio;
import org.millwright.insight.ProjectInsights;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.project.RiskTier;
import org.millwright.registry.ExternalModels;
import org.millwright.scoring.Frame;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** Insights, the inventory, maturity and lineage; tables also as CSV and Parquet. */
public final class InsightRoutes implements Routes {
    private static final int MONTHS = 24;

    private final ProjectInsights projects;
    private final Inventory inventory;
    private final Maturity maturity;
    private final Portfolio portfolio;
    private final Lineages lineages;
    private final ExternalModels external;
    private final Exports exports;
    private final Clock clock;

    public InsightRoutes(
            ProjectInsights projects,
            Inventory inventory,
            Maturity maturity,
            Portfolio portfolio,
            Lineages lineages,
            ExternalModels external,
            Exports exports,
            Clock clock) {
        this.projects = projects;
        this.inventory = inventory;
        this.maturity = maturity;
        this.portfolio = portfolio;
        this.lineages = lineages;
        this.external = external;
        this.exports = exports;
        this.clock = clock;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/api/1/insights/project", this::project);
        routing.get("/api/1/insights/models", this::models);
        routing.get("/api/1/insights/portfolio", this::portfolio);
        routing.get("/api/1/insights/maturity", this::maturity);
        routing.get("/api/1/lineage", this::lineage);
        routing.get("/api/1/external-models", this::external);
        routing.post("/api/1/external-models", this::add);
        routing.post("/api/1/external-models/{name}/retire", this::retire);
    }

    private void project(ServerRequest request, ServerResponse response) {
        ProjectInsights.Report report = projects.report(Http.actor(request), scope(request, clock));
        answer(request, response, () -> Exports.delivery(report), () -> {
            ObjectNode json = (ObjectNode) Json.tree(report);
            json.putObject("field").put("without", ProjectInsights.FIELD).put("aim", ProjectInsights.AIM);
            return json;
        });
    }

    /** Which projects, and from when on, a query asks for. */
    public static ProjectInsights.Scope scope(ServerRequest request, Clock clock) {
        return new ProjectInsights.Scope(
                word(request, "project"),
                word(request, "team"),
                word(request, "since").map(text -> Since.parse("since", text, clock)));
    }

    private static Optional<String> word(ServerRequest request, String name) {
        return Http.query(request, name).filter(text -> !text.isBlank());
    }

    private void models(ServerRequest request, ServerResponse response) {
        List<Inventoried> models = inventory.list(Http.actor(request), word(request, "project"));
        answer(
                request,
                response,
                () -> Exports.models(models),
                () -> Json.object().set("models", Json.tree(models)));
    }

    private void portfolio(ServerRequest request, ServerResponse response) {
        Portfolio.View view = portfolio.view(Http.actor(request), scope(request, clock));
        answer(request, response, () -> Exports.delivery(view.report()), () -> Json.tree(view));
    }

    private void maturity(ServerRequest request, ServerResponse response) {
        Actor actor = Http.actor(request);
        Optional<String> project = word(request, "project");
        Optional<Long> at = word(request, "at").map(text -> Since.parse("at", text, clock));
        Assessment assessment = maturity.assess(actor, project, at);
        ObjectNode json = (ObjectNode) Json.tree(assessment);
        json.set("sources", Json.tree(maturity.criteria().sources()));
        int months = Http.query(request, "months", 0, MONTHS);
        if (months > 0) {
            var history = json.putArray("history");
            maturity.history(actor, project, months).forEach(each -> {
                ObjectNode month = history.addObject().put("at", each.at()).put("level", each.level());
                ObjectNode levels = month.putObject("dimensions");
                each.dimensions().forEach(dimension -> levels.put(dimension.id(), dimension.level()));
            });
        }
        Http.json(response, json);
    }

    private void lineage(ServerRequest request, ServerResponse response) {
        String ref = word(request, "ref")
                .orElseThrow(() -> new Problem.Invalid("ref is missing", "mw lineage dataset:NAME@PERIOD/1 --down"));
        String direction = word(request, "direction").orElse("down");
        if (!direction.equals("up") && !direction.equals("down")) {
            throw new Problem.Invalid("direction: '" + direction + "' (expected: up or down)");
        }
        Actor actor = Http.actor(request);
        Lineages.Trace trace = direction.equals("up") ? lineages.up(actor, ref) : lineages.down(actor, ref);
        Http.json(response, trace);
    }

    private void external(ServerRequest request, ServerResponse response) {
        Http.json(response, Json.object().set("models", Json.tree(external.list(Http.actor(request)))));
    }

    private void add(ServerRequest request, ServerResponse response) {
        Body body = Body.of(request, "name", "owner", "where", "purpose", "tier", "supplier", "review");
        var entry = new ExternalModels.Entry(
                body.text("name"),
                body.text("owner"),
                body.text("where"),
                body.text("purpose"),
                tier(body.text("tier")),
                body.text("supplier", ""),
                body.find("review").map(text -> Since.parse("review", text, clock)));
        Http.json(response, Status.CREATED_201, external.add(Http.actor(request), entry));
    }

    private static RiskTier tier(String text) {
        try {
            return RiskTier.of(text);
        } catch (IllegalArgumentException e) {
            throw new Problem.Invalid("tier: '" + text + "' (expected: minimal, low, medium or high)");
        }
    }

    private void retire(ServerRequest request, ServerResponse response) {
        Body body = Body.of(request, "reason");
        Http.json(response, external.retire(Http.actor(request), Http.path(request, "name"), body.text("reason", "")));
    }

    private void answer(
            ServerRequest request, ServerResponse response, Supplier<Frame> table, Supplier<Object> document) {
        String format = word(request, "format").orElse("json");
        switch (format) {
            case "json" -> Http.json(response, document.get());
            case "csv" ->
                Http.bytes(
                        response,
                        Status.OK_200,
                        "text/csv; charset=utf-8",
                        Exports.csv(table.get()).getBytes(StandardCharsets.UTF_8));
            case "parquet" ->
                Http.bytes(response, Status.OK_200, "application/vnd.apache.parquet", exports.parquet(table.get()));
            default -> throw new Problem.Invalid("format: '" + format + "' (expected: json, csv or parquet)");
        }
    }
}
