package org.millwright.app;

import org.millwright.identity.Credentials;
import org.millwright.serving.Publications;
import org.millwright.serving.Pulls;
import org.millwright.serving.Routings;
import org.millwright.serving.Terms;

/** What processes elsewhere score with: bundles to pull, bundles published to places, and what a scorer routes. */
final class Distributing {
    final Pulls pulls;
    final Publications publications;
    final Routings routings;

    /** @param rooms those of floors 0 to 6, built */
    Distributing(Rooms rooms) {
        var access = rooms.users.access();
        pulls = new Pulls(
                rooms.models,
                rooms.versions,
                rooms.artifacts,
                access,
                rooms.certificates,
                rooms.releases::requireApproved,
                rooms.clock);
        publications = new Publications(rooms.database, rooms.ledger, pulls);
        routings = new Routings(
                rooms.deployments,
                rooms.scorer,
                Terms.of(rooms.projects),
                new Credentials(rooms.database, access, rooms.clock),
                access);
    }
}
