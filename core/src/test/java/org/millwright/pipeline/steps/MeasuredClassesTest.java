package org.millwright.pipeline.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.project.ProjectFile;
import org.millwright.scoring.Frame;

class MeasuredClassesTest {
    private static final Frame TRAINING = texts("on time", "on time", "late");

    @Test
    void textsAreMeasuredWithTheDeclaredPositiveClass() {
        Measured measured = measured(
                "late",
                texts("late", "on time", "late", "on time"),
                TRAINING,
                texts("late", "late", "on time", "on time"));
        ObjectNode metrics = measured.overall();
        assertThat(metrics.path("accuracy").asDouble()).isEqualTo(0.5);
        assertThat(metrics.path("precision").asDouble()).isEqualTo(0.5);
        assertThat(metrics.path("skill").asDouble()).isZero();
        assertThat(metrics.has("roc_auc")).isFalse();
        assertThat(metrics.path("confusion"))
                .hasToString("{\"classes\":[\"late\",\"on time\"],\"counts\":[[1,1],[1,1]]}");
        assertThat(measured.of(List.of(0)).path("recall").asDouble()).isEqualTo(1);
        ObjectNode baseline = measured.baseline();
        assertThat(baseline.path("class").asText()).isEqualTo("on time");
        assertThat(baseline.path("share").asDouble()).isEqualTo(2 / 3.0, within(1e-12));
        assertThat(baseline.path("recall").asDouble()).isZero();
        ObjectNode evaluation = Json.object();
        measured.describe(evaluation);
        assertThat(evaluation)
                .hasToString("{\"task\":\"classification\",\"classes\":[\"late\",\"on time\"],\"positive\":\"late\"}");
    }

    @Test
    void theSecondOfTwoClassesIsPositiveAndNumbersAreOrderedByValue() {
        Frame labels = longs(10, 9, 10, 9);
        Frame said = Frame.of(4)
                .longs("prediction", new long[] {10, 9, 9, 9})
                .doubles("a", new double[] {0.1, 0.8, 0.6, 0.7})
                .doubles("b", new double[] {0.9, 0.2, 0.4, 0.3})
                .build();
        Measured measured = measured("", labels, labels, said);
        assertThat(measured.overall().path("recall").asDouble()).isEqualTo(0.5);
        assertThat(measured.overall().path("roc_auc").asDouble()).isEqualTo(1);
        assertThat(measured.baseline().path("log_loss").asDouble()).isEqualTo(Math.log(2), within(1e-12));
        assertThat(measured.overall().path("confusion").path("classes")).hasToString("[\"9\",\"10\"]");
    }

    @Test
    void truthValuesAreNumbersAndNumbersTruthValues() {
        Frame truth =
                Frame.of(3).booleans("y", new boolean[] {true, false, true}).build();
        assertThat(accuracy(truth, longs(1, 0, 0))).isEqualTo(2 / 3.0, within(1e-12));
        assertThat(accuracy(truth, texts("True", "False", "True"))).isEqualTo(1);
        assertThat(accuracy(longs(1, 0, 1), truth)).isEqualTo(1);
        assertThat(accuracy(longs(1, 0, 1), reals(1, 1, 1))).isEqualTo(2 / 3.0, within(1e-12));
    }

    @Test
    void probabilitiesAloneNameTheLikeliestClass() {
        assertThat(accuracy(longs(1, 0, 1), reals(0.9, 0.2, 0.4))).isEqualTo(2 / 3.0, within(1e-12));
        Frame shares = Frame.of(3)
                .doubles("0", new double[] {0.1, 0.8, 0.1})
                .doubles("1", new double[] {0.2, 0.1, 0.8})
                .doubles("2", new double[] {0.7, 0.1, 0.1})
                .build();
        Measured measured = measured("", longs(2, 0, 1), longs(0, 1, 2), shares);
        assertThat(measured.overall().path("accuracy").asDouble()).isEqualTo(1);
        assertThat(measured.overall().path("roc_auc").asDouble()).isEqualTo(1);
    }

    @Test
    void aChampionThatRefusesRowsOrNamesOtherClassesIsMeasuredOnTheRest() {
        Measured measured = measured("late", texts("late", "on time", "late"), TRAINING, texts("late", "late", "late"));
        ObjectNode champion = measured.other(
                Frame.of(3)
                        .strings("class", new String[] {"late", "early", null})
                        .build(),
                new long[0],
                0);
        assertThat(champion.path("rows").asInt()).isEqualTo(2);
        assertThat(champion.path("skipped").asInt()).isEqualTo(1);
        assertThat(champion.path("accuracy").asDouble()).isEqualTo(0.5);
        assertThat(champion.path("precision").asDouble()).isEqualTo(1);
    }

