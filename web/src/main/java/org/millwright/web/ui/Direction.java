package org.millwright.web.ui;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.millwright.tracking.Experiment;

/** Which end of a metric is the better one, as the experiment's tags or the metric's name say. */
public enum Direction {
    LOWER,
    HIGHER,
    UNKNOWN;

    private static final String PRIMARY = "mlflow.experiment.primaryMetric.name";
    private static final String GREATER = "mlflow.experiment.primaryMetric.greaterIsBetter";
    private static final Pattern BETWEEN = Pattern.compile("[^a-z0-9]+");
    private static final List<String> LOW =
            List.of("loss", "error", "err", "rmse", "mae", "mse", "mape", "deviance", "perplexity", "brier", "regret");
    private static final List<String> HIGH = List.of(
            "accuracy",
            "acc",
            "auc",
            "roc_auc",
            "f1",
            "precision",
            "recall",
            "r2",
            "score",
            "skill",
            "ndcg",
            "map",
            "bleu",
            "rouge",
            "iou",
            "dice",
            "kappa",
            "mcc");

    private static final List<String> HELD_OUT = List.of("val", "valid", "validation", "test", "eval", "holdout", "cv");

    static Direction of(Experiment experiment, String metric) {
        if (metric.equals(experiment.tags().get(PRIMARY))) {
            return "false".equalsIgnoreCase(experiment.tags().get(GREATER)) ? LOWER : HIGHER;
        }
        return ofName(metric);
    }

    /** By the words of its name, the last one first: {@code val_f1_loss} is a loss. */
    static Direction ofName(String metric) {
        for (String word : words(metric).reversed()) {
            if (LOW.contains(word) || word.endsWith("loss") || word.endsWith("error")) {
                return LOWER;
            }
            if (HIGH.contains(word) || word.endsWith("accuracy")) {
                return HIGHER;
            }
        }
        return UNKNOWN;
    }

    private static List<String> words(String metric) {
        return BETWEEN.splitAsStream(metric.toLowerCase(Locale.ROOT)).toList();
    }

    /** The metric that the experiment names as its own. */
    static Optional<String> primary(Map<String, String> tags) {
        return Optional.ofNullable(tags.get(PRIMARY));
    }

    /** Whether a metric was measured on data that the model had not seen, as its name says. */
    static boolean isHeldOut(String metric) {
        return words(metric).stream().anyMatch(HELD_OUT::contains);
    }

    boolean isKnown() {
        return this != UNKNOWN;
    }

    public String text() {
        return switch (this) {
            case LOWER -> "lower is better";
            case HIGHER -> "higher is better";
            case UNKNOWN -> "";
        };
    }
}
