package org.millwright.project;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What data scientists and ML engineers agreed a model owes its users in production, and what happens when it fails.
 *
 * <p>What is promised of production is a list of clauses. Each has a key of its own, such as {@code drift},
 * {@code performance:rmse:origin=JFK} or {@code service:p99}, by which verdicts and alerts name it.
 *
 * @param model registered model that it is about; "" in a project file of before
 * @param window how predictions are grouped: day, week or month
 * @param estimate whether performance is estimated, too, while outcomes are not known yet
 * @param stop when a version in production must not answer any more
 * @param digest of what the file means: comments and layout may change without a new acceptance
 */
public record Agreement(
        String model,
        String window,
        List<Performance> performance,
        Optional<Drift> drift,
        List<Fairness> fairness,
        Optional<Quality> quality,
        Optional<Staleness> staleness,
        Optional<Service> service,
        Optional<Feeds> feeds,
        boolean estimate,
        Optional<Retrain> retrain,
        Investigate investigate,
        List<Stop> stop,
        String digest) {

    public static final String FILE = "agreement.yaml";

    public Agreement {
        performance = List.copyOf(performance);
        fairness = List.copyOf(fairness);
        stop = List.copyOf(stop);
    }

    /** Which side of a limit keeps it. */
    public enum Side {
        AT_LEAST,
        AT_MOST;

        /** As people read it: {@code at least}. */
        public String text() {
            return this == AT_LEAST ? "at least" : "at most";
        }
    }

    /** What a figure must be. */
    public record Limit(Side side, double value) {
        /** Whether the figure, which is known, is on the right side. */
        public boolean keeps(double figure) {
            return side == Side.AT_LEAST ? figure >= value : figure <= value;
        }
    }

    /**
     * What a metric must be in a window with enough labels. Of {@code bias} the absolute value counts.
     *
     * @param segment value by column of the rows that count; empty for all
     */
    public record Performance(String clause, String metric, Limit limit, int minLabels, Map<String, String> segment) {
        public Performance {
            segment = java.util.Collections.unmodifiableMap(new TreeMap<>(segment));
        }

        public boolean isOverall() {
            return segment.isEmpty();
        }
    }

    /** When a column counts as moved, and which share of the columns may move; limits in units of the method. */
    public record Drift(String method, double warn, double alert, double columnsShare) {
        public static final String CLAUSE = "drift";
    }

    /**
     * How far groups may be apart.
     *
     * @param by columns whose values, together, make the groups
     * @param minRows a smaller group decides nothing
     */
    public record Fairness(String clause, List<String> by, String measure, Limit limit, int minRows) {
        public Fairness {
            by = List.copyOf(by);
        }
    }

    /**
     * How good the rows that come must be, each a share of a column's values in a window.
     *
     * @param missingRise by how much the share of missing values may be above that of training
     * @param unseen values that training never saw
     * @param typeErrors values of another type than the column's
     * @param outOfRange numbers outside of what training saw
     * @param stuckAfter windows in a row with one and the same value after which a column counts as stuck
     */
    public record Quality(double missingRise, double unseen, double typeErrors, double outOfRange, int stuckAfter) {
        public static final String MISSING = "quality:missing";
        public static final String UNSEEN = "quality:unseen";
        public static final String TYPE_ERRORS = "quality:type-errors";
        public static final String OUT_OF_RANGE = "quality:out-of-range";
        public static final String STUCK = "quality:stuck";

        public static final Quality DEFAULT = new Quality(0.05, 0.01, 0.001, 0.01, 3);
    }

    /**
     * How old things may become.
     *
     * @param model since the version was registered
     * @param data since the end of the data it was trained on
     * @param outsideTraining share of the rows that lie outside of what training saw
     */
    public record Staleness(Optional<Duration> model, Optional<Duration> data, OptionalDouble outsideTraining) {
        public static final String MODEL = "staleness:model";
        public static final String DATA = "staleness:data";
        public static final String OUTSIDE_TRAINING = "staleness:outside-training";
    }

    /**
     * What callers may expect.
     *
     * @param p99 time in which 99 of 100 requests are answered
     * @param errors share of requests that fail
     * @param saturation share of the processors that requests keep busy
     * @param cost of a thousand predictions, in the installation's currency
     */
    public record Service(
            Optional<Duration> p99, OptionalDouble errors, OptionalDouble saturation, OptionalDouble cost) {
        public static final String P99 = "service:p99";
        public static final String ERRORS = "service:errors";
        public static final String SATURATION = "service:saturation";
        public static final String COST = "service:cost";
    }

    /**
     * How long nothing may come.
     *
     * @param predictions since the last row that was answered
     * @param labels from a prediction's time to its outcome
     */
    public record Feeds(Optional<Duration> predictions, Optional<Duration> labels) {
        public static final String PREDICTIONS = "feeds:predictions";
        public static final String LABELS = "feeds:labels";
    }

    /**
     * What starts a pipeline by itself, and what holds it back.
     *
     * @param windows an alert needs {@code broken} of so many of the last judged windows, the newest among them
     * @param coolDown from the end of the last training's data to that of the next, and from one start to the next
     * @param minNewLabels outcomes since the last training, for a start because of a broken clause
     * @param hours in which it may start; empty for always
     * @param data which rows it learns from; empty for those of the run that it repeats
     * @param attempts retrainings in a row that did not help, after which there are no more until somebody looks
     */
    public record Retrain(
            String pipeline,
            Trigger when,
            int windows,
            int broken,
            Duration coolDown,
            long minNewLabels,
            Optional<Budget> budget,
            List<Hours> hours,
            Optional<TrainingData> data,
            int attempts) {
        public static final int ATTEMPTS = 3;

        public Retrain {
            hours = List.copyOf(hours);
        }
    }

    /** How many runs, and how many minutes of them, retraining may take in a time; empty for no limit. */
    public record Budget(Duration per, Optional<Integer> runs, Optional<Integer> minutes) {}

    /**
     * Who looks after a broken clause.
     *
     * @param who user name
     * @param within time in which it is expected; empty when nothing was said
     */
    public record Investigate(String who, Optional<Duration> within) {}

    /** When a window's metric is on the wrong side of this, the version must not answer any more. */
    public record Stop(String clause, String metric, Limit limit, int minLabels) {}

    /** Reads the file's text; one {@link org.millwright.kernel.Problem.Invalid} names every mistake with its line. */
    public static Agreement parse(String text) {
        return parse(text, "");
    }

    /**
     * Reads the file's text about a model of this task.
     *
     * @param task {@code regression} or {@code classification}; "" when it is not known
     */
    public static Agreement parse(String text, String task) {
        return new AgreementReader(text, task).read();
    }

    /** The same with that person where the file names nobody to investigate. */
    Agreement investigatedBy(String owner) {
        return !investigate.who().isEmpty()
                ? this
                : new Agreement(
                        model,
                        window,
                        performance,
                        drift,
                        fairness,
                        quality,
                        staleness,
                        service,
                        feeds,
                        estimate,
                        retrain,
                        new Investigate(owner, investigate.within()),
                        stop,
                        digest);
    }

    /** The clause with this key, if it is about performance. */
    public Optional<Performance> performance(String clause) {
        return performance.stream()
                .filter(found -> found.clause().equals(clause))
                .findFirst();
    }

    public Optional<Fairness> fairness(String clause) {
        return fairness.stream().filter(found -> found.clause().equals(clause)).findFirst();
    }

    public Optional<Stop> stop(String clause) {
        return stop.stream().filter(found -> found.clause().equals(clause)).findFirst();
    }

    /** The keys of everything that is promised, in the order of the file's sections. */
    public List<String> clauses() {
        var keys = new ArrayList<String>();
        performance.forEach(clause -> keys.add(clause.clause()));
        drift.ifPresent(clause -> keys.add(Drift.CLAUSE));
        if (estimate) {
            performance.stream().filter(Performance::isOverall).forEach(clause -> keys.add(estimated(clause)));
        }
        fairness.forEach(clause -> keys.add(clause.clause()));
        quality.ifPresent(clause -> keys.addAll(
                List.of(Quality.MISSING, Quality.UNSEEN, Quality.TYPE_ERRORS, Quality.OUT_OF_RANGE, Quality.STUCK)));
        staleness.ifPresent(clause -> {
            clause.model().ifPresent(age -> keys.add(Staleness.MODEL));
            clause.data().ifPresent(age -> keys.add(Staleness.DATA));
            clause.outsideTraining().ifPresent(share -> keys.add(Staleness.OUTSIDE_TRAINING));
        });
        service.ifPresent(clause -> {
            clause.p99().ifPresent(time -> keys.add(Service.P99));
            clause.errors().ifPresent(share -> keys.add(Service.ERRORS));
            clause.saturation().ifPresent(share -> keys.add(Service.SATURATION));
            clause.cost().ifPresent(price -> keys.add(Service.COST));
        });
        feeds.ifPresent(clause -> {
            clause.predictions().ifPresent(time -> keys.add(Feeds.PREDICTIONS));
            clause.labels().ifPresent(time -> keys.add(Feeds.LABELS));
        });
        stop.forEach(clause -> keys.add(clause.clause()));
        return keys;
    }

    /** The key under which the metric's estimate is judged by the same limit. */
    public static String estimated(Performance clause) {
        return "estimate:" + clause.metric();
    }

    /** The clause whose limit an estimate's key refers to. */
    public Optional<Performance> estimatedBy(String key) {
        return Stream.of(key)
                .flatMap(wanted -> performance.stream()
                        .filter(Performance::isOverall)
                        .filter(clause -> estimated(clause).equals(wanted)))
                .findFirst();
    }
}
