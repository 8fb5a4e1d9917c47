package org.millwright.monitor;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.millwright.alert.Alerts;
import org.millwright.alert.Judgement;
import org.millwright.alert.JudgementStore;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.intake.Inbox;
import org.millwright.intake.Profiled;
import org.millwright.intake.Windows;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.millwright.project.Projects;
import org.millwright.serving.PredictionListener;
import org.millwright.serving.Scored;
import org.millwright.signal.SignalStore;
import org.millwright.verdict.Detections;
import org.millwright.verdict.Judge;
import org.millwright.verdict.Measures;
import org.millwright.verdict.Retention;
import org.millwright.verdict.SignalMeasures;
import org.millwright.verdict.Watermarks;
import org.millwright.window.References;
import org.millwright.window.Watched;
import org.millwright.window.WindowState;
import org.millwright.window.WindowStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches what deployments answer.
 *
 * <p>A request's thread only copies its rows into a bounded inbox. Another of the lowest priority profiles them into windows
 * of event time and stores them about once a second, under load every five; what a sudden end loses is what was answered
 * within that time. Closed windows are judged, and alerts follow.
 */
public final class Monitor implements PredictionListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);
    private static final int BATCH = 25_000;
    /** Storing takes at most about one part in so many of one core, as long as rows need not wait longer than that many turns. */
    private static final int SHARE = 25;

    private static final int MOST_TURNS = 5;
    private static final int PRUNE_EVERY = 600;
    private static final long MARK_EVERY = 60_000;

    private final Database database;
    private final Access access;
    private final MonitorSettings settings;
    private final Clock clock;
    private final WindowStore store;
    private final Windows windows;
    private final Measures measures;
    private final SignalMeasures signalMeasures;
    private final SignalStore signals;
    private final Detections detections;
    /** When each deployment's last prediction was noted: once a minute is enough. */
    private final Map<String, Long> marked = new ConcurrentHashMap<>();

    private final Watermarks watermarks;
    private final Judge judge;
    private final Retention retention;
    private final String replica;
    private final Map<String, Inbox> inboxes = new ConcurrentHashMap<>();
    private final Map<String, Scored> firsts = new ConcurrentHashMap<>();
    /** Held by who merges a report, one a deployment: they would only make each other's windows stale. */
    private final Map<String, ReentrantLock> merging = new ConcurrentHashMap<>();

    private final Thread worker;
    private final AtomicBoolean full = new AtomicBoolean();
    private volatile boolean closed;

    public Monitor(
            Database database,
            Ledger ledger,
            Access access,
            Projects projects,
            Alerts alerts,
            References references,
            MonitorSettings settings,
            Clock clock,
            Ids ids) {
        this.database = database;
        this.access = access;
        this.settings = settings;
        this.clock = clock;
        this.store = new WindowStore(database);
        this.measures = new Measures(database, projects, references);
        this.windows = new Windows(database, references);
        this.watermarks = new Watermarks(database, ledger, access, measures, clock);
        this.signalMeasures = new SignalMeasures(database, references, measures);
        this.signals = new SignalStore(database);
        this.detections = new Detections(database, ledger, measures, clock);
        this.judge = new Judge(database, ledger, projects, alerts, measures, signalMeasures, clock);
        this.retention = new Retention(database, measures, settings.keptPredictions());
        this.replica = ids.next("replica");
        this.worker = Thread.ofPlatform()
                .name("monitor")
                .daemon()
                .priority(Thread.MIN_PRIORITY)
                .start(this::loop);
    }

    @Override
    public void answered(Scored scored) {
        if (inbox(scored).offer(scored, Math.min(BATCH, settings.waitingRows() / 4))) {
            full.set(true);
            LockSupport.unpark(worker);
        }
    }

    private Inbox inbox(Scored scored) {
        Inbox inbox = inboxes.get(scored.deployment());
        if (inbox == null) {
            firsts.putIfAbsent(scored.deployment(), scored);
            inbox = inboxes.computeIfAbsent(scored.deployment(), name -> new Inbox(settings.waitingRows()));
        }
        return inbox;
    }

    /**
     * Stores rows that a batch job answered, and returns when they are durable. None is dropped: it waits for its turn among
     * what else is stored.
     *
     * @param job names it among all that store
     * @param number of these rows among the job's, from 1; the same again counts once
     */
    void take(Scored scored, String job, long number) {
        String deployment = scored.deployment();
        inbox(scored).inTurn(() -> {
            Watched watched = watch(deployment);
            windows.add(watched, measures.keeping(watched.project()), job, number, scored);
            predictionsCame(deployment);
        });
    }

    /** Judges what a batch job's rows complete. */
    void taken(String deployment) {
        if (watermarks.byTraffic(watched(deployment))) {
            judge.judge(deployment);
        }
    }

    /** Profiles and stores everything that the deployment has answered up to now; returns when it is durable. */
    public void settle(String deployment) {
        Inbox inbox = inboxes.get(deployment);
        if (inbox != null) {
            store(deployment, inbox, 1);
        }
    }

    /**
     * Notes that all predictions and outcomes for times before this were sent, and judges the windows that are complete with
     * that; returns the new verdicts. The same or an earlier time judges what is still open.
     *
     * @param time milliseconds since the epoch
     */
    public List<Judgement> announce(Actor by, String deployment, long time) {
        settle(deployment);
        watermarks.announce(by, watched(deployment), time);
        List<Judgement> made = judge.judge(deployment);
        detections.examine(watched(deployment));
        return made;
    }

    /** The deployment, of a project that the actor may read; {@link Problem.NotFound} when it never answered anything. */
    public Watched watched(Actor by, String deployment) {
        Watched found = watched(deployment);
        access.require(by, Permission.READ, found.project());
        return found;
    }

    boolean mayRead(Actor by, String project) {
        return access.allows(by, Permission.READ, Optional.of(project));
    }

    /** The deployment; empty when it never answered anything. */
    public Optional<Watched> find(String deployment) {
        return database.read(() -> store.find(deployment));
    }

    Watched watched(String deployment) {
        return find(deployment)
                .orElseThrow(() -> new Problem.NotFound(
                        "Deployment " + deployment + " has answered nothing yet", "Send it requests first."));
    }

    public List<Watched> all() {
        return database.read(store::all);
    }

    /** Rows that were answered and wait to be profiled. */
    public int waiting(String deployment) {
        return Optional.ofNullable(inboxes.get(deployment))
                .map(Inbox::waitingRows)
                .orElse(0);
    }

    /** Rows of a deployment that wait to be profiled, and those that never will be, since the start. */
    public record Backlog(int waiting, long dropped) {}

    /** The backlog of each deployment that answered since the start. */
    public Map<String, Backlog> backlogs() {
        var backlogs = new TreeMap<String, Backlog>();
        inboxes.forEach((name, inbox) -> backlogs.put(name, new Backlog(inbox.waitingRows(), inbox.droppedRows())));
        return backlogs;
    }

    public List<Judgement.Measured> measured() {
        return database.read(() -> new JudgementStore(database).newest());
    }

    /** Share of the predictions with an outcome in the newest window that all predictions are in, by deployment. */
    public Map<String, Double> coverages() {
        var coverages = new TreeMap<String, Double>();
        for (Watched watched : all()) {
            database.read(() -> store.windows(watched.deployment())).stream()
                    .filter(state -> state.window().end() <= watched.watermark())
                    .collect(Collectors.groupingBy(WindowState::window, TreeMap::new, Collectors.toList()))
                    .descendingMap()
                    .values()
                    .stream()
                    .findFirst()
                    .ifPresent(states -> coverages.put(
                            watched.deployment(),
                            (double) states.stream()
                                            .mapToLong(WindowState::labels)
                                            .sum()
                                    / Math.max(
                                            1,
                                            states.stream()
                                                    .mapToLong(WindowState::rows)
                                                    .sum())));
        }
        return coverages;
    }

    Measures measures() {
        return measures;
    }

    SignalMeasures signalMeasures() {
        return signalMeasures;
    }

    /** Judges what outcomes have completed; called after outcomes came in. */
    void outcomesCame(String deployment) {
        database.write(() -> signals.mark(deployment, SignalStore.LABELS, clock.millis()));
        complete(deployment);
    }

    private void complete(String deployment) {
        watermarks.byOutcomes(watched(deployment));
        judge.judge(deployment);
        detections.examine(watched(deployment));
    }

    /** Notes that predictions come, and since when outcomes are waited for. */
    private void predictionsCame(String deployment) {
        long now = clock.millis();
        Long last = marked.get(deployment);
        if (last != null && now - last < MARK_EVERY && now >= last) {
            return;
        }
        marked.put(deployment, now);
        database.write(() -> {
            signals.mark(deployment, SignalStore.PREDICTIONS, now);
            if (signals.marked(deployment, SignalStore.UNLABELLED) <= signals.marked(deployment, SignalStore.LABELS)) {
                signals.mark(deployment, SignalStore.UNLABELLED, now);
            }
        });
    }

    private void loop() {
        attempt(
                "what the last stop left",
                () -> all().forEach(watched -> attempt(watched.deployment(), () -> {
                    watermarks.byTraffic(watched);
                    complete(watched.deployment());
                })));
        long turn = settings.every().toNanos();
        long due = System.nanoTime() + turn;
        for (int round = 1; !closed; ) {
            LockSupport.parkNanos(this, due - System.nanoTime());
            long start = System.nanoTime();
            if (!full.getAndSet(false) && start < due) {
                continue;
            }
            boolean prune = round++ % PRUNE_EVERY == 0;
            inboxes.forEach((deployment, inbox) -> attempt(deployment, () -> store(deployment, inbox, BATCH)));
            if (prune) {
                inboxes.keySet().forEach(deployment -> attempt(deployment, () -> retention.prune(watched(deployment))));
            }
            long end = System.nanoTime();
            due = end + Math.clamp(SHARE * (end - start), turn, MOST_TURNS * turn);
        }
    }

    private static void attempt(String deployment, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.warn("Monitoring {} failed; it will be tried again", deployment, e);
        }
    }

    /** @param worth how many rows must wait for another batch after the first */
    private void store(String deployment, Inbox inbox, int worth) {
        inbox.alone(() -> {
            boolean any = false;
            while (!inbox.isEmpty() && (!any || inbox.waitingRows() >= worth)) {
                Watched watched = watch(deployment);
                Inbox.Batch batch = inbox.next(BATCH);
                windows.add(watched, measures.keeping(watched.project()), replica, batch);
                inbox.committed(batch);
                if (batch.dropped() > 0) {
                    LOG.warn(
                            "{}: {} answered rows were not profiled, because more than {} waited",
                            deployment,
                            batch.dropped(),
                            settings.waitingRows());
                }
                any = true;
            }
            if (any) {
                predictionsCame(deployment);
            }
            if (any && watermarks.byTraffic(watched(deployment))) {
                judge.judge(deployment);
            }
        });
    }

    /** The stored deployment, noted at its first rows. */
    private Watched watch(String deployment) {
        return database.read(() -> store.find(deployment)).orElseGet(() -> {
            Scored first = Objects.requireNonNull(firsts.get(deployment));
            return watch(deployment, first.project(), first.model());
        });
    }

    private Watched watch(String deployment, String project, String model) {
        return database.write(() -> {
            store.watch(deployment, project, model, clock.millis());
            return store.lock(deployment);
        });
    }

    /** Adds what another process profiled, and judges what is complete with it; returns false when it was added before. */
    boolean merge(String deployment, String project, String model, Profiled profiled) {
        ReentrantLock lock = merging.computeIfAbsent(deployment, name -> new ReentrantLock());
        lock.lock();
        boolean added;
        try {
            Watched watched =
                    database.read(() -> store.find(deployment)).orElseGet(() -> watch(deployment, project, model));
            added = windows.add(watched, measures.kind(watched.project()), profiled);
        } finally {
            lock.unlock();
        }
        if (added) {
            predictionsCame(deployment);
        }
        if (added && watermarks.byTraffic(watched(deployment))) {
            judge.judge(deployment);
        }
        return added;
    }

    /** Stores what waits, then stops. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(worker);
        try {
            worker.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        inboxes.forEach((deployment, inbox) -> attempt(deployment, () -> store(deployment, inbox, 1)));
    }
}
