package org.millwright.replica;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.millwright.scoring.remote.ProfileReports;

/**
 * How a replica is doing.
 *
 * @param reached when the server last said what to route; empty while all there is comes from the cache
 * @param problem why the last look at the server failed
 * @param faults why versions do not answer, by DEPLOYMENT/VERSION
 * @param profiles what became of the rows' profiles
 */
public record ReplicaState(
        Optional<Instant> reached,
        Optional<String> problem,
        Map<String, String> faults,
        ProfileReports.State profiles) {
    public ReplicaState {
        faults = Map.copyOf(faults);
    }
}
