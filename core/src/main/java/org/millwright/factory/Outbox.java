package org.millwright.factory;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;
import org.millwright.ledger.Ledger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands each ledger entry, in order and at least once, to the reactions of its action.
 *
 * <p>The place is kept in the database after each entry, so a server that was killed goes on where it was: a reaction must
 * do the same thing once although it is called twice. One that keeps failing is recorded in the ledger and left behind.
 * Entries without a reaction, which are most, are passed without reading them, and their place is kept now and then.
 */
public final class Outbox implements AutoCloseable {
    /** Does what follows from an entry; may be called again for the same entry after a crash. */
    @FunctionalInterface
    public interface Reaction {
        void to(Entry entry);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    private static final String CONSUMER = "reactions";
    private static final int PAGE = 200;
    private static final int PASSED = 2_000;
    private static final int MOST_WANTED = 10_000;
    private static final int TRIES = 4;
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Database database;
    private final Ledger ledger;
    private final Map<String, List<Reaction>> reactions = new LinkedHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition quiet = lock.newCondition();
    private final Thread thread = Thread.ofVirtual().name("reactions").unstarted(this::loop);
    /** Everything before it is handled. */
    private long next;

    /** What the database knows of {@link #next}. */
    private long kept;

    /** After the last entry that was heard of. */
    private long tail;

    /** Entries with a reaction among those that were heard of. */
    private final Deque<Long> wanted = new ArrayDeque<>();

    /** Whether there may be entries from {@link #next} on that were not heard of. */
    private boolean unheard = true;

    private boolean news = true;
    private boolean idle;
    private volatile boolean closed;

    public Outbox(Database database, Ledger ledger) {
        this.database = database;
        this.ledger = ledger;
    }

    /** Names a reaction to an action; several to one follow each other, each with tries of its own. */
    public Outbox on(String action, Reaction reaction) {
        reactions.computeIfAbsent(action, key -> new ArrayList<>()).add(reaction);
        return this;
    }

    /** Begins with what was not handled before the last stop. */
    public void start() {
        ledger.onAppend(this::appended);
        thread.start();
    }

    /** Waits until everything in the ledger is handled; for tests and commands that need an end. */
    public boolean awaitIdle(Duration most) throws InterruptedException {
        long left = most.toNanos();
        long all = ledger.size();
        lock.lock();
        try {
            while ((news || !idle || next < all) && left > 0) {
                left = quiet.awaitNanos(left);
            }
            return !news && idle && next >= all;
        } finally {
            lock.unlock();
        }
    }

    /** Entries of the ledger that are not handled yet. */
    public long waiting() {
        long all = ledger.size();
        lock.lock();
        try {
            return Math.max(0, all - next);
        } finally {
            lock.unlock();
        }
    }

    private void appended(long from, List<String> actions) {
        lock.lock();
        try {
            if (from != tail || wanted.size() > MOST_WANTED) {
                unheard = true;
                wanted.clear();
            }
            tail = Math.max(tail, from + actions.size());
            for (int i = 0; i < actions.size() && !unheard; i++) {
                if (reactions.containsKey(actions.get(i))) {
                    wanted.add(from + i);
                }
            }
            if (idle && !unheard && wanted.isEmpty()) {
                next = tail;
                quiet.signalAll();
            }
            if (unheard || !wanted.isEmpty() || tail - kept >= PASSED) {
                signal();
            }
        } finally {
            lock.unlock();
        }
    }

    private void signal() {
        lock.lock();
        try {
            news = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void loop() {
        try {
            next = ledger.delivered(CONSUMER);
            kept = next;
            while (awaitNews()) {
                handleUnheard();
                handleWanted();
                keep(next);
            }
        } catch (InterruptedException e) {
            // Closed while waiting.
        } catch (Problem.Unavailable e) {
            // Closing interrupts a read, too.
            if (!closed) {
                throw e;
            }
        }
    }

    private void handleUnheard() throws InterruptedException {
        while (takeUnheard()) {
            List<Entry> page = ledger.from(next, PAGE);
            while (!page.isEmpty() && !closed) {
                for (Entry entry : page) {
                    handle(entry);
                }
                page = ledger.from(next, PAGE);
            }
        }
    }

    private boolean takeUnheard() {
        lock.lock();
        try {
            boolean any = unheard && !closed;
            unheard = false;
            return any;
        } finally {
            lock.unlock();
        }
    }

    private void handleWanted() throws InterruptedException {
        for (long index = nextWanted(); index >= 0; index = nextWanted()) {
            for (Entry entry : ledger.from(index, 1)) {
                handle(entry);
            }
        }
    }

    /** The next entry to handle, or −1 when all that were heard of are. */
    private long nextWanted() {
        lock.lock();
        try {
            while (!wanted.isEmpty() && wanted.getFirst() < next) {
                wanted.removeFirst();
            }
            tail = Math.max(tail, next);
            if (unheard || closed) {
                return -1;
            }
            if (wanted.isEmpty()) {
                next = tail;
                return -1;
            }
            return wanted.removeFirst();
        } finally {
            lock.unlock();
        }
    }

    private boolean awaitNews() throws InterruptedException {
        lock.lock();
        try {
            idle = true;
            if (!unheard && wanted.isEmpty()) {
                // what was appended while the last entry was handled, and has no reaction
                next = Math.max(next, tail);
            }
            quiet.signalAll();
            while (!news && !closed) {
                changed.await();
            }
            news = false;
            idle = false;
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void keep(long place) {
        if (place != kept) {
            ledger.setDelivered(CONSUMER, place);
            lock.lock();
            try {
                kept = place;
            } finally {
                lock.unlock();
            }
        }
    }

    private void handle(Entry entry) throws InterruptedException {
        if (closed) {
            return;
        }
        List<Reaction> following = reactions.getOrDefault(entry.action(), List.of());
        for (Reaction reaction : following) {
            attempt(reaction, entry);
        }
        if (!following.isEmpty()) {
            keep(entry.index() + 1);
        }
        next = entry.index() + 1;
    }

    private void attempt(Reaction reaction, Entry entry) throws InterruptedException {
        for (int tried = 1; ; tried++) {
            try {
                reaction.to(entry);
                return;
            } catch (RuntimeException e) {
                LOG.warn("Reaction {} of {} to {} {} failed", tried, TRIES, entry.action(), entry.subject(), e);
                if (tried == TRIES || closed) {
                    giveUp(entry, e);
                    return;
                }
                Thread.sleep(PAUSE.multipliedBy(tried));
            }
        }
    }

    private void giveUp(Entry entry, RuntimeException cause) {
        if (closed) {
            return;
        }
        database.write(() -> ledger.append(
                Actor.SYSTEM,
                "reaction.failed",
                entry.subjects(),
                Json.object()
                        .put("entry", entry.id())
                        .put("action", entry.action())
                        .put("error", cause.toString())));
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        signal();
        if (thread.getState() != Thread.State.NEW) {
            thread.interrupt();
            thread.join(Duration.ofSeconds(2));
        }
    }
}
