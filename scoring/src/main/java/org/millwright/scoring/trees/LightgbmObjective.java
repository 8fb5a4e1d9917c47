package org.millwright.scoring.trees;

import java.util.List;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.ModelFailure;

/**
 * What LightGBM does to the sum of the leaves.
 *
 * @param sigmoid the factor inside the logistic function
 */
record LightgbmObjective(Link link, double sigmoid) {
    /** The kinds of it. */
    enum Link {
        IDENTITY,
        SQUARE,
        LOGISTIC,
        EXPONENTIAL,
        LOG_ONE_PLUS_EXP,
        SOFTMAX
    }

    /** Reads the line {@code objective=…}; an empty one is an objective of the trainer's own, whose sum is the answer. */
    static LightgbmObjective of(String text) {
        List<String> words = List.of(text.split(" "));
        Link link = switch (words.get(0)) {
            case "", "none", "custom", "lambdarank", "rank_xendcg" -> Link.IDENTITY;
            case "regression", "regression_l1", "huber", "fair", "quantile", "mape" ->
                words.contains("sqrt") ? Link.SQUARE : Link.IDENTITY;
            case "binary", "multiclassova", "cross_entropy", "xentropy" -> Link.LOGISTIC;
            case "poisson", "gamma", "tweedie" -> Link.EXPONENTIAL;
            case "cross_entropy_lambda", "xentlambda" -> Link.LOG_ONE_PLUS_EXP;
            case "multiclass" -> Link.SOFTMAX;
            default ->
                throw new ModelFailure("the LightGBM objective '" + InvalidInput.shorten(words.get(0))
                        + "' is not evaluated: train with one of LightGBM's own or export to ONNX");
        };
        return new LightgbmObjective(link, factor(words));
    }

    private static double factor(List<String> words) {
        try {
            for (String word : words) {
                if (word.startsWith("sigmoid:")) {
                    return Double.parseDouble(word.substring("sigmoid:".length()));
                }
            }
            return 1;
        } catch (NumberFormatException e) {
            throw new ModelFailure("the model file is damaged: the objective's sigmoid is no number", e);
        }
    }

    boolean classifies() {
        return link == Link.LOGISTIC || link == Link.SOFTMAX;
    }

    void apply(double[] values) {
        if (link == Link.SOFTMAX) {
            softmax(values);
            return;
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = one(values[i]);
        }
    }

    private double one(double value) {
        return switch (link) {
            case SQUARE -> Math.copySign(value * value, value);
            case LOGISTIC -> 1 / (1 + Math.exp(-sigmoid * value));
            case EXPONENTIAL -> Math.exp(value);
            case LOG_ONE_PLUS_EXP -> Math.log1p(Math.exp(value));
            default -> value;
        };
    }

    private static void softmax(double[] values) {
        double largest = values[0];
        for (double value : values) {
            largest = Math.max(largest, value);
        }
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.exp(values[i] - largest);
            sum += values[i];
        }
        for (int i = 0; i < values.length; i++) {
            values[i] /= sum;
        }
    }
}
