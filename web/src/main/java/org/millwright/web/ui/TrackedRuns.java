package org.millwright.web.ui;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.registry.ModelVersion;
import org.millwright.registry.Versions;
import org.millwright.serving.Deployment;
import org.millwright.serving.Deployments;
import org.millwright.tracking.Metric;
import org.millwright.tracking.Run;
import org.millwright.tracking.RunTables;

/** Runs that people's own scripts and notebooks logged, against the version in production that came from the same experiment. */
public final class TrackedRuns {
    /** A person's pipelines log as well; what is theirs alone is found among so many. */
    private static final int LOOKED_AT = 60;

    private final RunTables tables;
    private final Versions versions;
    private final Deployments deployments;
    private final Access access;

    public TrackedRuns(RunTables tables, Versions versions, Deployments deployments, Access access) {
        this.tables = tables;
        this.versions = versions;
        this.deployments = deployments;
        this.access = access;
    }

    /** Newest first. */
    List<WorkDesk.Row> of(Actor by, Set<String> people, int limit) {
        List<Run> own = tables.madeBy(by, people, LOOKED_AT).stream()
                .filter(run -> !run.tags().containsKey(Run.STEP_TAG))
                .limit(limit)
                .toList();
        if (own.isEmpty()) {
            return List.of();
        }
        Map<String, Run> champions = champions(by);
        var rows = new ArrayList<WorkDesk.Row>();
        own.forEach(run -> rows.add(row(run, Optional.ofNullable(champions.get(run.experimentId())))));
        return rows;
    }

    /** The runs that versions in production came from, by experiment. */
    private Map<String, Run> champions(Actor by) {
        var ids = new ArrayList<String>();
        for (Deployment deployment : deployments.list()) {
            if (access.allows(by, Permission.READ, Optional.of(deployment.project()))) {
                deployment
                        .production()
                        .flatMap(number -> versions.find(by, deployment.model(), Long.parseLong(number)))
                        .flatMap(ModelVersion::runId)
                        .ifPresent(ids::add);
            }
        }
        var champions = new HashMap<String, Run>();
        tables.readable(by, ids).forEach(run -> champions.putIfAbsent(run.experimentId(), run));
        return champions;
    }

    private static WorkDesk.Row row(Run run, Optional<Run> champion) {
        Optional<Metric> telling = telling(run, champion);
        Optional<Double> known = telling.flatMap(
                metric -> champion.filter(of -> !of.id().equals(run.id())).flatMap(of -> of.metric(metric.key())));
        return new WorkDesk.Row(
                Links.run(run),
                run.name(),
                "experiment " + run.experimentId(),
                Tones.of(run.status()),
                run.status().name().toLowerCase(java.util.Locale.ROOT),
                run.startTime(),
                telling.map(metric -> metric.key() + " " + Text.number(metric.value()))
                        .orElse(""),
                known.map(Text::number).orElse(""),
                telling.flatMap(metric -> known.map(value -> verdict(metric, value)))
                        .orElse(0),
                "");
    }

    /** A metric of which it is known which end is the better one, rather one that the champion has and of rows not seen. */
    private static Optional<Metric> telling(Run run, Optional<Run> champion) {
        return run.metrics().stream()
                .filter(metric -> Direction.ofName(metric.key()).isKnown())
                .min(java.util.Comparator.<Metric, Boolean>comparing(metric ->
                                champion.flatMap(of -> of.metric(metric.key())).isEmpty())
                        .thenComparing(metric -> !Direction.isHeldOut(metric.key()))
                        .thenComparing(Metric::key));
    }

    private static int verdict(Metric metric, double champion) {
        if (metric.value() == champion) {
            return 0;
        }
        boolean greater = metric.value() > champion;
        return greater == (Direction.ofName(metric.key()) == Direction.HIGHER) ? 1 : -1;
    }
}
