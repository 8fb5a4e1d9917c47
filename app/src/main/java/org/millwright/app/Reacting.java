package org.millwright.app;

import org.millwright.alert.LateReviews;
import org.millwright.factory.Continuing;
import org.millwright.factory.Doubts;
import org.millwright.factory.Outbox;
import org.millwright.factory.Proving;
import org.millwright.factory.Reviewing;
import org.millwright.factory.Rollouts;
import org.millwright.factory.Stopping;
import org.millwright.factory.TakenBack;
import org.millwright.reproduction.Reproduction;
import org.millwright.serving.Deployment;

/** What follows in one room from what the ledger tells of another. */
final class Reacting implements AutoCloseable {
    final Outbox outbox;
    final Continuing continuing;

    /** @param rooms all that react, built */
    Reacting(Rooms rooms) {
        outbox = new Outbox(rooms.database, rooms.ledger);
        rooms.notifying.register(outbox);
        new Rollouts(rooms.releases, rooms.deployments, rooms.models, rooms.versions, rooms.projects).register(outbox);
        continuing = new Continuing(
                rooms.retrainings,
                rooms.pipelineRuns,
                rooms.sources,
                project -> Continuing.arrived(rooms.datasets, project),
                rooms.projects,
                name -> rooms.deployments.find(name).flatMap(Deployment::production),
                rooms.clock);
        continuing.register(outbox);
        new Stopping(rooms.deployments).register(outbox);
        new TakenBack(rooms.deployments, rooms.projects, rooms.alerts).register(outbox);
        new Reviewing(new LateReviews(
                        rooms.deployments::list,
                        rooms.projects,
                        rooms.projectReviews,
                        rooms.alerts,
                        rooms.clock,
                        rooms.ids))
                .register(outbox);
        new Doubts(
                        rooms.deployments,
                        rooms.vouching.revokedAssets,
                        subject -> rooms.reproductions.latest(subject).flatMap(Reproduction::verdict),
                        rooms.projects,
                        rooms.alerts)
                .register(outbox);
        new Proving(rooms.reproductions).register(outbox);
        rooms.deciding.register(outbox, rooms.alerts, rooms.brokenConditions);
        rooms.governing.register(outbox, rooms, rooms.alerts);
    }

    void start() {
        outbox.start();
        continuing.start();
    }

    @Override
    public void close() throws InterruptedException {
        continuing.close();
        outbox.close();
    }
}
