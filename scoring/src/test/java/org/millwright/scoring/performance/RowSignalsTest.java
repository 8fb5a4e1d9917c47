package org.millwright.scoring.performance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.millwright.scoring.Frame;
import org.millwright.scoring.drift.Reconstruction;
import org.millwright.scoring.profile.ColumnProfile;
import org.millwright.scoring.profile.ContractCheck;
import org.millwright.scoring.profile.ContractChecks;
import org.millwright.scoring.profile.Profile;
import org.millwright.scoring.profile.Reference;
import org.millwright.scoring.profile.RowFindings;

/** What is found of rows once, and picked for a part, is what is found of the part by itself. */
class RowSignalsTest {
    private static final int ROWS = 900;
    private static final SplittableRandom RANDOM = new SplittableRandom(3);

    private static Frame rows(int odd) {
        double[] x = new double[ROWS];
        double[] y = new double[ROWS];
        @Nullable String[] city = new String[ROWS];
        for (int i = 0; i < ROWS; i++) {
            x[i] = i % 50 == 7 ? Double.NaN : RANDOM.nextGaussian() + (i % 40 == 3 ? odd : 0);
            y[i] = x[i] + RANDOM.nextGaussian();
            city[i] = i % 60 == 5 ? null : odd > 0 && i % 70 == 9 ? "elsewhere" : "c" + i % 5;
        }
        return Frame.of(ROWS)
                .doubles("x", x)
                .doubles("y", y)
                .strings("city", city)
                .build();
    }

    private static double[] drawn(double least) {
        return IntStream.range(0, ROWS)
                .mapToDouble(i -> i % 90 == 11 ? Double.NaN : least + (1 - least) * RANDOM.nextDouble())
                .toArray();
    }

    private static ContractCheck check(String rule, String column, ContractCheck.Kind kind, String... arguments) {
        return new ContractCheck(
                new ContractCheck.Source("c 1", "d", "t", rule),
                column,
                kind,
                List.of(arguments),
                ContractCheck.Most.NONE,
                ContractCheck.Severity.ERROR,
                "whatever");
    }

    private static RowSignals signals(Estimator estimator) {
        Frame trained = rows(0);
        Reference reference = Reference.of(trained, new double[ROWS], new double[ROWS], 0, 0);
        Reference whole = reference
                .with(Optional.of(estimator.toJson()), Map.of())
                .reconstructedBy(
                        Reconstruction.learn(reference.inputs(), trained).map(Reconstruction::toJson))
                .with(new ContractChecks(
                        List.of(
                                check("x.range", "x", ContractCheck.Kind.RANGE, "-3", "3"),
                                check("y.range", "y", ContractCheck.Kind.RANGE, "-900", "900"),
                                check("city.required", "city", ContractCheck.Kind.REQUIRED),
                                check("city.known", "city", ContractCheck.Kind.ONE_OF, "c0", "c1", "c2", "c3", "c4")),
                        List.of()));
        return RowSignals.of(whole);
    }

    private static void partsAreAsByThemselves(Estimator estimator, IntFunction<double[]> outputs) {
        RowSignals signals = signals(estimator);
        Frame live = rows(9);
        RowFindings found = signals.look(live, outputs);
        Profile whole = new Profile(List.of());
        found.addTo(whole, null);
        Profile direct = new Profile(List.of());
        signals.update(direct, live, outputs);
        assertThat(whole.toJson()).isEqualTo(direct.toJson());
        assertThat(whole.columns()).extracting(ColumnProfile::name).hasSizeGreaterThan(5);
        for (int part = 0; part < 7; part++) {
            int from = part;
            int[] rows = IntStream.range(0, ROWS)
                    .filter(row -> from == 6 ? row == 1 : row % 6 == from)
                    .toArray();
            Profile picked = new Profile(List.of());
            found.addTo(picked, rows);
            Profile alone = new Profile(List.of());
            signals.update(
                    alone,
                    live.pick(rows),
                    place -> IntStream.of(rows)
                            .mapToDouble(row -> outputs.apply(place)[row])
                            .toArray());
            assertThat(picked.toJson()).as("part " + part).isEqualTo(alone.toJson());
        }
    }

    @Test
    void ofAQuantity() {
        double[] predicted = drawn(-1);
        double[] truth = drawn(-1);
        int[] usable = IntStream.range(0, ROWS)
                .filter(i -> !Double.isNaN(predicted[i]) && !Double.isNaN(truth[i]))
                .toArray();
        Estimator estimator = LossEstimator.fit(
                rows(0).pick(usable),
                IntStream.of(usable).mapToDouble(i -> truth[i]).toArray(),
                IntStream.of(usable).mapToDouble(i -> predicted[i]).toArray(),
                0,
                IntStream.range(0, usable.length).toArray());
        partsAreAsByThemselves(estimator, place -> predicted);
    }

    @Test
    void ofTwoClasses() {
        double[] scores =
                IntStream.range(0, ROWS).mapToDouble(i -> RANDOM.nextDouble()).toArray();
        boolean[] truth = new boolean[ROWS];
        for (int i = 0; i < ROWS; i++) {
            truth[i] = RANDOM.nextDouble() < scores[i];
        }
        double[] live = drawn(0);
        partsAreAsByThemselves(
                ProbabilityEstimator.fit(truth, scores, IntStream.range(0, ROWS).toArray(), 0), place -> live);
    }

    @Test
    void ofThreeClasses() {
        double[][] scores = new double[3][ROWS];
        int[] truth = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            double a = RANDOM.nextDouble();
            double b = RANDOM.nextDouble() * (1 - a);
            scores[0][i] = a;
            scores[1][i] = b;
            scores[2][i] = 1 - a - b;
            double at = RANDOM.nextDouble();
            truth[i] = at < a ? 0 : at < a + b ? 1 : 2;
        }
        double[][] live = new double[3][];
        for (int c = 0; c < 3; c++) {
            live[c] = scores[c].clone();
            live[c][17] = Double.NaN;
        }
        partsAreAsByThemselves(
                ClassesEstimator.fit(truth, scores, IntStream.range(0, ROWS).toArray(), 0), place -> live[place]);
    }
}
