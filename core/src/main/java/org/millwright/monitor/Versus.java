package org.millwright.monitor;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.DoubleStream;
import org.millwright.drift.Drifted;
import org.millwright.kernel.Database;
import org.millwright.outcome.OutcomeStore;
import org.millwright.outcome.Target;
import org.millwright.project.RolloutPlan;
import org.millwright.scoring.profile.ColumnProfile;
import org.millwright.scoring.profile.Mean;
import org.millwright.scoring.profile.NumericProfile;
import org.millwright.scoring.profile.Profile;
import org.millwright.scoring.profile.Reference;
import org.millwright.scoring.profile.Sample;
import org.millwright.scoring.profile.Shares;
import org.millwright.scoring.profile.TwoSamples;
import org.millwright.serving.Comparisons;
import org.millwright.serving.Evidence;
import org.millwright.window.Watched;
import org.millwright.window.WindowState;
import org.millwright.window.WindowStore;

/** Compares two versions of a deployment by the windows and outcomes that monitoring keeps. */
public final class Versus implements Comparisons {
    /** A comparison that took long is good for this many times as long. */
    private static final int SHARE = 20;

    /** Share of the candidate's outcomes that must be of rows both answered for these alone to count. */
    private static final double PAIRED = 0.9;

    private static final int SHAPE_BINS = 20;
    private static final long LONG_MILLIS = 50;

    private final Database database;
    private final Monitor monitor;
    private final Clock clock;
    private final WindowStore store;
    private final OutcomeStore predictions;
    private final Map<String, Kept> kept = new ConcurrentHashMap<>();

    public Versus(Database database, Monitor monitor, Clock clock) {
        this.database = database;
        this.monitor = monitor;
        this.clock = clock;
        this.store = new WindowStore(database);
        this.predictions = new OutcomeStore(database);
    }

    private record Kept(String of, Optional<Evidence.Comparison> comparison, long until) {}

    @Override
    public Optional<Evidence.Comparison> compare(
            String deployment, String candidate, String production, long since, RolloutPlan.Measure measure) {
        String of = candidate + "|" + production + "|" + since + "|" + measure;
        Kept last = kept.get(deployment);
        if (last != null && last.of().equals(of) && clock.millis() < last.until()) {
            return last.comparison();
        }
        long start = clock.millis();
        monitor.settle(deployment);
        Optional<Evidence.Comparison> comparison =
                database.read(() -> compared(deployment, candidate, production, since, measure));
        long took = clock.millis() - start;
        kept.put(deployment, new Kept(of, comparison, start + (took < LONG_MILLIS ? 0 : SHARE * took)));
        return comparison;
    }

    private Optional<Evidence.Comparison> compared(
            String deployment, String candidate, String production, long since, RolloutPlan.Measure measure) {
        List<WindowState> windows = store.windows(deployment);
        List<WindowState> own =
                windows.stream().filter(w -> w.version().equals(candidate)).toList();
        List<WindowState> others = windows.stream()
                .filter(w -> w.version().equals(production))
                .filter(w -> own.stream().anyMatch(mine -> mine.window().equals(w.window())))
                .toList();
        if (own.isEmpty() || others.isEmpty()) {
            return Optional.empty();
        }
        Optional<Sample> ours = sample(own);
        Optional<Sample> theirs = sample(others);
        return Optional.of(new Evidence.Comparison(
                rows(own),
                rows(others),
                psi(theirs, ours),
                ours.flatMap(mine -> theirs.flatMap(other -> shape(mine, other))),
                outcomes(deployment, candidate, production, since, measure)));
    }

    private static long rows(List<WindowState> windows) {
        return windows.stream().mapToLong(WindowState::rows).sum();
    }

    /** The predictions of the windows together; none when they were not profiled. */
    private Optional<Sample> sample(List<WindowState> windows) {
        NumericProfile all = null;
        for (WindowState state : windows) {
            Optional<NumericProfile> one = store.profile(state.deployment(), state.version(), state.window())
                    .map(Profile::fromJson)
                    .flatMap(profile -> profile.column(Reference.OUTPUT))
                    .filter(NumericProfile.class::isInstance)
                    .map(NumericProfile.class::cast);
            if (one.isPresent()) {
                if (all == null) {
                    all = one.get();
                } else {
                    ColumnProfile merged = all;
                    merged.merge(one.get());
                }
            }
        }
        return Optional.ofNullable(all).map(NumericProfile::sample);
    }

    /** Between bins at production's deciles. */
    static OptionalDouble psi(Optional<Sample> production, Optional<Sample> candidate) {
        if (production.isEmpty()
                || candidate.isEmpty()
                || Math.min(production.get().size(), candidate.get().size()) < Drifted.MIN_ROWS) {
            return OptionalDouble.empty();
        }
        var edges = new double[Profile.BINS - 1];
        for (int i = 0; i < edges.length; i++) {
            edges[i] = production.get().quantile((i + 1.0) / Profile.BINS);
        }
        return OptionalDouble.of(
                Shares.psi(production.get().counts(edges), candidate.get().counts(edges)));
    }

