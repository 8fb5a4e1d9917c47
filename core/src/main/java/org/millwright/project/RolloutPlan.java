package org.millwright.project;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.millwright.kernel.Problem;

/**
 * How a version comes into production: steps one after the other, and what it must show in each.
 *
 * @param stickyBy column of the request whose value decides which version answers; empty for the row's or request's id
 */
public record RolloutPlan(List<Step> steps, Checks checks, Optional<String> stickyBy) {
    static final int MOST_STEPS = 20;

    public RolloutPlan {
        steps = List.copyOf(steps);
        if (steps.isEmpty() || steps.size() > MOST_STEPS) {
            throw new Problem.Invalid("A roll-out has 1 to " + MOST_STEPS + " steps, got " + steps.size());
        }
    }

    /** One canary step with the usual checks. */
    public static RolloutPlan canary(int percent, int minRequests) {
        return new RolloutPlan(List.of(Step.live(percent, minRequests)), Checks.USUAL, Optional.empty());
    }

    /** What becomes of a version's answers. */
    public enum Mode {
        /** They are compared with what production answered, and not returned. */
        SHADOW,
        /** They are returned. */
        LIVE
    }

    /**
     * A time in which the share of requests stays as it is.
     *
     * @param percent of the requests, 1 to 100
     * @param minRequests that the version must have answered in it
     * @param bake how long it lasts at least, in milliseconds
     * @param patience after which the version is taken back if it has not passed, in milliseconds; 0 for never
     * @param byHand whether it ends by a person's word only
     */
    public record Step(Mode mode, int percent, int minRequests, long bake, long patience, boolean byHand) {
        public Step {
            if (percent < 1 || percent > 100 || minRequests < 1) {
                throw new Problem.Invalid("A canary needs 1 to 100 percent and at least 1 request, got " + percent
                        + " percent and " + minRequests + " requests");
            }
            if (bake < 0 || patience < 0 || patience > 0 && patience <= bake) {
                throw new Problem.Invalid("A step that must last " + bake + " ms cannot be given up after " + patience
                        + " ms (expected: a longer time)");
            }
        }

        public static Step live(int percent, int minRequests) {
            return new Step(Mode.LIVE, percent, minRequests, 0, 0, false);
        }
    }

    /**
     * What a step may show at most, against production in the same time; a figure that is not known never passes.
     *
     * @param failedShare share of requests that the model fails on, 0 to 1
     * @param latencyRatio p99 as a multiple of production's
     * @param drift PSI of the predictions against production's
     */
    public record Checks(
            double failedShare, OptionalDouble latencyRatio, OptionalDouble drift, Optional<Metric> metric) {
        public static final double MOST_FAILED = 0.01;
        public static final Checks USUAL =
                new Checks(MOST_FAILED, OptionalDouble.empty(), OptionalDouble.empty(), Optional.empty());

        public Checks {
            if (!(failedShare >= 0 && failedShare <= 1)) {
                throw new Problem.Invalid("failed: " + failedShare + " (expected: a share from 0 to 1)");
            }
            latencyRatio.ifPresent(ratio -> requirePositive("latency", ratio));
            drift.ifPresent(psi -> requirePositive("drift", psi));
        }

        /** Whether any compares with what production does. */
        public boolean compare() {
            return drift.isPresent() || metric.isPresent();
        }
    }

    private static void requirePositive(String name, double value) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new Problem.Invalid(name + ": " + value + " (expected: a number above 0)");
        }
    }

    /** What outcomes say of a version. */
    public enum Measure {
        /** Mean squared error; smaller is better. */
        MSE,
        /** Mean absolute error; smaller is better. */
        MAE,
        /** Share of the rows whose class was not predicted; smaller is better. */
        ERROR_RATE,
        /** Mean of −ln of the probability of the class that came; smaller is better. */
        LOG_LOSS,
        /**
         * Mean of the outcomes themselves, such as sales or conversions; of classes the share of the positive one; larger is
         * better.
         */
        OUTCOME;

        /** The name in files, such as {@code error-rate}. */
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static Measure of(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
        }
    }

    /**
     * A comparison by outcomes.
     *
     * @param margin by which the version may be worse, as a share of production's figure
     * @param minLabels outcomes that each of the two must have
     */
    public record Metric(Measure measure, double margin, int minLabels) {
        public Metric {
            if (!(margin >= 0) || Double.isInfinite(margin) || minLabels < 2) {
                throw new Problem.Invalid("metric: margin " + margin + ", min-labels " + minLabels
                        + " (expected: a margin of at least 0 and at least 2 labels)");
            }
        }
    }
}
