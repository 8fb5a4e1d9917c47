package org.millwright.factory;

import java.time.Duration;
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
 * Hands each ledger entry, in order and at least once, to the reaction of its action.
 *
 * <p>The place is kept in the database after each entry, so a server that was killed goes on where it was: a reaction must
 * do the same thing once although it is called twice. One that keeps failing is recorded in the ledger and left behind.
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
    private static final int TRIES = 4;
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Database database;
    private final Ledger ledger;
    private final Map<String, Reaction> reactions = new LinkedHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread = Thread.ofVirtual().name("reactions").unstarted(this::loop);
    private boolean news = true;
    private boolean idle;
    private volatile boolean closed;

    public Outbox(Database database, Ledger ledger) {
        this.database = database;
        this.ledger = ledger;
    }

    /** Names the reaction to an action; one an action. */
    public Outbox on(String action, Reaction reaction) {
        if (reactions.put(action, reaction) != null) {
            throw new IllegalStateException("Two reactions to " + action);
        }
        return this;
    }

    /** Begins with what was not handled before the last stop. */
    public void start() {
        ledger.onAppend(this::signal);
        thread.start();
    }

    /** Waits until everything in the ledger is handled; for tests and commands that need an end. */
    public boolean awaitIdle(Duration most) throws InterruptedException {
        long left = most.toNanos();
        lock.lock();
        try {
            while ((news || !idle) && left > 0) {
                left = changed.awaitNanos(left);
            }
            return !news && idle;
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
        long next = ledger.delivered(CONSUMER);
        try {
            while (awaitNews()) {
                List<Entry> page = ledger.from(next, PAGE);
                while (!page.isEmpty() && !closed) {
                    next = handle(page);
                    page = ledger.from(next, PAGE);
                }
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

    private boolean awaitNews() throws InterruptedException {
        lock.lock();
        try {
            idle = true;
            changed.signalAll();
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

    private long handle(List<Entry> page) throws InterruptedException {
        for (Entry entry : page) {
            if (closed) {
                return entry.index();
            }
            Reaction reaction = reactions.get(entry.action());
            if (reaction != null) {
                attempt(reaction, entry);
                ledger.setDelivered(CONSUMER, entry.index() + 1);
            }
        }
        long next = page.getLast().index() + 1;
        ledger.setDelivered(CONSUMER, next);
        return next;
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
