package org.millwright.serving;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Credentials;
import org.millwright.identity.Permission;
import org.millwright.kernel.Problem;

/** Tells scorers in other processes where requests go, and counts what they answered as if it had been answered here. */
public final class Routings {
    private static final int MOST_ENTRIES = 10_000;
    private static final int MOST_REPLICAS = 10_000;

    private final Deployments deployments;
    private final Scorer scorer;
    private final Terms terms;
    private final Credentials credentials;
    private final Access access;
    /** The last report of each replica that was counted; it need not outlive the counts. */
    private final Map<String, Long> sequences = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST_REPLICAS;
        }
    };

    public Routings(Deployments deployments, Scorer scorer, Terms terms, Credentials credentials, Access access) {
        this.deployments = deployments;
        this.scorer = scorer;
        this.terms = terms;
        this.credentials = credentials;
        this.access = access;
    }

    /** The deployments in whose place the actor may answer, and who may ask it there. */
    public Routing of(Actor by) {
        List<Routing.Routed> routed = deployments.list().stream()
                .filter(each -> access.allows(by, Permission.SERVE, Optional.of(each.project())))
                .map(this::routed)
                .toList();
        return new Routing(routed, credentials.of(by));
    }

    private Routing.Routed routed(Deployment deployment) {
        Set<String> used = Route.used(deployment);
        Map<String, String> bundles = deployments.versions(deployment.name()).stream()
                .filter(version -> used.contains(version.version()))
                .collect(Collectors.toMap(DeployedVersion::version, DeployedVersion::bundle));
        return new Routing.Routed(deployment, bundles, terms.limits(deployment.project()));
    }

    /**
     * What a replica answered since its last report.
     *
     * @param replica names it among all that ever were
     * @param sequence number of the report, from 1; a report that comes again is not counted again
     */
    public record Report(String replica, long sequence, List<Entry> entries) {
        public Report {
            entries = List.copyOf(entries);
            if (!replica.matches("[A-Za-z0-9-]{8,48}") || sequence < 1 || entries.size() > MOST_ENTRIES) {
                throw new Problem.Invalid("A report of counts is out of bounds (expected: a replica of 8 to 48 of A-Z,"
                        + " a-z, 0-9, '-', a sequence from 1, at most " + MOST_ENTRIES + " entries)");
            }
        }
    }

    /** @param step when the step of the trial under way began; 0 without a trial */
    public record Entry(String deployment, String version, long step, Counts.Counted counts) {}

    /**
     * Adds a report to what the versions answered; returns false when it was added before. What belongs to another step than
     * the one under way, or to a version that is not in use any more, decides nothing and is left out.
     */
    public boolean count(Actor by, Report report) {
        for (Entry entry : report.entries()) {
            deployments
                    .find(entry.deployment())
                    .ifPresent(deployment -> access.require(by, Permission.SERVE, deployment.project()));
        }
        synchronized (sequences) {
            String replica = by.id() + "/" + report.replica();
            if (sequences.getOrDefault(replica, 0L) >= report.sequence()) {
                return false;
            }
            sequences.put(replica, report.sequence());
        }
        report.entries().forEach(this::count);
        return true;
    }

    private void count(Entry entry) {
        Optional<Route> route = scorer.find(entry.deployment());
        long step = route.map(Route::deployment).map(Routings::step).orElse(0L);
        if (step == 0 || step == entry.step()) {
            Optional.ofNullable(scorer.traffic(entry.deployment()).get(entry.version()))
                    .ifPresent(traffic -> traffic.add(entry.counts()));
        }
    }

    static long step(Deployment deployment) {
        return deployment.rollout() instanceof Rollout.Trial trial ? trial.since() : 0;
    }
}
