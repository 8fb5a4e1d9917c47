package org.millwright.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.millwright.history.Snapshots;
import org.millwright.insight.Chronicle;
import org.millwright.insight.Exports;
import org.millwright.insight.Inventory;
import org.millwright.insight.Lineages;
import org.millwright.insight.Maturity;
import org.millwright.insight.Portfolio;
import org.millwright.insight.ProjectInsights;
import org.millwright.insight.Rates;
import org.millwright.registry.ExternalModels;
import org.millwright.web.Routes;
import org.millwright.web.api.InsightRoutes;
import org.millwright.web.ui.InsightPages;
import org.millwright.web.ui.Ui;
import org.millwright.window.Volumes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What looks over all rooms: insights, the inventory, maturity, lineage. What they and history need of the log is read as it
 * grows, so that pages have to read little.
 */
final class Looking implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Looking.class);
    private static final int EVERY_SECONDS = 10;

    final ProjectInsights projects;
    final Inventory inventory;
    final Maturity maturity;
    final Portfolio portfolio;
    final Lineages lineages;
    final ExternalModels external;
    private final Chronicle chronicle;
    private final Snapshots snapshots;
    private final Exports exports;
    private final Rooms rooms;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("insight").daemon().factory());

    private volatile boolean closed;

    /** @param data folder in which the price table lies, if somebody wrote one */
    Looking(Rooms rooms, Path data) {
        this.rooms = rooms;
        chronicle = new Chronicle(rooms.ledger);
        snapshots = new Snapshots(rooms.ledger, rooms.history);
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
                rooms.database,
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
                rooms.database,
                chronicle,
                rooms.ledger,
                rooms.projects,
                rooms.agreements,
                rooms.edges,
                rooms.users,
                rooms.clock);
        portfolio = new Portfolio(projects, inventory, maturity);
        lineages = new Lineages(
                chronicle, rooms.edges, name -> rooms.datasets.get(name).ref(), volumes, rooms.users.access());
        exports = new Exports(rooms.tables, data.resolve("tables"));
        timer.scheduleWithFixedDelay(this::readOn, 1, EVERY_SECONDS, TimeUnit.SECONDS);
    }

    private void readOn() {
        try {
            chronicle.catchUp();
            while (!closed && snapshots.step()) {
                // until all is seen
            }
        } catch (RuntimeException e) {
            if (!closed) {
                LOG.warn("The log was not read for insights; the next try is in {} seconds", EVERY_SECONDS, e);
            }
        }
    }

    /** Waits until the database is no longer read. */
    @Override
    public void close() throws InterruptedException {
        closed = true;
        timer.shutdown();
        timer.awaitTermination(1, TimeUnit.MINUTES);
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
