package org.millwright.web.ui;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.millwright.identity.Actor;
import org.millwright.tracking.Curve;
import org.millwright.tracking.Experiment;
import org.millwright.tracking.Metric;
import org.millwright.tracking.Run;
import org.millwright.tracking.RunTables;
import org.millwright.tracking.View;

/** A run's metrics against the best of its experiment, with small curves. */
public final class RunMetrics {
    private static final int SMALL = 60;
    private static final int COMPARED = 40;

    /** So many points are read for a page; longer histories are drawn when they come into sight. */
    private static final long POINTS = 40_000;

    private final RunTables tables;

    public RunMetrics(RunTables tables) {
        this.tables = tables;
    }

    /**
     * A metric of the run.
     *
     * @param curve empty when its history is too long to be read with the page
     * @param best of the experiment's active runs, where it is known which end is the better one
     */
    public record Row(
            Metric latest, Direction direction, Optional<RunTables.Best> best, Optional<Curve> curve, String svg) {
        /** Whether no run of the experiment has a better value. */
        public boolean isBest() {
            return best.isPresent() && best.get().value() == latest.value();
        }

        /** How far the best is away, with a sign. */
        public String behind() {
            return best.map(found -> Text.signed(latest.value() - found.value()))
                    .orElse("");
        }

        public String low() {
            return curve.flatMap(Curve::lowest)
                    .map(point -> Text.metric(point.value()))
                    .orElse("");
        }

        public String high() {
            return curve.flatMap(Curve::highest)
                    .map(point -> Text.metric(point.value()))
                    .orElse("");
        }
    }

    /** @param others whether the experiment's other runs may be spoken of */
    List<Row> rows(Actor by, Experiment experiment, Run run, boolean others) {
        var rows = new ArrayList<Row>();
        long read = 0;
        for (Metric latest : run.metrics()) {
            boolean reads = read + Math.max(0, latest.step()) <= POINTS;
            Row row = row(by, experiment, run, latest, reads, others && rows.size() < COMPARED);
            read += row.curve().map(Curve::count).orElse(0L);
            rows.add(row);
        }
        return rows;
    }

    Optional<Row> row(Actor by, Experiment experiment, Run run, String key, boolean others) {
        return run.metrics().stream()
                .filter(metric -> metric.key().equals(key))
                .findFirst()
                .map(latest -> row(by, experiment, run, latest, true, others));
    }

    private Row row(Actor by, Experiment experiment, Run run, Metric latest, boolean reads, boolean compares) {
        Direction direction = Direction.of(experiment, latest.key());
        Optional<RunTables.Best> best = compares && direction.isKnown() && !Double.isNaN(latest.value())
                ? tables.best(by, experiment.id(), View.ACTIVE_ONLY, "", latest.key(), direction == Direction.HIGHER)
                : Optional.empty();
        if (!reads) {
            return new Row(latest, direction, best, Optional.empty(), "");
        }
        Curve.Axis axis = latest.step() == 0 ? Curve.Axis.TIME : Curve.Axis.STEP;
        Curve curve = tables.curve(by, run.id(), latest.key(), Curve.Ask.whole(axis, SMALL));
        return new Row(latest, direction, best, Optional.of(curve), SmallCurve.svg(curve, axis, "s1"));
    }

    /** The metric that says how good the run is. */
    Optional<Row> lead(Experiment experiment, List<Row> rows) {
        String primary = Direction.primary(experiment.tags()).orElse("");
        return rows.stream()
                .filter(row -> row.best().isPresent())
                .filter(row -> !row.latest().key().startsWith("system/"))
                .min(Comparator.comparing(
                                (Row row) -> !primary.equals(row.latest().key()))
                        .thenComparing(row -> !Direction.isHeldOut(row.latest().key())));
    }
}