    @Test
    void whatTellsTheCandidateFromTheChampionIsMeasuredRowByRow() {
        Frame labels = longs(0, 1, 0, 1, 0, 1);
        Measured measured = measured("", labels, labels, probabilities(0.9, 0.2, 0.6, 0.9, 0.1, 0.4));
        ObjectNode champion = measured.other(probabilities(0.8, 0.3, 0.6, 0.9, 0.2, 0.5), new long[0], 0);
        assertThat(champion.path("difference_of").asText()).isEqualTo("log_loss");
        assertThat(champion.path("difference").asDouble())
                .isEqualTo(
                        measured.overall().path("log_loss").asDouble()
                                - champion.path("log_loss").asDouble(),
                        within(1e-12));
        assertThat(champion.path("difference_low").asDouble())
                .isLessThan(champion.path("difference").asDouble());
        assertThat(champion.path("difference_rows").asInt()).isEqualTo(6);
        assertThat(champion.path("difference_by").asText()).isEqualTo("row");

        ObjectNode bare = measured.other(longs(0, 1, 1, 1, 0, 0), new long[] {1, 1, 2, 2, 3, 3}, 0);
        assertThat(bare.path("difference_of").asText()).isEqualTo("error_rate");
        assertThat(bare.path("difference").asDouble()).isEqualTo(2 / 6.0, within(1e-12));
        assertThat(bare.path("difference_groups").asInt()).isEqualTo(3);
        assertThat(bare.path("difference_by").asText()).isEqualTo("day");
        assertThat(measured.sentence(measured.overall(), bare)).contains("difference +0.333 (95 %: -");
    }

    @Test
    void theSameModelAgainIsNeitherBetterNorWorse() {
        Frame said = Frame.of(3).doubles("prediction", new double[] {1, 2, 4}).build();
        Frame labels = Frame.of(3).doubles("y", new double[] {1, 1, 3}).build();
        Frame rounded = Frame.of(3)
                .doubles("prediction", new double[] {1.000009, 2, 4.00003})
                .build();
        Measured measured = MeasuredNumbers.of("y", labels, labels, said);
        ObjectNode champion = measured.other(rounded, new long[0], 1e-5);
        assertThat(champion.path("difference_of").asText()).isEqualTo("rmse");
        assertThat(champion.path("difference_low").asDouble(1)).isZero();
        assertThat(champion.path("difference_high").asDouble(1)).isZero();
        assertThat(champion.path("difference_p").asDouble()).isEqualTo(1);
        assertThat(measured.other(rounded, new long[0], 0).path("difference").asDouble())
                .as("told apart where nothing is tolerated")
                .isNotZero();
        Frame truth = longs(0, 1, 0, 1);
        Measured classes = measured("", truth, truth, probabilities(0.1, 0.9, 0.2, 0.8));
        ObjectNode again = classes.other(probabilities(0.1 + 1e-7, 0.9, 0.2, 0.8 - 1e-7), new long[0], 1e-6);
        assertThat(again.path("difference_low").asDouble(1)).isZero();
    }

    /** Of the second class. */
    private static Frame probabilities(double... second) {
        return Frame.of(second.length).doubles("p", second).build();
    }

    @Test
    void mistakesSayWhatWasFoundAndWhatToDo() {
        assertThatThrownBy(() -> accuracy(longs(0, 1, 0), reals(3.5, 2, 1)))
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageContaining("neither classes of y (0, 1) nor a probability for each: 3.5, 2, 1");
        assertThatThrownBy(() -> accuracy(texts("a", "b", "a"), texts("x", "y", "x")))
                .hasMessageContaining("The model predicts x, y, but column y has a, b");
        assertThatThrownBy(() -> measured("never", longs(0, 1), longs(0, 1), longs(0, 1)))
                .hasMessageContaining("model.positive is never, but column y has 0, 1");
        assertThatThrownBy(() -> measured("1", longs(0, 1, 2), longs(0, 1, 2), longs(0, 1, 2)))
                .hasMessageContaining("has 3 classes (expected: two)");
        Frame many = Frame.of(2000)
                .longs("y", java.util.stream.LongStream.range(0, 2000).toArray())
                .build();
        assertThatThrownBy(() -> measured("", many, many, many)).hasMessageContaining("expected: at most 1000 classes");
    }

    private static double accuracy(Frame truth, Frame said) {
        return measured("", truth, truth, said).overall().path("accuracy").asDouble();
    }

    private static Measured measured(String positive, Frame truth, Frame reference, Frame said) {
        var model = new ProjectFile.ModelSpec("m", "classification", "y", positive, "", "");
        return MeasuredClasses.of(model, truth, reference, said, List.of());
    }

    private static Frame texts(String... values) {
        return Frame.of(values.length).strings("y", values).build();
    }

    private static Frame longs(long... values) {
        return Frame.of(values.length).longs("y", values).build();
    }

    private static Frame reals(double... values) {
        return Frame.of(values.length).doubles("y", values).build();
    }
}
