package org.millwright.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.millwright.tracking.Tracking.ANA;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.kernel.OnDatabases;
import org.millwright.kernel.Problem;
import org.millwright.tracking.Curve.Ask;
import org.millwright.tracking.Curve.Axis;

/** What tables and plots of runs show, on both databases. */
@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class RunTablesTest {
    private final Tracking room;
    private final RunTables tables;

    RunTablesTest(OnDatabases.Maker maker) {
        room = new Tracking(maker.make());
        tables = new RunTables(room.database, room.ledger, room.clock, room.users.access(), room.experiments);
    }

    @AfterEach
    void close() {
        room.close();
    }

    @Test
    void aCurveKeepsEndsAndExtremesAlongEitherAxis() {
        String run = room.run("r").id();
        var random = new Random(3);
        var points = new ArrayList<Metric>();
        for (int i = 0; i < 3_000; i++) {
            points.add(new Metric("loss", i == 1_777 ? 99 : random.nextGaussian(), 5_000 - i, i));
        }
        points.add(new Metric("loss", Double.NaN, 1, 3_000));
        points.add(new Metric("loss", Double.POSITIVE_INFINITY, 1, 3_001));
        for (int from = 0; from < points.size(); from += 1_000) {
            room.runs.log(
                    ANA,
                    run,
                    Batch.of(points.subList(from, Math.min(points.size(), from + 1_000)), Map.of(), Map.of()));
        }

        Curve bySteps = tables.curve(ANA, run, "loss", Ask.whole(Axis.STEP, 50));
        assertThat(bySteps.points()).hasSizeBetween(60, 200);
        assertThat(bySteps.points().getFirst().step()).isZero();
        assertThat(bySteps.points().getLast().step()).isEqualTo(2_999);
        assertThat(bySteps.points()).contains(new Curve.Point(1_777, 5_000 - 1_777, 99));
        assertThat(bySteps.highest()).contains(new Curve.Point(1_777, 5_000 - 1_777, 99));
        assertThat(bySteps.count()).isEqualTo(3_000);
        assertThat(bySteps.gaps()).isEqualTo(2);

        Curve byTime = tables.curve(ANA, run, "loss", Ask.whole(Axis.TIME, 50));
        assertThat(byTime.points().getFirst().step()).isEqualTo(2_999);
        assertThat(byTime.lowest().orElseThrow().value())
                .isEqualTo(bySteps.lowest().orElseThrow().value());

        Curve zoomed = tables.curve(ANA, run, "loss", new Ask(Axis.STEP, 1_770, 1_789, 50, 0));
        assertThat(zoomed.points()).hasSize(20);
        assertThat(tables.curve(ANA, run, "none", Ask.whole(Axis.STEP, 50)).points())
                .isEmpty();
    }

    @Test
    void smoothingIsThatOfTheWholeHistory() {
        String run = room.run("r").id();
        for (int i = 0; i < 4; i++) {
            room.runs.logMetric(ANA, run, new Metric("m", i % 2 == 0 ? 1 : 3, i, i));
        }
        List<Curve.Point> smoothed = tables.curve(
                        ANA, run, "m", new Ask(Axis.STEP, Long.MIN_VALUE, Long.MAX_VALUE, 10, 0.5))
                .smoothed();
        assertThat(smoothed.getFirst().value()).isEqualTo(1);
        assertThat(smoothed.get(1).value()).isEqualTo((0.25 * 1 + 0.5 * 3) / 0.75);
        assertThat(smoothed).hasSize(4);
        assertThat(tables.curve(ANA, run, "m", new Ask(Axis.TIME, 2, 3, 10, 0.5))
                        .smoothed())
                .isEqualTo(smoothed.subList(2, 4));
    }

    @Test
    void keysCountsAndBestValuesAreThoseOfActiveRunsThatMatch() {
        String experiment = room.experiments.create(ANA, "e", "", Map.of()).id();
        for (int i = 0; i < 12; i++) {
            String id = room.runs
                    .create(ANA, new NewRun(experiment, "r" + i, "u", i * 10L, Map.of()))
                    .id();
            room.runs.log(
                    ANA,
                    id,
                    Batch.of(
                            List.of(new Metric("rmse", i == 3 ? Double.NaN : i, 1, 1), new Metric("zeta", 1, 1, 1)),
                            Map.of("lr", Integer.toString(i % 3)),
                            Map.of("team", "a")));
            if (i == 0 || i == 11) {
                room.runs.delete(ANA, id);
            } else if (i == 5) {
                room.runs.update(ANA, id, Optional.of(RunStatus.FINISHED), Optional.of(900L), Optional.empty());
            }
        }
        assertThat(tables.keys(ANA, experiment, 10))
                .isEqualTo(
                        new RunTables.Keys(List.of("rmse", "zeta"), List.of("lr"), List.of("mlflow.runName", "team")));
        assertThat(tables.keys(ANA, experiment, 1).metrics()).containsExactly("rmse");
        assertThat(tables.activity(ANA, experiment, 100)).isEqualTo(new RunTables.Activity(10, 9, Optional.of(900L)));
        assertThat(tables.activity(ANA, experiment, 7).runs()).isEqualTo(7);
        assertThat(tables.count(ANA, experiment, View.ACTIVE_ONLY, "", 100)).isEqualTo(10);
        assertThat(tables.count(ANA, experiment, View.DELETED_ONLY, "", 100)).isEqualTo(2);
        assertThat(tables.count(ANA, experiment, View.ACTIVE_ONLY, "params.lr = '1' and metrics.rmse > 4", 100))
                .isEqualTo(2);
        assertThat(tables.best(ANA, experiment, View.ACTIVE_ONLY, "", "rmse", false)
                        .map(RunTables.Best::value))
                .contains(1.0);
        assertThat(tables.best(ANA, experiment, View.ACTIVE_ONLY, "", "rmse", true)
                        .map(RunTables.Best::value))
                .contains(10.0);
        assertThat(tables.best(ANA, experiment, View.ALL, "params.lr = '2'", "rmse", true)
                        .map(RunTables.Best::value))
                .contains(11.0);
        assertThat(tables.best(ANA, experiment, View.ACTIVE_ONLY, "", "none", true))
                .isEmpty();
        assertThatThrownBy(() -> tables.count(ANA, experiment, View.ACTIVE_ONLY, "rmse <", 1))
                .isInstanceOf(Problem.Invalid.class);
    }

    @Test
    void viewsAreKeptByNameAndWrittenDown() {
        SavedView asked = view("  Best first ", "metrics.rmse < 12", "metrics.rmse ASC");
        SavedView kept = tables.save(ANA, asked);
        assertThat(kept.name()).isEqualTo("Best first");
        assertThat(tables.views(ANA, Experiment.DEFAULT)).containsExactly(kept);
        SavedView other = tables.save(ANA, view("Best first", "", ""));
        assertThat(tables.views(ANA, Experiment.DEFAULT)).containsExactly(other);
        assertThat(room.ledger.about("experiment:0").getLast().action()).isEqualTo("view.saved");
        tables.delete(ANA, Experiment.DEFAULT, "Best first");
        assertThat(tables.views(ANA, Experiment.DEFAULT)).isEmpty();
        assertThatThrownBy(() -> tables.delete(ANA, Experiment.DEFAULT, "Best first"))
                .isInstanceOf(Problem.NotFound.class);
    }

    @Test
    void badViewsAndStrangersAreRefused() {
        assertThatThrownBy(() -> tables.save(ANA, view(" ", "", ""))).isInstanceOf(Problem.Invalid.class);
        assertThatThrownBy(() -> tables.save(ANA, view("n", "rmse", ""))).isInstanceOf(Problem.Invalid.class);
        assertThatThrownBy(() -> tables.save(ANA, view("n", "", "color DESC"))).isInstanceOf(Problem.Invalid.class);
        assertThatThrownBy(() -> tables.save(ANA, view("n".repeat(101), "", "")))
                .isInstanceOf(Problem.Invalid.class);
        var reader = new Actor("u-bo", "bo", Actor.Kind.PERSON, true, Set.of(Role.AUDITOR), Optional.empty());
        assertThatThrownBy(() -> tables.save(reader, view("n", "", ""))).isInstanceOf(Problem.Denied.class);
        Actor step = Tracking.step(room.run("r").id());
        assertThatThrownBy(() -> tables.save(step, view("n", "", ""))).isInstanceOf(Problem.Denied.class);
    }

    private static SavedView view(String name, String filter, String order) {
        return new SavedView(
                Experiment.DEFAULT, name, View.ACTIVE_ONLY, filter, order, List.of("metrics.rmse", "params.lr"), "", 0);
    }
}
