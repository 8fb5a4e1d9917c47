package org.millwright.monitor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.millwright.alert.Alert;
import org.millwright.alert.Alerts;
import org.millwright.alert.Clause;
import org.millwright.alert.Judgement;
import org.millwright.alert.JudgementStore;
import org.millwright.alert.Standing;
import org.millwright.alert.Verdict;
import org.millwright.drift.Distribution;
import org.millwright.drift.Drifted;
import org.millwright.drift.MultivariateDrift;
import org.millwright.drift.SegmentDrift;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.kernel.Problem;
import org.millwright.outcome.LabelStore;
import org.millwright.outcome.Performance;
import org.millwright.project.Agreement;
import org.millwright.project.Projects;
import org.millwright.scoring.profile.Reference;
import org.millwright.verdict.Judge;
import org.millwright.verdict.Measures;
import org.millwright.verdict.SignalMeasures;
import org.millwright.window.Watched;
import org.millwright.window.WindowState;
import org.millwright.window.WindowStore;

/** What pages show of a monitored deployment. */
public final class Overviews {
    private final Database database;
    private final Projects projects;
    private final Monitor monitor;
    private final Alerts alerts;
    private final Measures measures;
    private final SignalMeasures signals;
    private final WindowStore store;
    private final JudgementStore judgements;
    private final LabelStore labels;

    public Overviews(Database database, Projects projects, Monitor monitor, Alerts alerts) {
        this.database = database;
        this.projects = projects;
        this.monitor = monitor;
        this.alerts = alerts;
        this.measures = monitor.measures();
        this.signals = monitor.signalMeasures();
        this.store = new WindowStore(database);
        this.judgements = new JudgementStore(database);
        this.labels = new LabelStore(database);
    }

    /**
     * Everything of a deployment.
     *
     * @param waiting answered rows that are not profiled yet
     * @param pendingLabels outcomes that wait for their prediction
     * @param contradictions outcomes that contradicted another one
     * @param standings a line for each clause that was agreed
     * @param windows oldest first; a window has an entry for each version that answered in it
     * @param alerts newest first
     */
    public record Overview(
            Watched deployment,
            Optional<Agreement> agreement,
            int waiting,
            long pendingLabels,
            long contradictions,
            List<Standing> standings,
            List<Period> windows,
            List<Alert> alerts) {}

    /**
     * One version in one window.
     *
     * @param closed whether all its predictions are in
     * @param labelsClosed whether all its outcomes are in
     * @param leading whether it answered most of the deployment's rows in the window
     * @param performance by the outcomes known now, also those that came after the verdict; with segments and bias of the
     *     newest window of a leading version only
     * @param drift of each column; empty when the version has no training profile
     * @param multivariate of all columns together; likewise
     */
    public record Period(
            WindowState state,
            boolean closed,
            boolean labelsClosed,
            boolean leading,
            Performance performance,
            Optional<Drifted> drift,
            Optional<MultivariateDrift> multivariate,
            List<Judgement> judgements) {}

    /** The deployment as it is after everything that it answered up to now. */
    private Watched readable(Actor by, String deployment) {
        monitor.settle(deployment);
        return monitor.watched(by, deployment);
    }

    /** The deployment with all that it answered up to now; {@link Problem.NotFound} when it answered nothing. */
    public Overview of(Actor by, String deployment) {
        Watched watched = readable(by, deployment);
        Optional<Agreement> agreement = projects.agreement(watched.project());
        List<WindowState> windows = database.read(() -> store.windows(deployment));
        List<Judgement> judged = database.read(() -> judgements.all(deployment));
        Set<String> leading = Judge.leading(windows);
        Optional<WindowState> told = newest(windows, leading);
        List<Period> periods = windows.stream()
                .map(state -> period(
                        watched,
                        agreement,
                        state,
                        leading,
                        judged,
                        told.filter(state::equals).isPresent()
                                ? measures.performance(watched, state)
                                : measures.overall(watched, state)))
                .toList();
        return new Overview(
                watched,
                agreement,
                monitor.waiting(deployment),
                database.read(() -> labels.pending(deployment)),
                database.read(() -> labels.contradicted(deployment)),
                standings(agreement, judged),
                periods,
                alerts.list(by, Optional.of(deployment), Optional.empty(), false));
    }

    /** The newest window with outcomes, one with few rows only when there is no other: segments and bias are shown of it. */
    private static Optional<WindowState> newest(List<WindowState> windows, Set<String> leading) {
        List<WindowState> labelled = windows.stream()
                .filter(state -> state.labels() > 0 && leading.contains(state.version() + "|" + state.window()))
                .toList();
        return labelled.stream()
                .filter(state -> state.rows() >= Drifted.MIN_ROWS)
                .reduce((before, after) -> after)
                .or(() -> labelled.isEmpty() ? Optional.empty() : Optional.of(labelled.getLast()));
    }

    private Period period(
            Watched watched,
            Optional<Agreement> agreement,
            WindowState state,
            Set<String> leading,
            List<Judgement> judged,
            Performance performance) {
        return new Period(
                state,
                state.window().end() <= watched.watermark(),
                state.window().end() <= watched.labelWatermark(),
                leading.contains(state.version() + "|" + state.window()),
                performance,
                measures.drift(watched, state, agreement.flatMap(Agreement::drift)),
                signals.multivariate(watched, state),
                judged.stream()
                        .filter(judgement -> judgement.version().equals(state.version())
                                && judgement.window().equals(state.window()))
                        .toList());
    }

