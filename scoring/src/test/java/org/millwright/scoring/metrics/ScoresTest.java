package org.millwright.scoring.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.millwright.scoring.Oracles.doubles;
import static org.millwright.scoring.Oracles.ints;
import static org.millwright.scoring.Oracles.same;
import static org.millwright.scoring.Oracles.texts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.millwright.scoring.Oracles;
import org.millwright.scoring.metrics.RegressionMetrics.Estimate;

/** Every metric against scikit-learn, and how often its interval holds the truth. */
class ScoresTest {
    private static final double TOLERANCE = 1e-9;
    private static final JsonNode PERF = Oracles.json("perf.json");
    private static final List<Map<String, String>> ROWS = Oracles.rows("perf_rows.csv.gz");
    private static final Map<String, String> BINARY = Map.ofEntries(
            Map.entry("accuracy", "accuracy"),
            Map.entry("balanced_accuracy", "balanced_accuracy"),
            Map.entry("precision", "precision"),
            Map.entry("recall", "recall"),
            Map.entry("specificity", "specificity"),
            Map.entry("f1", "f1"),
            Map.entry("mcc", "mcc"),
            Map.entry("cohen_kappa", "cohen_kappa"),
            Map.entry("roc_auc", "roc_auc"),
            Map.entry("gini", "gini"),
            Map.entry("average_precision", "average_precision"),
            Map.entry("pr_auc", "pr_auc_trapezoid"),
            Map.entry("ks", "ks_roc"),
            Map.entry("log_loss", "log_loss"),
            Map.entry("brier", "brier"),
            Map.entry("ece", "ece_width10"),
            Map.entry("ece_equal_frequency", "ece_freq10"),
            Map.entry("lift_top_10_percent", "lift_top10pct"));
    private static final Map<String, String> REGRESSION = Map.ofEntries(
            Map.entry("rmse", "rmse"),
            Map.entry("mse", "mse"),
            Map.entry("mae", "mae"),
            Map.entry("median_ae", "median_ae"),
            Map.entry("max_error", "max_error"),
            Map.entry("r2", "r2"),
            Map.entry("explained_variance", "explained_variance"),
            Map.entry("mape", "mape_skip_zero"),
            Map.entry("mape_sklearn", "mape_sklearn_eps"),
            Map.entry("smape", "smape"),
            Map.entry("mean_error", "mean_error"),
            Map.entry("pinball_0.9", "pinball_0_9"));

    @Test
    void twoClassesAndQuantitiesAsScikitLearn() {
        for (String period : List.of("reference", "analysis")) {
            List<Map<String, String>> rows = of("period", period);
            all(binary(rows), BINARY, PERF.path("classification").path(period));
            all(regression(rows), REGRESSION, PERF.path("regression").path(period));
        }
        for (String origin : List.of("EWR", "JFK", "LGA")) {
            List<Map<String, String>> rows = of("period", "reference").stream()
                    .filter(row -> row.get("origin").equals(origin))
                    .toList();
            JsonNode want = PERF.path("by_origin").path(origin);
            all(binary(rows), BINARY, want.path("classification"));
            all(regression(rows), REGRESSION, want.path("regression"));
        }
    }

    private static void all(Map<String, Estimate> got, Map<String, String> names, JsonNode want) {
        assertThat(got.keySet()).containsExactlyInAnyOrderElementsOf(names.keySet());
        names.forEach((ours, theirs) -> {
            Estimate estimate = got.get(ours);
            same(ours, estimate.value(), want.path(theirs), TOLERANCE);
            if (!ours.equals("max_error")) {
                assertThat(estimate.low()).as(ours).isLessThanOrEqualTo(estimate.value());
                assertThat(estimate.high()).as(ours).isGreaterThanOrEqualTo(estimate.value());
            }
        });
    }

    private static List<Map<String, String>> of(String column, String value) {
        return ROWS.stream().filter(row -> row.get(column).equals(value)).toList();
    }

    private static Map<String, Estimate> binary(List<Map<String, String>> rows) {
        return BinaryScores.of(flags(ints(rows, "y_true")), flags(ints(rows, "y_pred")), doubles(rows, "y_prob"));
    }

    private static boolean[] flags(int[] values) {
        boolean[] flags = new boolean[values.length];
        for (int i = 0; i < flags.length; i++) {
            flags[i] = values[i] == 1;
        }
        return flags;
    }

