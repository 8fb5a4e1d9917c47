package org.millwright.engines.worker;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.millwright.environment.PythonModels.PythonModel;
import org.millwright.pipeline.ProcessRunner;
import org.millwright.scoring.Frame;
import org.millwright.scoring.ModelFailure;
import org.millwright.scoring.Overloaded;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processes of one model version. The first starts when the model is loaded, more when requests wait; one that dies is
 * replaced, after a pause that grows as long as none answers.
 */
final class WorkerPool {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerPool.class);
    private static final Duration STARTS = Duration.ofSeconds(2);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final PythonModel model;
    private final WorkerSettings settings;
    private final WorkerFolder folder;
    private final ProcessRunner processes;
    private final ScheduledExecutorService timer;
    private final Consumer<WorkerPool> closed;
    private final int most;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Joins joins;

    /** Free ones, the last used first: it is warm. */
    private final Deque<Worker> idle = new ArrayDeque<>();

    private final Set<Worker> live = new HashSet<>();
    private final Set<WorkerStart> starting = new HashSet<>();
    /** Those that are asked for rows of several requests. */
    private final Set<Worker> sharing = new HashSet<>();

    private int busy;
    private int faults;
    private String fault = "";
    private long pausedUntil = System.nanoTime();
    private boolean closing;

    /** A process that is about to answer requests, all of them by one call. */
    record Call(Worker worker, List<Turn> turns) {}

    WorkerPool(
            PythonModel model,
            WorkerSettings settings,
            WorkerFolder folder,
            ProcessRunner processes,
            ScheduledExecutorService timer,
            Joins joins,
            Consumer<WorkerPool> closed) {
        this.model = model;
        this.settings = settings;
        this.folder = folder;
        this.processes = processes;
        this.timer = timer;
        this.closed = closed;
        this.joins = joins;
        this.most = Math.min(settings.processes(), Runtime.getRuntime().availableProcessors());
    }

    /** Whether a process is up that may answer. */
    boolean isReady() {
        lock.lock();
        try {
            return !live.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Starts the first process behind the caller's back. */
    void warmUp() {
        lock.lock();
        try {
            start();
        } finally {
            lock.unlock();
        }
    }

    /** A process for the request and those that share its call; nothing when another's call came back with its rows. */
    Optional<Call> take(Turn turn, Duration patience) {
        lock.lock();
        try {
            joins.add(turn);
            long begin = System.nanoTime();
            while (turn.answer() == null) {
                Worker free = turn.isTaken() || closing ? null : idle.pollFirst();
                if (free != null && free.isUsable()) {
                    busy++;
                    var call = new Call(free, joins.with(turn));
                    if (call.turns().size() > 1) {
                        sharing.add(free);
                    }
                    return Optional.of(call);
                }
                if (turn.isTaken()) {
                    changed.await();
                } else if (closing) {
                    throw new ModelFailure("the model was closed");
                } else if (free == null) {
                    await(begin, patience);
                }
            }
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ModelFailure.temporary("Interrupted while waiting for a Python worker of " + model.name());
        } finally {
            joins.remove(turn);
            lock.unlock();
        }
    }

    /** Waits until something changes; starts a process when there may be one more. */
    private void await(long begin, Duration caller) throws InterruptedException {
        boolean paused = System.nanoTime() - pausedUntil < 0;
        if (live.size() + starting.size() < most && !paused) {
            start();
        }
        if (live.isEmpty() && starting.isEmpty()) {
            throw ModelFailure.temporary(fault + " (tried again in "
                    + shown(Duration.ofNanos(Math.max(0, pausedUntil - System.nanoTime()))) + ")");
        }
        Duration own = live.isEmpty() ? settings.queue().plus(settings.load()) : settings.queue();
        Duration patience = own.compareTo(caller) < 0 ? own : caller;
        long left = patience.toNanos() - (System.nanoTime() - begin);
        if (left <= 0) {
            if (!live.isEmpty() && caller.compareTo(own) < 0) {
                throw new Overloaded(allBusy(patience));
            }
            throw ModelFailure.temporary(live.isEmpty() ? stillStarting(patience) : allBusy(patience));
        }
        changed.awaitNanos(left);
    }

    private String stillStarting(Duration patience) {
        return "The Python worker of " + model.name() + " was still starting after " + shown(patience);
    }

    private String allBusy(Duration time) {
        return "All " + live.size() + " Python workers of " + model.name() + " were busy for " + shown(time)
                + "; send fewer requests at once, or let it have more (mw serve --python-workers)";
    }

    /** @param nanos how long the call took; 0 when it was not answered */
    void giveBack(Call call, int rows, long nanos) {
        lock.lock();
        try {
            busy--;
            if (nanos > 0) {
                faults = 0;
                sharing.remove(call.worker());
                joins.cost(rows, call.turns().size(), nanos);
            }
            if (live.contains(call.worker()) && call.worker().isUsable()) {
                idle.addFirst(call.worker());
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Requests that wait for a process now. */
    int waiting() {
        lock.lock();
        try {
            return joins.waiting();
        } finally {
            lock.unlock();
        }
    }

    /** Ends a call for several requests; each that got no answer waits again. */
    void share(Call call, Optional<Frame> answer) {
        lock.lock();
        try {
            joins.end(call.turns(), answer);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Starts a process beside the caller, who holds the lock. */
    private void start() {
        var next = new WorkerStart(model, settings, processes, timer, folder);
        starting.add(next);
        Thread.ofVirtual().name("python-start").start(() -> {
            try {
                started(next, next.run());
            } catch (RuntimeException e) {
                notStarted(next, e);
            }
        });
    }

    private void started(WorkerStart start, Worker worker) {
        lock.lock();
        try {
            starting.remove(start);
            if (closing) {
                worker.stop();
            }
            live.add(worker);
            idle.addLast(worker);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        worker.process().onEnd(() -> ended(worker));
    }

    private void notStarted(WorkerStart start, RuntimeException e) {
        lock.lock();
        try {
            starting.remove(start);
            if (!closing) {
                LOG.warn("{}", e.getMessage());
            }
            pause(String.valueOf(e.getMessage()));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void ended(Worker worker) {
        worker.stop();
        lock.lock();
        try {
            live.remove(worker);
            idle.remove(worker);
            if (!closing) {
                String how = worker.process().end(Duration.ofSeconds(1));
                LOG.warn(
                        "A Python worker of {} {}: {}",
                        model.name(),
                        how,
                        worker.process().log(12));
                // Which of several requests ended it shows when each is asked alone: none should wait for a pause
                // before.
                boolean shared = sharing.remove(worker);
                boolean first = shared || faults == 0;
                if (!shared) {
                    pause("The Python worker of " + model.name() + " " + how);
                }
                if (first && live.size() + starting.size() < most) {
                    start();
                }
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void pause(String why) {
        fault = why;
        faults++;
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(faults - 1, 10));
        pausedUntil = System.nanoTime() + (pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE).toNanos();
    }

    /** Waits for the requests under way, then ends the processes. */
    void close() {
        lock.lock();
        try {
            closing = true;
            changed.signalAll();
            long left = settings.request().toNanos();
            while (busy > 0 && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        end();
    }

    /** Ends the processes, whatever they are doing. */
    void end() {
        List<WorkerStart> starts;
        lock.lock();
        try {
            closing = true;
            starts = new ArrayList<>(starting);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        starts.forEach(WorkerStart::cancel);
        List<Worker> workers = whenStarted();
        workers.forEach(Worker::stop);
        workers.forEach(worker -> worker.process().end(Duration.ofSeconds(5)));
        try {
            folder.delete();
        } catch (IOException e) {
            LOG.info("{} stays until the next start: {}", folder.root(), e.toString());
        }
        closed.accept(this);
    }

    /** Those that live once none starts any more: one that does would write into a folder that is being deleted. */
    private List<Worker> whenStarted() {
        List<Worker> workers;
        lock.lock();
        try {
            long left = STARTS.toNanos();
            while (!starting.isEmpty() && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            workers = List.copyOf(live);
            lock.unlock();
        }
        return workers;
    }

    /** A time as people say it. */
    static String shown(Duration time) {
        return time.toMillis() < 1000 ? time.toMillis() + " ms" : time.toSeconds() + " s";
    }
}
