package org.millwright.app;

import org.millwright.certification.Certifying;
import org.millwright.certification.Revocations;
import org.millwright.lineage.RevokedAssets;

/** Certificates of what is no model version, and what a revocation takes along. */
final class Vouching {
    final RevokedAssets revokedAssets;
    final Revocations revocations;
    final Certifying certifying;

    /** @param rooms those of floors 0 to 6, built */
    Vouching(Rooms rooms) {
        var access = rooms.users.access();
        revokedAssets = new RevokedAssets(rooms.database, rooms.ledger, rooms.clock);
        revocations = new Revocations(
                access,
                rooms.models,
                rooms.versions,
                rooms.certificates,
                revokedAssets,
                new Revocations.Assets(
                        rooms.datasets, rooms.environments, rooms.sources, rooms.pipelineRuns, rooms.edges));
        certifying = new Certifying(
                access,
                rooms.certificates,
                rooms.releases,
                rooms.approvals,
                new Certifying.Rooms(
                        rooms.datasets,
                        rooms.environments,
                        rooms.sources,
                        rooms.pipelineRuns,
                        rooms.edges,
                        rooms.versions));
    }
}
