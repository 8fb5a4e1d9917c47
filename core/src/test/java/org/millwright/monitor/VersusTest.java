package org.millwright.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.kernel.Database;
import org.millwright.kernel.OnDatabases;
import org.millwright.outcome.Label;
import org.millwright.project.RolloutPlan.Measure;
import org.millwright.scoring.Frame;
import org.millwright.scoring.profile.Mean;
import org.millwright.scoring.profile.TwoSamples;
import org.millwright.serving.Evidence;
import org.millwright.serving.Scored;

@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
class VersusTest {
    private static final int ROWS = 400;

    private final Database database;
    private final Random random = new Random(11);

    @TempDir
    Path folder;

    VersusTest(OnDatabases.Maker maker) {
        database = maker.make();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void comparesPredictionsAndOutcomesOfTwoVersions() {
        var line = new Line(database, folder);
        var versus = new Versus(database, line.monitor, line.clock);
        long now = line.clock.millis();
        assertThat(versus.compare("delays", "2", "1", now, Measure.MSE)).isEmpty();

        double[] x = random.doubles(ROWS).toArray();
        answer(line, "1", "a", x, 3, 0);
        answer(line, "2", "b", x, 3, 0.5);
        Evidence.Comparison before =
                versus.compare("delays", "2", "1", now, Measure.MSE).orElseThrow();
        assertThat(before.candidateRows()).isEqualTo(ROWS);
        assertThat(before.psi()).isPresent();
        assertThat(before.psi().getAsDouble()).isBetween(0.05, 3.0);
        assertThat(before.outcomes()).isEmpty();
        assertThat(before.shape().orElseThrow().production().stream()
                        .mapToDouble(Double::doubleValue)
                        .sum())
                .isCloseTo(1, within(1e-9));

        outcomes(line, "a", x);
        outcomes(line, "b", x);
        Evidence.Outcomes outcomes = versus.compare("delays", "2", "1", now, Measure.MSE)
                .orElseThrow()
                .outcomes()
                .orElseThrow();
        assertThat(outcomes.candidateLabels()).isEqualTo(ROWS);
        assertThat(outcomes.paired()).isFalse();
        assertThat(outcomes.production()).isCloseTo(0, within(1e-12));
        assertThat(outcomes.candidate()).isCloseTo(0.25, within(1e-9));
        assertThat(outcomes.low()).isPositive();
        assertThat(versus.compare("delays", "2", "1", now + 1, Measure.MSE)
                        .orElseThrow()
                        .outcomes())
                .as("only what was answered since then")
                .isEmpty();
    }

    @Test
    void comparesRowByRowWhenBothAnsweredTheSameRows() {
        var line = new Line(database, folder);
        double[] x = random.doubles(ROWS).toArray();
        answer(line, "1", "same", x, 3, 0.1);
        answer(line, "2", "same", x, 3, 0.2);
        outcomes(line, "same", x);
        Evidence.Outcomes outcomes = new Versus(database, line.monitor, line.clock)
                .compare("delays", "2", "1", line.clock.millis(), Measure.MAE)
                .orElseThrow()
                .outcomes()
                .orElseThrow();
        assertThat(outcomes.paired()).isTrue();
        assertThat(outcomes.difference()).isCloseTo(0.1, within(1e-9));
        assertThat(outcomes.high() - outcomes.low()).isLessThan(1e-6);
    }

    /** Against scipy.stats.norm: p of z = 2.5 is 0.012419330651552265. */
    @Test
    void aDifferenceIsJudgedByItsStandardError() {
        Mean first = mean(0.5, 1);
        Mean second = mean(0, 1);
        double error = Math.sqrt(2 * 1.0 / 99);
        TwoSamples.Welch welch = TwoSamples.welch(first, second);
        assertThat(welch.difference()).isCloseTo(0.5, within(1e-12));
        assertThat(welch.low()).isCloseTo(0.5 - 1.959963984540054 * error, within(1e-12));
        Mean differences = mean(2.5 / Math.sqrt(99), 1);
        assertThat(TwoSamples.paired(differences).p()).isCloseTo(0.012419330651552265, within(1e-12));
    }

    /** A hundred values whose mean is given and whose squared distances sum to n. */
    private static Mean mean(double at, double spread) {
        var mean = new Mean();
        for (int i = 0; i < 100; i++) {
            mean.add(at + (i % 2 == 0 ? spread : -spread));
        }
        return mean;
    }

    private static void answer(Line line, String version, String name, double[] x, double slope, double bias) {
        var predictions = new double[x.length];
        var ids = new String[x.length];
        var times = new long[x.length];
        for (int i = 0; i < x.length; i++) {
            predictions[i] = slope * x[i] + bias;
            ids[i] = name + i;
            times[i] = line.clock.millis();
        }
        Frame inputs = Frame.of(x.length).doubles("x", x).build();
        line.monitor.answered(new Scored(
                Line.DEPLOYMENT, "delays", "delays", version, line.clock.millis(), inputs, predictions, ids, times));
        line.monitor.settle(Line.DEPLOYMENT);
    }

    private static void outcomes(Line line, String name, double[] x) {
        List<Label> labels = new ArrayList<>();
        for (int i = 0; i < x.length; i++) {
            labels.add(new Label(name + i, 3 * x[i], line.clock.millis()));
        }
        line.labels.receive(line.mia, Line.DEPLOYMENT, labels);
    }
}
