package org.millwright.monitor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.millwright.alert.Judgement;
import org.millwright.alert.JudgementStore;
import org.millwright.alert.Verdict;
import org.millwright.alert.Window;
import org.millwright.drift.Drifted;
import org.millwright.drift.MultivariateDrift;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.ledger.Entry;
import org.millwright.ledger.Ledger;
import org.millwright.lineage.Edge;
import org.millwright.lineage.Edges;
import org.millwright.project.Agreement;
import org.millwright.project.Project;
import org.millwright.project.Projects;
import org.millwright.scoring.performance.ErrorChange;
import org.millwright.scoring.performance.Estimator;
import org.millwright.scoring.profile.Reference;
import org.millwright.signal.Cause;
import org.millwright.signal.Coincidence;
import org.millwright.signal.DataQuality;
import org.millwright.signal.LossChange;
import org.millwright.signal.LossChanges;
import org.millwright.signal.Note;
import org.millwright.signal.SignalStore;
import org.millwright.verdict.ClockClauses;
import org.millwright.verdict.Judge;
import org.millwright.verdict.Measures;
import org.millwright.verdict.Reading;
import org.millwright.verdict.SignalMeasures;
import org.millwright.window.Watched;
import org.millwright.window.WindowState;
import org.millwright.window.WindowStore;

/**
 * What is known of a deployment's model without outcomes, and what may be behind it: estimated performance, quality of the
 * rows, age, feeds, concept drift, causes.
 */
public final class Signals {
    private static final int NOTES = 50;
    private static final int PAGE = 1_000;
    private static final int MOST_ENTRIES = 20_000;

    private final Database database;
    private final Ledger ledger;
    private final Projects projects;
    private final Edges edges;
    private final Monitor monitor;
    private final ClockClauses clock;
    private final Measures measures;
    private final SignalMeasures signals;
    private final WindowStore store;
    private final JudgementStore judgements;
    private final SignalStore notes;

    public Signals(
            Database database, Ledger ledger, Projects projects, Edges edges, Monitor monitor, ClockClauses clock) {
        this.database = database;
        this.ledger = ledger;
        this.projects = projects;
        this.edges = edges;
        this.monitor = monitor;
        this.clock = clock;
        this.measures = monitor.measures();
        this.signals = monitor.signalMeasures();
        this.store = new WindowStore(database);
        this.judgements = new JudgementStore(database);
        this.notes = new SignalStore(database);
    }

    /**
     * All signals of a deployment.
     *
     * @param windows oldest first; a window has an entry for each version that answered in it
     * @param readings what the clock says now
     * @param notes of what was seen, the newest first
     * @param causes of what the newest window with enough rows shows; empty when nothing moved in it
     * @param losses in which kinds of rows the measured loss rose in the newest window with enough outcomes; empty when it
     *     did not
     * @param refused requests of the last hour that did not fit the signature: their rows are in no window
     */
    public record Overview(
            List<InWindow> windows,
            List<Reading> readings,
            List<Note> notes,
            Optional<Causes> causes,
            Optional<LossChange> losses,
            long refused) {
        /** The newest window of a leading version that says how rows kept the data contracts; empty when none does. */
        public Optional<InWindow> promised() {
            return windows.reversed().stream()
                    .filter(window -> window.leading()
                            && window.quality()
                                    .filter(found -> found.rows() >= DataQuality.MIN_ROWS)
                                    .flatMap(DataQuality::promised)
                                    .isPresent())
                    .findFirst();
        }
    }

    /**
     * One version in one window.
     *
     * @param estimates empty when the version has no estimator
     * @param multivariate all columns together; empty when it has no training profile
     * @param quality likewise
     * @param skew columns that were already away from training in the version's first window, if it begins soon after the
     *     training data ends: they are fed otherwise than in training
     */
    public record InWindow(
            Window window,
            String version,
            boolean leading,
            Optional<Estimator.Estimates> estimates,
            Optional<MultivariateDrift> multivariate,
            Optional<DataQuality> quality,
            List<Drifted.Column> skew) {}

    /**
     * What may be behind what a window shows.
     *
     * @param columns that moved, ranked by effect and by how much the model uses them
     * @param multivariate all columns together, when they drifted
     * @param error how the estimated error came to differ, by column and by segment; empty without an estimator of losses
     * @param coincidences changes that the ledger has at that time, newest first
     */
    public record Causes(
            Window window,
            String version,
            List<Cause> columns,
            Optional<MultivariateDrift> multivariate,
            Optional<ErrorChange> error,
            List<Coincidence> coincidences) {}

