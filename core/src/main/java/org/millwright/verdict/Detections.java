package org.millwright.verdict;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.millwright.alert.Alerts;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.ledger.Ledger;
import org.millwright.outcome.Answers;
import org.millwright.outcome.OutcomeStore;
import org.millwright.outcome.PredictedRows;
import org.millwright.project.Project;
import org.millwright.signal.ConceptDrift;
import org.millwright.signal.Note;
import org.millwright.signal.SignalStore;
import org.millwright.window.Watched;
import org.millwright.window.WindowState;
import org.millwright.window.WindowStore;

/**
 * Looks for concept drift in the errors of windows whose outcomes are in. The detectors are run anew over all errors that
 * are kept, in the order of event time, whenever windows were completed; so nothing of them has to survive a kill. A window
 * has at most one note of each detector.
 */
public final class Detections {
    private final Database database;
    private final Ledger ledger;
    private final Measures measures;
    private final OutcomeStore predictions;
    private final Clock clock;
    private final WindowStore store;
    private final SignalStore signals;

    public Detections(Database database, Ledger ledger, Measures measures, Clock clock) {
        this.measures = measures;
        this.predictions = new OutcomeStore(database);
        this.database = database;
        this.ledger = ledger;
        this.clock = clock;
        this.store = new WindowStore(database);
        this.signals = new SignalStore(database);
    }

    /** Looks at the windows that were completed since the last time. */
    public void examine(Watched watched) {
        String deployment = watched.deployment();
        long complete = watched.labelWatermark();
        long examined = database.read(() -> signals.marked(deployment, SignalStore.EXAMINED));
        List<WindowState> windows = database.read(() -> store.windows(deployment)).stream()
                .filter(state -> state.window().end() <= complete)
                .toList();
        List<WindowState> fresh = windows.stream()
                .filter(state -> state.window().end() > examined)
                .toList();
        for (String version :
                fresh.stream().map(WindowState::version).distinct().toList()) {
            ConceptDrift drift = measures.target(watched, version).classes()
                    ? wrong(
                            watched,
                            windows.stream()
                                    .filter(state -> state.version().equals(version))
                                    .toList())
                    : far(deployment, version, complete);
            fresh.stream()
                    .filter(state -> state.version().equals(version))
                    .forEach(state -> note(watched, state, drift));
        }
        if (!fresh.isEmpty()) {
            database.write(() -> signals.mark(deployment, SignalStore.EXAMINED, complete));
        }
    }

    /** How far off each number was. */
    private ConceptDrift far(String deployment, String version, long complete) {
        var drift = new ConceptDrift();
        return database.read(() -> {
            signals.errors(
                    deployment,
                    version,
                    complete,
                    (time, predicted, outcome) -> drift.take(time, Math.abs(predicted - outcome)));
            return drift;
        });
    }

    /** Whether each class was wrong; of a class that the version does not know nothing is said. */
    private ConceptDrift wrong(Watched watched, List<WindowState> windows) {
        var drift = new ConceptDrift();
        for (WindowState state : windows) {
            PredictedRows rows = database.read(() -> predictions.rows(
                    state.deployment(),
                    state.version(),
                    state.window().start(),
                    state.window().end(),
                    false));
            Answers answers = measures.answers(watched, state.version(), rows);
            for (int i = 0; i < rows.size(); i++) {
                double said = answers.predicted()[i];
                double truth = answers.truth()[i];
                if (!Double.isNaN(said) && !Double.isNaN(truth)) {
                    drift.take(rows.time(i), said == truth ? 0 : 1);
                }
            }
        }
        return drift;
    }

    private void note(Watched watched, WindowState state, ConceptDrift drift) {
        Map<String, ConceptDrift.Detection> found =
                drift.firsts(state.window().start(), state.window().end());
        for (ConceptDrift.Detection detection : found.values()) {
            ObjectNode evidence = Json.object()
                    .put("detector", detection.detector())
                    .put("at", detection.at())
                    .put("row", detection.row())
                    .put("before", detection.before())
                    .put("after", detection.after());
            var note = new Note(
                    watched.deployment(),
                    Note.CONCEPT_DRIFT,
                    detection.detector(),
                    state.version(),
                    state.window(),
                    detection.at(),
                    "Errors of version " + state.version() + " rose from " + Alerts.figure(detection.before()) + " to "
                            + Alerts.figure(detection.after()) + " (" + detection.detector() + ", at its outcome "
                            + detection.row() + ")",
                    evidence,
                    clock.millis());
            database.write(() -> {
                if (signals.insert(note)) {
                    ledger.append(
                            Actor.SYSTEM,
                            "concept-drift.noted",
                            List.of(
                                    watched.ref(),
                                    "model:" + watched.model() + "/" + state.version(),
                                    Project.ref(watched.project())),
                            evidence.put("window", state.window().label()).put("note", note.text()));
                }
            });
        }
    }
}
