package org.millwright.turn;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does the same again and again on a thread of its own; what fails is logged and tried again at the next turn. */
public final class Turns implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Turns.class);

    private final String what;
    private final Duration pause;
    private final Runnable turn;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * @param what names the thread and what failed, such as {@code deadlines}
     * @param pause from the end of a turn to the next one
     */
    public Turns(String what, Duration pause, Runnable turn) {
        this.what = what;
        this.pause = pause;
        this.turn = turn;
        this.thread = Thread.ofVirtual().name(what).unstarted(this::loop);
    }

    /** Begins with a turn. */
    public void start() {
        thread.start();
    }

    private void loop() {
        while (!closed) {
            try {
                turn.run();
            } catch (RuntimeException e) {
                LOG.warn("Looking at {} failed; it will be tried again", what, e);
            }
            LockSupport.parkNanos(this, pause.toNanos());
        }
    }

    /** No further turn begins; one that is under way goes on. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
