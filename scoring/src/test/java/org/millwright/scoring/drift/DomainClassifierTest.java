package org.millwright.scoring.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.millwright.scoring.Frame;

class DomainClassifierTest {
    @Test
    void rowsOfOneDistributionCannotBeToldApart() {
        for (int seed = 0; seed < 20; seed++) {
            DomainClassifier same =
                    DomainClassifier.of(rows(2 * seed, 1_500, 0.9, 0), rows(2 * seed + 1, 700, 0.9, 0), 100);
            assertThat(same.auc().value()).isCloseTo(0.5, within(0.06));
            assertThat(same.verdict()).isEqualTo(DriftVerdict.OK);
            assertThat(same.rows()).isEqualTo(2_200);
        }
    }

    /** Each column alone is as it was. */
    @Test
    void aCorrelationThatIsGoneIsSeen() {
        Frame reference = rows(1, 4_000, 0.9, 0);
        Frame current = rows(2, 4_000, 0, 0);
        assertThat(DriftReport.between(reference, current, DriftSettings.DEFAULT)
                        .drifted())
                .isZero();
        DomainClassifier gone = DomainClassifier.of(reference, current, 100);
        assertThat(gone.auc().value()).isGreaterThan(0.7);
        assertThat(gone.verdict()).isEqualTo(DriftVerdict.DRIFT);
    }

    @Test
    void theColumnThatMovedIsNamedFirst() {
        DomainClassifier moved = DomainClassifier.of(rows(1, 3_000, 0.9, 0), rows(2, 3_000, 0.9, 3), 100);
        assertThat(moved.verdict()).isEqualTo(DriftVerdict.DRIFT);
        assertThat(moved.columns().get(0).column()).isEqualTo("moving");
        assertThat(moved.columns().get(0).share()).isGreaterThan(0.8);
        assertThat(DomainClassifier.of(rows(1, 50, 0.9, 0), rows(2, 3_000, 0.9, 3), 100)
                        .verdict())
                .isEqualTo(DriftVerdict.INSUFFICIENT);
    }

    private static Frame rows(int seed, int rows, double correlation, double shift) {
        Random random = new Random(seed);
        double[] x = new double[rows];
        double[] y = new double[rows];
        double[] moving = new double[rows];
        String[] kind = new String[rows];
        for (int i = 0; i < rows; i++) {
            x[i] = random.nextGaussian();
            y[i] = correlation * x[i] + Math.sqrt(1 - correlation * correlation) * random.nextGaussian();
            moving[i] = random.nextGaussian() + shift;
            kind[i] = random.nextBoolean() ? "a" : null;
        }
        return Frame.of(rows)
                .doubles("x", x)
                .doubles("y", y)
                .doubles("moving", moving)
                .strings("kind", kind)
                .build();
    }
}
