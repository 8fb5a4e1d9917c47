package org.millwright.pipeline.steps;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.millwright.scoring.Frame;
import org.millwright.scoring.performance.Estimator;

class ManyClassesTest {
    private static final String[] NAMES = {"early", "late", "on time"};
    private static final int ROWS = 600;

    private final String[] labels = new String[ROWS];
    private final String[] times = new String[ROWS];
    private final double[][] p = new double[3][ROWS];

    ManyClassesTest() {
        var random = new Random(3);
        for (int row = 0; row < ROWS; row++) {
            int truth = random.nextInt(3);
            labels[row] = NAMES[truth];
            times[row] = "2013-01-" + (10 + row / 30);
            for (int c = 0; c < 3; c++) {
                p[c][row] = c == truth ? 0.8 : 0.1;
            }
        }
    }

    private static Frame labels(String... values) {
        return Frame.of(values.length).strings("y", values).build();
    }

    private Frame.Builder probabilities(Frame.Builder frame, int classes) {
        for (int c = 0; c < classes; c++) {
            frame.doubles("p" + c, p[c]);
        }
        return frame;
    }

    @Test
    void theProbabilitiesOfThreeClassesAloneOrBehindTheClassAreLearntFrom() {
        Frame alone = probabilities(Frame.of(ROWS), 3).build();
        Frame behind = probabilities(Frame.of(ROWS).strings("class", labels), 3).build();
        for (Frame predicted : new Frame[] {alone, behind}) {
            ManyClasses many = ManyClasses.of(predicted, labels(labels), times).orElseThrow();
            assertThat(many.output()).isEqualTo(predicted.width() - 3);
            Estimator estimator = many.estimator().orElseThrow();
            assertThat(estimator.method()).isEqualTo("cbpe-multiclass");
        }
    }

    @Test
    void anythingElseIsNotForIt() {
        Frame three = probabilities(Frame.of(ROWS), 3).build();
        String[] two =
                Arrays.stream(labels).map(name -> name.replace("early", "late")).toArray(String[]::new);
        assertThat(ManyClasses.of(three, labels(two), times)).as("two classes").isEmpty();
        assertThat(ManyClasses.of(probabilities(Frame.of(ROWS), 2).build(), labels(labels), times))
                .as("a class without a probability")
                .isEmpty();
        String[] unknown = new String[ROWS];
        System.arraycopy(labels, 0, unknown, 0, 100);
        Optional<ManyClasses> few = ManyClasses.of(three, labels(unknown), times);
        assertThat(few.orElseThrow().estimator()).as("too few labels").isEmpty();
        p[0][5] = 0.7;
        Frame wrong = probabilities(Frame.of(ROWS), 3).build();
        assertThat(ManyClasses.of(wrong, labels(labels), times))
                .as("no probabilities")
                .isEmpty();
    }
}
