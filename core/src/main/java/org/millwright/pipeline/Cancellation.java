package org.millwright.pipeline;

import java.util.ArrayList;
import java.util.List;

/** A wish to stop, given once from any thread and heard by whoever does the work. */
public final class Cancellation {
    private final List<Runnable> listeners = new ArrayList<>();
    private boolean cancelled;

    /** Asks to stop; later calls change nothing. */
    public void cancel() {
        List<Runnable> heard;
        synchronized (this) {
            if (cancelled) {
                return;
            }
            cancelled = true;
            heard = List.copyOf(listeners);
            listeners.clear();
        }
        heard.forEach(Runnable::run);
    }

    public synchronized boolean isCancelled() {
        return cancelled;
    }

    /** Runs the action on cancel, at once when that has happened already; close to stop listening. */
    public Listening onCancel(Runnable action) {
        synchronized (this) {
            if (!cancelled) {
                listeners.add(action);
                return () -> forget(action);
            }
        }
        action.run();
        return () -> {};
    }

    private synchronized void forget(Runnable action) {
        listeners.remove(action);
    }

    /** Ends the listening. */
    public interface Listening extends AutoCloseable {
        @Override
        void close();
    }
}