    /** Everything up to now; {@link org.millwright.kernel.Problem.NotFound} when the deployment answered nothing. */
    public Overview of(Actor by, String deployment) {
        monitor.settle(deployment);
        Watched watched = monitor.watched(by, deployment);
        Optional<Agreement> agreement = projects.agreement(watched.project());
        List<WindowState> windows = database.read(() -> store.windows(deployment));
        Set<String> leading = Judge.leading(windows);
        var seen = new HashSet<String>();
        List<InWindow> all = new ArrayList<>();
        for (WindowState state : windows) {
            boolean first = state.rows() >= Drifted.MIN_ROWS && seen.add(state.version());
            all.add(new InWindow(
                    state.window(),
                    state.version(),
                    leading.contains(state.version() + "|" + state.window()),
                    signals.estimates(watched, state),
                    signals.multivariate(watched, state),
                    signals.quality(watched, state, agreement.flatMap(Agreement::quality)),
                    first ? skew(watched, state, agreement) : List.of()));
        }
        Optional<Causes> causes = windows.reversed().stream()
                .filter(state ->
                        state.rows() >= Drifted.MIN_ROWS && leading.contains(state.version() + "|" + state.window()))
                .findFirst()
                .flatMap(state -> causes(watched, state, agreement, windows));
        return new Overview(
                all,
                clock.of(watched),
                database.read(() -> notes.notes(deployment, NOTES)),
                causes,
                losses(watched, windows, leading),
                clock.refused(deployment));
    }

    private Optional<LossChange> losses(Watched watched, List<WindowState> windows, Set<String> leading) {
        return windows.reversed().stream()
                .filter(state -> state.labels() >= LossChanges.FEWEST
                        && leading.contains(state.version() + "|" + state.window()))
                .findFirst()
                .flatMap(state -> LossChanges.before(state, windows, leading)
                        .flatMap(before -> signals.losses(watched, state, before)));
    }

    /** Only of a window that begins soon after the training data ends: later a season may have changed the rows. */
    private List<Drifted.Column> skew(Watched watched, WindowState state, Optional<Agreement> agreement) {
        Window window = state.window();
        long trained =
                measures.reference(watched, state.version()).map(Reference::to).orElse(0L);
        if (trained > 0 && window.start() - trained > (window.end() - window.start()) / 2) {
            return List.of();
        }
        return measures.drift(watched, state, agreement.flatMap(Agreement::drift))
                .map(drifted -> drifted.columns().stream()
                        .filter(column -> column.verdict() == Verdict.BROKEN)
                        .toList())
                .orElse(List.of());
    }

    private Optional<Causes> causes(
            Watched watched, WindowState state, Optional<Agreement> agreement, List<WindowState> windows) {
        List<Cause> columns = measures.drift(watched, state, agreement.flatMap(Agreement::drift))
                .map(drifted -> Cause.of(
                        drifted,
                        measures.reference(watched, state.version())
                                .map(Reference::usage)
                                .orElseThrow()))
                .orElse(List.of());
        Optional<ErrorChange> error = signals.change(watched, state).filter(change -> change.now() > change.before());
        List<Judgement> judged = database.read(() -> judgements.all(watched.deployment()));
        boolean broken = judged.stream()
                .anyMatch(judgement -> judgement.window().equals(state.window())
                        && judgement.version().equals(state.version())
                        && judgement.verdict() == Verdict.BROKEN);
        Optional<MultivariateDrift> together =
                signals.multivariate(watched, state).filter(drift -> drift.verdict() == Verdict.BROKEN);
        if (columns.isEmpty() && together.isEmpty() && !broken) {
            return Optional.empty();
        }
        return Optional.of(new Causes(
                state.window(),
                state.version(),
                columns,
                together,
                error,
                coincidences(watched, state, windows, judged)));
    }

    private List<Coincidence> coincidences(
            Watched watched, WindowState state, List<WindowState> windows, List<Judgement> judged) {
        Optional<Window> before = windows.stream()
                .map(WindowState::window)
                .filter(window -> window.end() <= state.window().start())
                .max(Window::compareTo);
        Optional<Long> judgedBefore = before.flatMap(window -> firstJudged(judged, window));
        Optional<Long> judgedNow = firstJudged(judged, state.window());
        long since = Math.min(
                state.window().start(),
                judgedBefore.or(() -> judgedNow).orElse(state.window().start()));
        return Coincidence.of(
                about(watched, state.version(), since),
                state.window().start(),
                state.window().end(),
                judgedBefore,
                judgedNow);
    }

    private static Optional<Long> firstJudged(Collection<Judgement> judged, Window window) {
        return judged.stream()
                .filter(judgement -> judgement.window().equals(window))
                .map(Judgement::judgedAt)
                .min(Long::compareTo);
    }

    /** The ledger's newest entries since then about the deployment, its project, its model and the data upstream. */
    private List<Entry> about(Watched watched, String version, long since) {
        String model = "model:" + watched.model();
        Set<String> upstream = new HashSet<>();
        for (Edge edge : edges.ancestors(model + "/" + version)) {
            String from = edge.from();
            upstream.add(from.contains("@") ? from.substring(0, from.indexOf('@')) : from);
        }
        List<Entry> found = new ArrayList<>();
        long index = ledger.size();
        for (int read = 0; read < MOST_ENTRIES && index > 0; read += PAGE) {
            List<Entry> page = ledger.before(index, PAGE);
            if (page.isEmpty()) {
                break;
            }
            page.stream()
                    .filter(entry -> entry.at() >= since)
                    .filter(entry -> entry.subjects().stream()
                            .anyMatch(subject -> subject.equals(watched.ref())
                                    || subject.equals(Project.ref(watched.project()))
                                    || subject.equals(model)
                                    || subject.startsWith(model + "/")
                                    || upstream.contains(subject)))
                    .forEach(found::add);
            if (page.getLast().at() < since) {
                break;
            }
            index = page.getLast().index();
        }
        return found;
    }
}
