package org.millwright.verdict;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.drift.MultivariateDrift;
import org.millwright.kernel.Database;
import org.millwright.outcome.OutcomeStore;
import org.millwright.outcome.PredictedRows;
import org.millwright.outcome.Segments;
import org.millwright.project.Agreement;
import org.millwright.scoring.drift.Reconstruction;
import org.millwright.scoring.performance.ErrorChange;
import org.millwright.scoring.performance.Estimator;
import org.millwright.scoring.performance.LossEstimator;
import org.millwright.scoring.performance.RowSignals;
import org.millwright.scoring.profile.Profile;
import org.millwright.scoring.profile.Reference;
import org.millwright.signal.DataQuality;
import org.millwright.signal.LossChange;
import org.millwright.signal.LossChanges;
import org.millwright.window.References;
import org.millwright.window.Watched;
import org.millwright.window.WindowState;
import org.millwright.window.WindowStore;

/** Reads of stored windows what needs no outcomes; the results of a window's revision are kept a while. */
public final class SignalMeasures {
    private static final int CACHED = 1_024;

    private final Database database;
    private final References references;
    private final Measures measures;
    private final WindowStore store;
    private final OutcomeStore predictions;
    private final Map<String, Optional<?>> results = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Optional<?>> eldest) {
            return size() > CACHED;
        }
    });

    public SignalMeasures(Database database, References references, Measures measures) {
        this.database = database;
        this.references = references;
        this.measures = measures;
        this.store = new WindowStore(database);
        this.predictions = new OutcomeStore(database);
    }

    /** Estimated performance; empty without an estimator, or when its counts are not in the window's profile. */
    public Optional<Estimator.Estimates> estimates(Watched watched, WindowState state) {
        Read read = read(watched, state);
        return read.estimates();
    }

    /** What makes the estimated error of a window differ; empty without an estimator of losses. */
    public Optional<ErrorChange> change(Watched watched, WindowState state) {
        return read(watched, state).change();
    }

    private record Read(Optional<Estimator.Estimates> estimates, Optional<ErrorChange> change) {}

    private Read read(Watched watched, WindowState state) {
        Optional<?> known = results.get(key(state, "estimates"));
        if (known != null && known.orElseThrow() instanceof Read read) {
            return read;
        }
        Optional<Estimator> estimator =
                references.signals(watched.deployment(), state.version()).flatMap(RowSignals::estimator);
        Optional<Profile> profile = estimator.isEmpty() ? Optional.empty() : measures.profile(state);
        Optional<Estimator.Estimates> estimates = estimator.flatMap(known2 -> profile.flatMap(known2::estimate));
        Optional<ErrorChange> change = estimator
                .filter(LossEstimator.class::isInstance)
                .map(LossEstimator.class::cast)
                .filter(any -> estimates.isPresent())
                .flatMap(losses -> profile.map(losses::change));
        var read = new Read(estimates, change);
        results.put(key(state, "estimates"), Optional.of(read));
        return read;
    }

    /** Whether all columns together are as in training; empty when the version has no training profile. */
    public Optional<MultivariateDrift> multivariate(Watched watched, WindowState state) {
        String key = key(state, "multivariate");
        Optional<?> known = results.get(key);
        if (known != null) {
            return known.map(MultivariateDrift.class::cast);
        }
        Optional<Reconstruction> learned =
                references.signals(watched.deployment(), state.version()).flatMap(RowSignals::reconstruction);
        Optional<MultivariateDrift> drift = measures.reference(watched, state.version())
                .map(trained -> MultivariateDrift.of(
                        trained, learned, learned.isEmpty() ? Optional.empty() : measures.profile(state)));
        results.put(key, drift);
        return drift;
    }

    /** What is wrong with a window's rows; empty when the version has no training profile. */
    public Optional<DataQuality> quality(Watched watched, WindowState state, Optional<Agreement.Quality> agreed) {
        String key = key(state, "quality|" + agreed);
        Optional<?> known = results.get(key);
        if (known != null) {
            return known.map(DataQuality.class::cast);
        }
        Optional<Reference> reference = measures.reference(watched, state.version());
        Optional<DataQuality> quality = reference.flatMap(trained -> measures.profile(state)
                .map(profile -> DataQuality.of(
                        trained,
                        references
                                .signals(watched.deployment(), state.version())
                                .flatMap(RowSignals::contract),
                        profile,
                        state.rows(),
                        before(state).flatMap(measures::profile),
                        DataQuality.Limits.of(agreed.orElse(Agreement.Quality.DEFAULT)))));
        results.put(key, quality);
        return quality;
    }

    /** The window before of the same version. */
    private Optional<WindowState> before(WindowState state) {
        return database.read(() -> store.windows(state.deployment())).stream()
                .filter(other -> other.version().equals(state.version())
                        && other.window().end() <= state.window().start())
                .reduce((first, second) -> second);
    }

    /** For how many windows in a row, up to this one, each column has had one and the same value; at most {@code most}. */
    public Map<String, Integer> stuck(Watched watched, WindowState state, int most) {
        Map<String, String> values = stuck(watched, state);
        Map<String, Integer> windows = new HashMap<>();
        values.keySet().forEach(column -> windows.put(column, 1));
        Map<String, String> still = new HashMap<>(values);
        List<WindowState> earlier = database.read(() -> store.windows(state.deployment())).stream()
                .filter(other -> other.version().equals(state.version())
                        && other.window().end() <= state.window().start()
                        && other.rows() >= DataQuality.MIN_ROWS)
                .toList();
        for (WindowState other :
                earlier.reversed().stream().limit(Math.max(0, most - 1)).toList()) {
            Map<String, String> then = stuck(watched, other);
            still.entrySet().removeIf(entry -> !entry.getValue().equals(then.get(entry.getKey())));
            still.keySet().forEach(column -> windows.merge(column, 1, Integer::sum));
        }
        return new java.util.TreeMap<>(windows);
    }

    private Map<String, String> stuck(Watched watched, WindowState state) {
        Map<String, String> values = new HashMap<>();
        quality(watched, state, Optional.empty())
                .ifPresent(quality -> quality.findings().stream()
                        .filter(finding -> finding.kind() == DataQuality.Kind.STUCK)
                        .forEach(finding -> values.put(finding.column(), finding.same())));
        return values;
    }

    /** In which kinds of rows the measured loss rose; empty when it did not, or too few outcomes are kept. */
    public Optional<LossChange> losses(Watched watched, WindowState now, WindowState before) {
        Segments split = measures.segments(watched.project());
        String key = key(now, "losses|" + split) + key(before, "");
        Optional<?> known = results.get(key);
        if (known != null) {
            return known.map(LossChange.class::cast);
        }
        Optional<LossChange> change =
                LossChanges.of(labelled(watched, now), labelled(watched, before), split.columns());
        results.put(key, change);
        return change;
    }

    private LossChanges.Labelled labelled(Watched watched, WindowState state) {
        PredictedRows rows = database.read(() -> predictions.rows(
                state.deployment(),
                state.version(),
                state.window().start(),
                state.window().end(),
                true));
        return LossChanges.Labelled.of(state, rows, measures.answers(watched, state.version(), rows));
    }

    private static String key(WindowState state, String what) {
        return what + "|" + state.deployment() + "|" + state.version() + "|" + state.window() + "|" + state.revision();
    }
}
