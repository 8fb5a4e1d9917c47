package org.millwright.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.millwright.alert.Verdict;
import org.millwright.project.Agreement;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Vector;
import org.millwright.scoring.profile.Profile;
import org.millwright.scoring.profile.Reference;
import org.millwright.scoring.profile.Shares;

class DriftedTest {
    private static final Agreement.Drift PSI = new Agreement.Drift("psi", 0.1, 0.25, 0.5);

    private static Drifted drifted(Reference reference, Frame frame, Agreement.Drift limits) {
        Profile window = reference.window();
        window.update(frame);
        window.column(Reference.OUTPUT).orElseThrow().update(new Vector.Doubles(new double[frame.rows()]));
        return Drifted.of(reference, window, Optional.of(limits));
    }

    /** Many categories, as destinations of flights. */
    private static Frame frame(Random random, int rows, double shift, int categories) {
        var x = new double[rows];
        var c = new String[rows];
        for (int i = 0; i < rows; i++) {
            x[i] = random.nextGaussian() + shift;
            c[i] = "d" + (int) (categories * Math.pow(random.nextDouble(), 2 + shift));
        }
        return Frame.of(rows).doubles("x", x).strings("c", c).build();
    }

    private static Reference reference(int categories) {
        Frame frame = frame(new Random(1), 20_000, 0, categories);
        return Reference.of(frame, new double[20_000], new double[20_000], 0, 0);
    }

    @Test
    void windowsWithoutDriftDoNotAlarm() {
        Reference reference = reference(100);
        var random = new Random(2);
        int alarms = 0;
        for (int i = 0; i < 300; i++) {
            for (Drifted.Column column : drifted(reference, frame(random, i % 2 == 0 ? 150 : 2_000, 0, 100), PSI)
                    .columns()) {
                alarms += column.verdict() == Verdict.BROKEN ? 1 : 0;
            }
        }
        assertThat(alarms).isLessThanOrEqualTo(3);
    }

    @Test
    void bothKindsOfColumnSeeAShift() {
        Drifted drifted = drifted(reference(100), frame(new Random(3), 2_000, 1.5, 100), PSI);
        assertThat(drifted.columns())
                .allSatisfy(column -> assertThat(column.verdict()).isEqualTo(Verdict.BROKEN));
        assertThat(drifted.share(Verdict.BROKEN)).isEqualTo(1);
        assertThat(drifted.columns()).extracting(Drifted.Column::method).containsExactly("psi", "jensen-shannon");
    }

    @Test
    void aCategorysLimitIsTheDistanceOfASmallChangeWithThatPsi() {
        long[] before = {5_000, 5_000};
        long[] after = {5_100, 4_900};
        double psi = Shares.psi(before, after);
        assertThat(Drifted.distance(psi)).isCloseTo(Shares.jensenShannon(before, after), within(1e-5));
    }

    @Test
    void aColumnThatVanishesHasMoved() {
        var x = new double[500];
        java.util.Arrays.fill(x, Double.NaN);
        Frame frame = Frame.of(500)
                .doubles("x", x)
                .strings("c", frame(new Random(4), 500, 0, 100).row(0).get("c") == null ? null : strings(500))
                .build();
        Drifted.Column column = drifted(reference(100), frame, PSI).columns().getFirst();
        assertThat(column.verdict()).isEqualTo(Verdict.BROKEN);
        assertThat(column.method()).isEqualTo("psi-missing");
    }

    private static String[] strings(int rows) {
        var c = new String[rows];
        var random = new Random(5);
        for (int i = 0; i < rows; i++) {
            c[i] = "d" + (int) (100 * Math.pow(random.nextDouble(), 2));
        }
        return c;
    }

    @Test
    void tooFewRowsSayNothing() {
        Drifted drifted = drifted(reference(100), frame(new Random(6), 99, 5, 100), PSI);
        assertThat(drifted.columns())
                .allSatisfy(column -> assertThat(column.verdict()).isEqualTo(Verdict.INSUFFICIENT));
        assertThat(drifted.share(Verdict.BROKEN)).isNaN();
    }

    @Test
    void theAgreedMethodDecides() {
        Frame frame = frame(new Random(7), 2_000, 0.4, 100);
        for (String method : new String[] {"ks", "wasserstein", "jensen-shannon"}) {
            Drifted.Column x = drifted(reference(100), frame, new Agreement.Drift(method, 0.05, 0.1, 0.5))
                    .columns()
                    .getFirst();
            assertThat(x.method()).isEqualTo(method);
            assertThat(x.verdict()).isEqualTo(Verdict.BROKEN);
        }
    }
}
