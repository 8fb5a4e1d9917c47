package org.millwright.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.millwright.insight.Chronicle;
import org.millwright.insight.Exports;
import org.millwright.insight.Inventory;
import org.millwright.insight.Lineages;
import org.millwright.insight.Maturity;
import org.millwright.insight.Portfolio;
import org.millwright.insight.ProjectInsights;
import org.millwright.insight.Rates;
import org.millwright.monitor.Volumes;
import org.millwright.registry.ExternalModels;
import org.millwright.web.Routes;
import org.millwright.web.api.InsightRoutes;
import org.millwright.web.ui.InsightPages;
import org.millwright.web.ui.Ui;

/** What looks over all rooms: insights, the inventory, maturity, lineage. */
final class Looking {
    final ProjectInsights projects;
    final Inventory inventory;
    final Maturity maturity;
    final Portfolio portfolio;
    final Lineages lineages;
    final ExternalModels external;
    private final Exports exports;
    private final Rooms rooms;

    /** @param data folder in which the price table lies, if somebody wrote one */
    Looking(Rooms rooms, Path data) {
        this.rooms = rooms;
        var chronicle = new Chronicle(rooms.ledger);
        var volumes = new Volumes(rooms.database);
        external = new ExternalModels(rooms.database, rooms.ledger, rooms.users, rooms.clock);
        projects = new ProjectInsights(
                chronicle,
                rooms.projects,
                rooms.pipelineRuns,
                rooms.sources,
                volumes,
                rooms.users,
                rates(data.resolve(Rates.FILE)),
                rooms.clock);
        inventory = new Inventory(
                chronicle,
                new Inventory.Rooms(
                        rooms.projects,
                        rooms.models,
                        rooms.versions,
                        external,
                        rooms.deployments,
                        rooms.overviews,
                        rooms.alerts,
                        rooms.certificates),
                rooms.users,
                rooms.clock);
        maturity = new Maturity(
                chronicle, rooms.ledger, rooms.projects, rooms.agreements, rooms.edges, rooms.users, rooms.clock);
        portfolio = new Portfolio(projects, inventory, maturity);
        lineages = new Lineages(
                chronicle, rooms.edges, name -> rooms.datasets.get(name).ref(), volumes, rooms.users.access());
        exports = new Exports(rooms.tables, data.resolve("tables"));
    }

    /** The price table, or what is assumed without one. */
    static Rates rates(Path file) {
        try {
            return Files.exists(file) ? Rates.parse(Files.readString(file)) : Rates.ASSUMED;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Routes> routes(Ui ui) {
        return List.of(
                new InsightRoutes(projects, inventory, maturity, portfolio, lineages, external, exports, rooms.clock),
                new InsightPages(ui, projects, inventory, maturity, portfolio, lineages, rooms.clock));
    }
}