    /** How each deployment of the model that the actor may read stands with each clause of what is in force. */
    public List<Promise> promises(Actor by, String model) {
        List<Promise> promises = new ArrayList<>();
        for (Watched watched : monitor.all()) {
            if (watched.model().equals(model) && monitor.mayRead(by, watched.project())) {
                List<Judgement> judged = database.read(() -> judgements.all(watched.deployment()));
                standings(projects.agreement(watched.project()), judged)
                        .forEach(standing -> promises.add(new Promise(watched.deployment(), standing)));
            }
        }
        return promises;
    }

    /**
     * How each deployment stands with the clauses of its agreement, by the newest verdict on each that says something; the verdict
     * alone, as since when it is so takes all of them.
     */
    public Map<String, List<Standing>> standings() {
        List<Watched> all = monitor.all();
        Map<String, List<Clause>> agreed = new HashMap<>();
        all.forEach(watched -> agreed.computeIfAbsent(
                watched.project(),
                project -> projects.agreement(project).map(Clause::agreed).orElse(List.of())));
        return database.read(() -> {
            Map<String, List<Standing>> standings = new HashMap<>();
            for (Watched watched : all) {
                standings.put(
                        watched.deployment(),
                        agreed.getOrDefault(watched.project(), List.of()).stream()
                                .map(clause -> newest(watched.deployment(), clause))
                                .toList());
            }
            return standings;
        });
    }

    private Standing newest(String deployment, Clause clause) {
        Verdict verdict = judgements.newest(deployment, clause).orElse(Verdict.INSUFFICIENT);
        return new Standing(clause, verdict, Optional.empty(), Optional.empty());
    }

    /** How a deployment stands with a clause. */
    public record Promise(String deployment, Standing standing) {}

    private static List<Standing> standings(Optional<Agreement> agreement, List<Judgement> judged) {
        List<Standing> standings = new ArrayList<>();
        for (Clause clause : agreement.map(Clause::agreed).orElse(List.of())) {
            standings.add(Standing.of(
                    clause,
                    judged.stream()
                            .filter(judgement -> judgement.clause().equals(clause))
                            .toList()));
        }
        return standings;
    }

    /**
     * How a version predicted in a window, with segments and bias.
     *
     * @param window by its label such as {@code 2013-10}, or "" for the newest with outcomes and enough rows
     * @param version "" for the one that answered most
     */
    public Performance performance(Actor by, String deployment, String window, String version) {
        Watched watched = readable(by, deployment);
        List<WindowState> windows = database.read(() -> store.windows(deployment));
        Optional<WindowState> told =
                window.isEmpty() && version.isEmpty() ? newest(windows, Judge.leading(windows)) : Optional.empty();
        return measures.performance(watched, told.orElseGet(() -> state(deployment, window, version)));
    }

    /** How far each declared segment moved; window and version as for {@link #performance}. */
    public List<SegmentDrift> segments(Actor by, String deployment, String window, String version) {
        Watched watched = readable(by, deployment);
        return measures.segments(
                watched,
                state(deployment, window, version),
                projects.agreement(watched.project()).flatMap(Agreement::drift));
    }

    private WindowState state(String deployment, String window, String version) {
        List<WindowState> windows = database.read(() -> store.windows(deployment));
        Set<String> leading = Judge.leading(windows);
        List<WindowState> found = windows.stream()
                .filter(state -> window.isEmpty() || state.window().label().equals(window))
                .filter(state -> version.isEmpty()
                        ? leading.contains(state.version() + "|" + state.window())
                        : state.version().equals(version))
                .toList();
        return found.stream()
                .filter(state -> state.rows() >= Drifted.MIN_ROWS)
                .reduce((before, after) -> after)
                .or(() -> found.stream().reduce((before, after) -> after))
                .orElseThrow(() -> new Problem.NotFound(
                        "Deployment " + deployment + " has no window"
                                + (window.isEmpty() ? "" : " '" + window + "'")
                                + (version.isEmpty() ? "" : " in which version " + version + " answered"),
                        "mw monitor show " + deployment + " lists them."));
    }

    /**
     * The distributions of every column of a version in a window, the prediction last; both as for
     * {@link #performance(Actor, String, String, String)}.
     */
    public List<Distribution> distributions(Actor by, String deployment, String window, String version) {
        Watched watched = readable(by, deployment);
        WindowState state = state(deployment, window, version);
        return measures.reference(watched, state.version())
                .flatMap(reference -> measures.profile(state).map(profile -> {
                    List<Distribution> all = new ArrayList<>();
                    reference
                            .inputs()
                            .columns()
                            .forEach(column -> profile.column(column.name())
                                    .ifPresent(now -> all.add(Distribution.of(column.name(), column, now))));
                    all.add(Distribution.of(
                            "prediction",
                            reference.prediction(),
                            profile.column(Reference.OUTPUT).orElseThrow()));
                    return all;
                }))
                .orElse(List.of());
    }
}
