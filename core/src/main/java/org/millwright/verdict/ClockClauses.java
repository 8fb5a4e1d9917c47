package org.millwright.verdict;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.millwright.alert.Alerts;
import org.millwright.alert.Clause;
import org.millwright.alert.DayVerdicts;
import org.millwright.alert.Judgement;
import org.millwright.alert.Verdict;
import org.millwright.kernel.Database;
import org.millwright.ledger.Ledger;
import org.millwright.project.Agreement;
import org.millwright.project.Project;
import org.millwright.project.Projects;
import org.millwright.scoring.profile.Reference;
import org.millwright.signal.SignalStore;
import org.millwright.turn.Turns;
import org.millwright.window.References;
import org.millwright.window.Watched;
import org.millwright.window.WindowState;
import org.millwright.window.WindowStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clauses that the clock judges: how old model and data are, whether predictions and outcomes still come, how fast and how
 * well requests are answered. A verdict is kept when it changes; so an alert is raised once, and ends when all is well again.
 */
public final class ClockClauses implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClockClauses.class);
    private static final Duration TURN = Duration.ofMinutes(5);
    /** Turns in a row that service must be bad, or well again: its figures go up and down by themselves. */
    private static final int BAD_TURNS = 3;

    private static final int WELL_TURNS = 6;

    private final Database database;
    private final Projects projects;
    private final Alerts alerts;
    private final References references;
    private final Function<String, Served> serving;
    private final Clock clock;
    private final WindowStore store;
    private final DayVerdicts verdicts;
    private final SignalStore signals;
    private final Map<String, Streak> streaks = new HashMap<>();
    private final Turns turns = new Turns("clock-clauses", TURN, this::turn);

    /** A verdict that is not the kept one, seen in so many turns in a row. */
    private record Streak(Verdict verdict, int turns) {}

    /** @param serving what serving knows of a deployment at the moment */
    public ClockClauses(
            Database database,
            Ledger ledger,
            Projects projects,
            Alerts alerts,
            References references,
            Function<String, Served> serving,
            Clock clock) {
        this.database = database;
        this.projects = projects;
        this.alerts = alerts;
        this.references = references;
        this.serving = serving;
        this.clock = clock;
        this.store = new WindowStore(database);
        this.verdicts = new DayVerdicts(database, ledger);
        this.signals = new SignalStore(database);
    }

    /** From now on looks by itself. */
    public void start() {
        turns.start();
    }

    /** Looks at every deployment now. */
    public synchronized void turn() {
        for (Watched watched : database.read(store::all)) {
            try {
                projects.agreement(watched.project()).ifPresent(agreement -> judge(watched, agreement));
            } catch (RuntimeException e) {
                LOG.warn("{} cannot be judged by the clock; it will be tried again", watched.ref(), e);
            }
        }
    }

    private void judge(Watched watched, Agreement agreement) {
        Served served = serving.apply(watched.deployment());
        for (Reading reading : readings(watched, Optional.of(agreement), served)) {
            if (reading.verdict() == Verdict.INSUFFICIENT) {
                continue;
            }
            if (database.read(() -> isKept(watched, reading))) {
                streaks.remove(key(watched, reading));
            } else if (isLasting(watched, reading)) {
                record(watched, agreement, served, reading);
            }
        }
    }

    /** Whether that is the verdict already. */
    private boolean isKept(Watched watched, Reading reading) {
        return verdicts.newest(watched.deployment(), reading.clause()).equals(Optional.of(reading.verdict()));
    }

    private boolean isLasting(Watched watched, Reading reading) {
        if (reading.clause().kind() != Clause.Kind.SERVICE) {
            return true;
        }
        String key = key(watched, reading);
        Streak before = streaks.get(key);
        int turns = before != null && before.verdict() == reading.verdict() ? before.turns() + 1 : 1;
        streaks.put(key, new Streak(reading.verdict(), turns));
        return turns >= (reading.verdict() == Verdict.BROKEN ? BAD_TURNS : WELL_TURNS);
    }

    private static String key(Watched watched, Reading reading) {
        return watched.deployment() + "|" + reading.clause();
    }

    private void record(Watched watched, Agreement agreement, Served served, Reading reading) {
        streaks.remove(key(watched, reading));
        Judgement judgement = Judgement.ofDay(
                watched.deployment(),
                version(watched, served),
                reading.clause(),
                reading.verdict(),
                reading.unit(),
                reading.value(),
                reading.limit().orElse(0),
                reading.n(),
                reading.note(),
                clock.millis());
        database.write(() -> {
            store.lock(watched.deployment());
            if (isKept(watched, reading)) {
                return;
            }
            verdicts.keep(
                    judgement,
                    List.of(
                            watched.ref(),
                            "model:" + watched.model() + "/" + judgement.version(),
                            Project.ref(watched.project())));
            alerts.checked(watched.of(judgement.version()), judgement, agreement);
        });
    }

    /** The version in production, else the one that answered most lately. */
    private String version(Watched watched, Served served) {
        return served.production().orElseGet(() -> {
            List<WindowState> windows = database.read(() -> store.windows(watched.deployment()));
            var leading = Judge.leading(windows);
            return windows.reversed().stream()
                    .filter(state -> leading.contains(state.version() + "|" + state.window()))
                    .map(WindowState::version)
                    .findFirst()
                    .orElse("0");
        });
    }

    /** Requests of the last hour that did not fit the signature. */
    public long refused(String deployment) {
        return serving.apply(deployment).refused();
    }

    /** All that the clock says of a deployment, also what nothing was agreed on. */
    public List<Reading> of(Watched watched) {
        return readings(watched, projects.agreement(watched.project()), serving.apply(watched.deployment()));
    }

    /** What is measured now for each clause that the clock judges, of all deployments. */
    public List<Judgement.Measured> measured() {
        return database.read(store::all).stream()
                .flatMap(watched -> of(watched).stream()
                        .filter(reading -> reading.limit().isPresent() && Double.isFinite(reading.value()))
                        .map(reading -> new Judgement.Measured(
                                watched.deployment(),
                                reading.clause().text(),
                                reading.unit(),
                                reading.value(),
                                reading.limit().getAsDouble())))
                .toList();
    }

    private List<Reading> readings(Watched watched, Optional<Agreement> agreement, Served served) {
        var all = new ArrayList<Reading>();
        ages(all, watched, agreement.flatMap(Agreement::staleness), served);
        feeds(all, watched, agreement.flatMap(Agreement::feeds), served);
        all.addAll(ServiceReadings.of(agreement.flatMap(Agreement::service), served));
        return all;
    }

    private void ages(List<Reading> all, Watched watched, Optional<Agreement.Staleness> agreed, Served served) {
        long now = clock.millis();
        String version = version(watched, served);
        if (served.registeredAt() > 0) {
            Duration age = Duration.ofMillis(now - served.registeredAt());
            all.add(reading(
                    Agreement.Staleness.MODEL,
                    age,
                    agreed.flatMap(Agreement.Staleness::model),
                    "version " + version + " was registered " + span(age) + " ago"));
        }
        long to =
                references.of(watched.deployment(), version).map(Reference::to).orElse(0L);
        if (to > 0) {
            Duration age = Duration.ofMillis(now - to);
            all.add(reading(
                    Agreement.Staleness.DATA,
                    age,
                    agreed.flatMap(Agreement.Staleness::data),
                    "the training data of version " + version + " ends " + span(age) + " ago"));
        }
    }

    private void feeds(List<Reading> all, Watched watched, Optional<Agreement.Feeds> agreed, Served served) {
        String deployment = watched.deployment();
        long now = clock.millis();
        long predictions = database.read(() -> signals.marked(deployment, SignalStore.PREDICTIONS));
        long labels = database.read(() -> signals.marked(deployment, SignalStore.LABELS));
        long waiting = database.read(() -> signals.marked(deployment, SignalStore.UNLABELLED));
        if (predictions > 0) {
            Duration silence = Duration.ofMillis(now - predictions);
            all.add(reading(
                    Agreement.Feeds.PREDICTIONS,
                    silence,
                    served.halted() ? Optional.empty() : agreed.flatMap(Agreement.Feeds::predictions),
                    (served.halted() ? "it was stopped; " : "") + "the last prediction was made " + span(silence)
                            + " ago"));
            Duration waited = Duration.ofMillis(waiting > labels ? now - waiting : 0);
            all.add(reading(
                    Agreement.Feeds.LABELS,
                    waited,
                    agreed.flatMap(Agreement.Feeds::labels),
                    labels == 0
                            ? "no outcome came yet; the first prediction was made " + span(waited) + " ago"
                            : "the last outcome came " + span(Duration.ofMillis(now - labels)) + " ago"
                                    + (waiting > labels
                                            ? ", and predictions wait for theirs since " + span(waited)
                                            : ", and nothing was predicted since")));
        }
    }

    private static Reading reading(String clause, Duration value, Optional<Duration> limit, String note) {
        OptionalDouble seconds =
                limit.map(time -> OptionalDouble.of(time.toMillis() / 1000.0)).orElse(OptionalDouble.empty());
        return new Reading(
                Clause.of(clause),
                value.toMillis() / 1000.0,
                "s",
                seconds,
                ServiceReadings.verdict(value.toMillis() / 1000.0, seconds),
                0,
                note
                        + limit.map(time -> " (agreed: at most " + span(time) + ")")
                                .orElse(""));
    }

    /** A time as people say it. */
    private static String span(Duration time) {
        if (time.toHours() >= 48) {
            return time.toDays() + " days";
        }
        long minutes = time.toMinutes();
        return minutes >= 120 ? time.toHours() + " hours" : minutes == 1 ? "1 minute" : minutes + " minutes";
    }

    @Override
    public void close() {
        turns.close();
    }
}