    private static Map<String, Estimate> regression(List<Map<String, String>> rows) {
        return RegressionScores.of(doubles(rows, "r_true"), doubles(rows, "r_pred"));
    }

    @Test
    void moreClassesAsScikitLearn() {
        List<Map<String, String>> rows = Oracles.rows("multiclass_rows.csv.gz");
        List<String> labels = List.of("EWR", "JFK", "LGA");
        double[][] probabilities =
                labels.stream().map(label -> doubles(rows, label)).toArray(double[][]::new);
        int[] truth =
                Arrays.stream(texts(rows, "y_true")).mapToInt(labels::indexOf).toArray();
        int[] predicted =
                Arrays.stream(texts(rows, "y_pred")).mapToInt(labels::indexOf).toArray();

        Map<String, Estimate> got = MulticlassScores.of(truth, predicted, probabilities, 3);

        JsonNode want = PERF.path("multiclass");
        same("accuracy", got.get("accuracy").value(), want.path("accuracy"), TOLERANCE);
        same("f1_macro", got.get("f1_macro").value(), want.path("f1_macro"), TOLERANCE);
        same("f1_micro", got.get("f1_micro").value(), want.path("f1_micro"), TOLERANCE);
        same("f1_weighted", got.get("f1_weighted").value(), want.path("f1_weighted"), TOLERANCE);
        same("log_loss", got.get("log_loss").value(), want.path("log_loss"), TOLERANCE);
        same("roc_auc_ovr", got.get("roc_auc_ovr").value(), want.path("roc_auc_ovr_macro"), TOLERANCE);
        assertThat(got.values()).allMatch(estimate -> estimate.low() < estimate.high());
    }

    /** Rows drawn from a population whose numbers are known from a very large sample. */
    @Test
    void intervalsHoldTheTruthAboutAsOftenAsTheySay() {
        Map<String, Estimate> truth = drawn(new Random(1), 300_000);
        List<String> names = List.of(
                "accuracy", "precision", "recall", "f1", "mcc", "roc_auc", "average_precision", "log_loss", "ks");
        Map<String, Integer> held = new java.util.HashMap<>();
        int trials = 200;
        for (int trial = 0; trial < trials; trial++) {
            Map<String, Estimate> got = drawn(new Random(1_000 + trial), 400);
            for (String name : names) {
                double value = truth.get(name).value();
                boolean within =
                        got.get(name).low() <= value && value <= got.get(name).high();
                held.merge(name, within ? 1 : 0, Integer::sum);
            }
        }
        names.forEach(name ->
                assertThat(held.get(name) / (double) trials).as(name).isBetween(name.equals("ks") ? 0.87 : 0.90, 0.99));
    }

    private static Map<String, Estimate> drawn(Random random, int rows) {
        boolean[] truth = new boolean[rows];
        boolean[] predicted = new boolean[rows];
        double[] scores = new double[rows];
        for (int i = 0; i < rows; i++) {
            truth[i] = random.nextDouble() < 0.3;
            scores[i] = 1 / (1 + Math.exp(-(random.nextGaussian() * 1.5 + (truth[i] ? 1 : -1))));
            predicted[i] = scores[i] >= 0.5;
        }
        return BinaryScores.of(truth, predicted, scores);
    }

    @Test
    void whatCannotBeKnownIsNoNumber() {
        Map<String, Estimate> one =
                BinaryScores.of(new boolean[] {true, true}, new boolean[] {true, false}, new double[] {0.9, 0.4});
        assertThat(one.get("roc_auc").value()).isNaN();
        assertThat(one.get("ks").value()).isNaN();
        assertThat(one.get("specificity")).isEqualTo(new Estimate(0, 0, 1));
        assertThat(one.get("recall").value()).isCloseTo(0.5, within(1e-12));
        Map<String, Estimate> none = RegressionScores.of(new double[0], new double[0]);
        assertThat(none.get("mae").value()).isNaN();
        assertThat(RegressionScores.of(new double[] {1, 1}, new double[] {1, 2})
                        .get("r2")
                        .value())
                .isNaN();
        assertThatThrownBy(() -> BinaryScores.of(new boolean[1], new boolean[2], null))
                .hasMessageContaining("1 true classes, 2 predictions");
    }
}
