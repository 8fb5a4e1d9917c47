package org.millwright.scoring.trees;

import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.ModelFailure;

/** What XGBoost does to the sum of the leaves, in 32-bit floats as it does. */
enum XgboostObjective {
    IDENTITY,
    LOGISTIC,
    HINGE,
    EXPONENTIAL,
    SOFTMAX,
    SOFTPROB;

    private static final float LEAST_PROBABILITY = 1e-16f;
    private static final float LARGEST_EXPONENT = 88.7f;

    static XgboostObjective of(String name) {
        return switch (name) {
            case "reg:squarederror",
                    "reg:linear",
                    "reg:squaredlogerror",
                    "reg:absoluteerror",
                    "reg:pseudohubererror",
                    "reg:quantileerror",
                    "binary:logitraw",
                    "rank:pairwise",
                    "rank:ndcg",
                    "rank:map" -> IDENTITY;
            case "reg:logistic", "binary:logistic" -> LOGISTIC;
            case "binary:hinge" -> HINGE;
            case "count:poisson", "reg:gamma", "reg:tweedie", "survival:cox", "survival:aft" -> EXPONENTIAL;
            case "multi:softmax" -> SOFTMAX;
            case "multi:softprob" -> SOFTPROB;
            default ->
                throw new ModelFailure("the XGBoost objective '" + InvalidInput.shorten(name)
                        + "' is not evaluated: train with one of XGBoost's own or export to ONNX");
        };
    }

    boolean classifies() {
        return this == LOGISTIC || this == SOFTPROB;
    }

    /** The stated base score as what the leaves are added to. */
    float margin(float base) {
        return switch (this) {
            case LOGISTIC -> {
                if (!(base > 0 && base < 1)) {
                    throw new ModelFailure("the model file is damaged: base_score " + base + " is no probability");
                }
                yield (float) -Math.log(1f / base - 1f);
            }
            case EXPONENTIAL -> (float) Math.log(base);
            default -> base;
        };
    }

    int width(int groups) {
        return this == SOFTMAX ? 1 : groups;
    }

    void apply(float[] margins, double[] out) {
        switch (this) {
            case SOFTMAX -> out[0] = best(margins);
            case SOFTPROB -> softmax(margins, out);
            default -> {
                for (int i = 0; i < margins.length; i++) {
                    out[i] = one(margins[i]);
                }
            }
        }
    }

    private float one(float margin) {
        return switch (this) {
            case LOGISTIC -> 1f / ((float) Math.exp(Math.min(-margin, LARGEST_EXPONENT)) + 1f + LEAST_PROBABILITY);
            case HINGE -> margin > 0 ? 1 : 0;
            case EXPONENTIAL -> (float) Math.exp(margin);
            default -> margin;
        };
    }

    private static int best(float[] margins) {
        int best = 0;
        for (int i = 1; i < margins.length; i++) {
            best = margins[i] > margins[best] ? i : best;
        }
        return best;
    }

    private static void softmax(float[] margins, double[] out) {
        float largest = margins[best(margins)];
        double sum = 0;
        for (int i = 0; i < margins.length; i++) {
            out[i] = (float) Math.exp(margins[i] - largest);
            sum += out[i];
        }
        for (int i = 0; i < margins.length; i++) {
            out[i] = (float) out[i] / (float) sum;
        }
    }
}
