package org.millwright.verdict;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.millwright.alert.Alerts;
import org.millwright.alert.Clause;
import org.millwright.alert.Judgement;
import org.millwright.alert.JudgementStore;
import org.millwright.alert.Verdict;
import org.millwright.alert.Window;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.ledger.Ledger;
import org.millwright.project.Agreement;
import org.millwright.project.Project;
import org.millwright.project.Projects;
import org.millwright.window.Watched;
import org.millwright.window.WindowState;
import org.millwright.window.WindowStore;

/**
 * Judges closed windows by the agreement.
 *
 * <p>A verdict, its ledger entry and the alert that it raises or ends are one transaction, and a window has one verdict a
 * clause: so a kill between them loses nothing, and judging again repeats nothing.
 */
public final class Judge {
    private static final int TOP = 10;

    private final Database database;
    private final Ledger ledger;
    private final Projects projects;
    private final Alerts alerts;
    private final Verdicts verdicts;
    private final SignalVerdicts signals;
    private final WindowStore store;
    private final JudgementStore judgements;
    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

    public Judge(
            Database database,
            Ledger ledger,
            Projects projects,
            Alerts alerts,
            Measures measures,
            SignalMeasures signals,
            Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.projects = projects;
        this.alerts = alerts;
        this.verdicts = new Verdicts(measures, clock);
        this.signals = new SignalVerdicts(signals, clock);
        this.store = new WindowStore(database);
        this.judgements = new JudgementStore(database);
    }

    /** Judges every closed window that has no verdict yet, oldest first; returns the new verdicts. */
    public List<Judgement> judge(String deployment) {
        ReentrantLock lock = locks.computeIfAbsent(deployment, name -> new ReentrantLock());
        lock.lock();
        try {
            Optional<Watched> watched = database.read(() -> store.find(deployment));
            Optional<Agreement> agreement = watched.flatMap(found -> projects.agreement(found.project()));
            return agreement.isEmpty() ? List.of() : judge(watched.get(), agreement.get());
        } finally {
            lock.unlock();
        }
    }

    private List<Judgement> judge(Watched watched, Agreement agreement) {
        List<WindowState> windows = database.read(() -> store.windows(watched.deployment()));
        Map<String, Verdict> known = new HashMap<>();
        database.read(() -> judgements.all(watched.deployment()))
                .forEach(j -> known.put(key(j.version(), j.window(), j.clause()), j.verdict()));
        Set<String> leading = leading(windows);
        List<Clause> agreed = Clause.agreed(agreement);
        List<Judgement> made = new ArrayList<>();
        for (WindowState state : windows) {
            boolean leads = leading.contains(state.version() + "|" + state.window());
            for (Clause clause : agreed) {
                if (!isClosed(watched, state, clause)) {
                    continue;
                }
                Verdict before = known.get(key(state.version(), state.window(), clause));
                if (before == null || before == Verdict.INSUFFICIENT) {
                    verdicts.of(watched, agreement, state, clause, leads)
                            .or(() -> signals.of(watched, agreement, state, clause, leads))
                            .filter(judgement -> before == null || judgement.verdict() != Verdict.INSUFFICIENT)
                            .filter(judgement -> record(watched, agreement, judgement))
                            .ifPresent(made::add);
                }
            }
        }
        return made;
    }

    private static boolean isClosed(Watched watched, WindowState state, Clause clause) {
        long complete = clause.needsOutcomes() ? watched.labelWatermark() : watched.watermark();
        return state.window().end() <= complete;
    }

    private boolean record(Watched watched, Agreement agreement, Judgement judgement) {
        return database.write(() -> {
            store.lock(watched.deployment());
            if (!judgements.save(judgement)) {
                return false;
            }
            ledger.append(
                    Actor.SYSTEM,
                    "window.judged",
                    List.of(
                            watched.ref(),
                            "model:" + watched.model() + "/" + judgement.version(),
                            Project.ref(watched.project())),
                    entry(judgement));
            alerts.judged(watched.of(judgement.version()), judgement, agreement);
            return true;
        });
    }

    /** What the ledger keeps: the verdict with its figures, of columns those that moved most. */
    private static ObjectNode entry(Judgement judgement) {
        ObjectNode entry = Json.object()
                .put("window", judgement.window().label())
                .put("windowStart", judgement.window().start())
                .put("windowEnd", judgement.window().end())
                .put("clause", judgement.clause().text())
                .put("verdict", judgement.verdict().text())
                .put("leading", judgement.leading())
                .put("method", judgement.method())
                .put("threshold", judgement.threshold())
                .put("n", judgement.n())
                .put("note", judgement.note());
        if (Double.isFinite(judgement.measured())) {
            entry.put("value", judgement.measured());
        }
        if (judgement.clause().needsOutcomes()) {
            entry.set("figures", judgement.details());
        } else if (judgement.details().has("columns")) {
            ArrayNode top = entry.putArray("moved");
            var columns = new ArrayList<JsonNode>();
            judgement.details().path("columns").forEach(columns::add);
            columns.stream()
                    .filter(column -> column.path("verdict").asText().equals(Verdict.BROKEN.text()))
                    .sorted(Comparator.comparingDouble(
                            column -> -column.path("value").asDouble()))
                    .limit(TOP)
                    .forEach(column -> top.addObject()
                            .put("column", column.path("name").asText())
                            .put("method", column.path("method").asText())
                            .put("value", column.path("value").asDouble()));
        }
        return entry;
    }

    private static String key(String version, Window window, Clause clause) {
        return version + "|" + window + "|" + clause;
    }

    /** The version with most rows of each window, the older one of two with as many: the newer may be its shadow. */
    public static Set<String> leading(List<WindowState> windows) {
        Map<Window, WindowState> most = new HashMap<>();
        for (WindowState state : windows) {
            most.merge(
                    state.window(),
                    state,
                    (a, b) -> b.rows() > a.rows() || b.rows() == a.rows() && newer(a.version(), b.version()) ? b : a);
        }
        Set<String> leading = new HashSet<>();
        most.forEach((window, state) -> leading.add(state.version() + "|" + window));
        return leading;
    }

    private static boolean newer(String a, String b) {
        return a.length() != b.length() ? a.length() > b.length() : a.compareTo(b) > 0;
    }
}