    /** Bins between the least and largest of the middle 98 % of both. */
    private static Optional<Evidence.Shape> shape(Sample candidate, Sample production) {
        double low = Math.min(candidate.quantile(0.01), production.quantile(0.01));
        double high = Math.max(candidate.quantile(0.99), production.quantile(0.99));
        if (!(low < high) || Double.isInfinite(high - low)) {
            return Optional.empty();
        }
        var edges = new double[SHAPE_BINS - 1];
        for (int i = 0; i < edges.length; i++) {
            edges[i] = low + (high - low) * (i + 1) / SHAPE_BINS;
        }
        return Optional.of(new Evidence.Shape(
                DoubleStream.of(edges).boxed().toList(), shares(candidate, edges), shares(production, edges)));
    }

    private static List<Double> shares(Sample sample, double[] edges) {
        return DoubleStream.of(Shares.of(sample.counts(edges))).boxed().toList();
    }

    private Optional<Evidence.Outcomes> outcomes(
            String deployment, String candidate, String production, long since, RolloutPlan.Measure asked) {
        Optional<Watched> watched = store.find(deployment);
        boolean classes = watched.map(found -> monitor.measures().target(found, candidate))
                .map(Target::classes)
                .orElse(false);
        RolloutPlan.Measure measure = measure(asked, classes);
        boolean paired = measure != RolloutPlan.Measure.OUTCOME;
        if (classes) {
            var figures = new ClassFigures(monitor.measures(), predictions, watched.get(), measure);
            Optional<Evidence.Outcomes> apart = figures.apart(candidate, production, since)
                    .map(two -> outcomes(measure, two.own(), two.other(), two.test(), false));
            return paired
                    ? figures.both(candidate, production, since)
                            .filter(two -> isMost(two.own(), apart))
                            .map(two -> outcomes(measure, two.own(), two.other(), two.test(), true))
                            .or(() -> apart)
                    : apart;
        }
        return numbers(deployment, candidate, production, since, measure);
    }

    /** What can be measured: errors of numbers, or of classes. */
    private static RolloutPlan.Measure measure(RolloutPlan.Measure asked, boolean classes) {
        return switch (asked) {
            case MSE, MAE -> classes ? RolloutPlan.Measure.ERROR_RATE : asked;
            case ERROR_RATE, LOG_LOSS -> classes ? asked : RolloutPlan.Measure.MSE;
            case OUTCOME -> asked;
        };
    }

    private static boolean isMost(Mean paired, Optional<Evidence.Outcomes> apart) {
        return paired.n() >= 2
                && paired.n()
                        >= PAIRED
                                * apart.map(Evidence.Outcomes::candidateLabels).orElse(0L);
    }

    private Optional<Evidence.Outcomes> numbers(
            String deployment, String candidate, String production, long since, RolloutPlan.Measure measure) {
        var own = new Mean();
        var other = new Mean();
        var differences = new Mean();
        if (measure != RolloutPlan.Measure.OUTCOME) {
            predictions.both(deployment, candidate, production, since, (first, second, outcome) -> {
                own.add(figure(measure, first, outcome));
                other.add(figure(measure, second, outcome));
                differences.add(figure(measure, first, outcome) - figure(measure, second, outcome));
            });
        }
        Optional<Evidence.Outcomes> apart = unpaired(deployment, candidate, production, since, measure);
        return isMost(differences, apart)
                ? Optional.of(outcomes(measure, own, other, TwoSamples.paired(differences), true))
                : apart;
    }

    private Optional<Evidence.Outcomes> unpaired(
            String deployment, String candidate, String production, long since, RolloutPlan.Measure measure) {
        var own = new Mean();
        var other = new Mean();
        predictions.outcomes(
                deployment,
                candidate,
                production,
                since,
                (version, predicted, outcome) ->
                        (version.equals(candidate) ? own : other).add(figure(measure, predicted, outcome)));
        return own.n() < 2 || other.n() < 2
                ? Optional.empty()
                : Optional.of(outcomes(measure, own, other, TwoSamples.welch(own, other), false));
    }

    private static Evidence.Outcomes outcomes(
            RolloutPlan.Measure measure, Mean own, Mean other, TwoSamples.Welch test, boolean paired) {
        return new Evidence.Outcomes(
                measure,
                own.n(),
                other.n(),
                own.value(),
                other.value(),
                test.difference(),
                test.low(),
                test.high(),
                Double.isNaN(test.p()) ? 1 : test.p(),
                paired);
    }

    private static double figure(RolloutPlan.Measure measure, double predicted, double outcome) {
        return switch (measure) {
            case MSE -> (predicted - outcome) * (predicted - outcome);
            case MAE -> Math.abs(predicted - outcome);
            case ERROR_RATE, LOG_LOSS -> Double.NaN;
            case OUTCOME -> outcome;
        };
    }
}
