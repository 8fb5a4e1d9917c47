package org.millwright.engines.worker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.millwright.scoring.Frame;

/**
 * Requests that wait for a process of a model, and which of them share a call: those that wait already when a process becomes
 * free. None waits for others to come. Guarded by the pool's lock.
 */
final class Joins {
    private static final int MOST_ROWS = 256;

    /** Calls that are not joined after one that could not answer all: what is wrong with one row would cost each twice. */
    private static final int PAUSE = 64;

    private final Deque<Turn> waiting = new ArrayDeque<>();
    private final CallCosts costs = new CallCosts();
    private final Independence independence;
    private int pause;

    Joins(Independence independence) {
        this.independence = independence;
    }

    void add(Turn turn) {
        waiting.addLast(turn);
    }

    void remove(Turn turn) {
        waiting.remove(turn);
    }

    /** Requests that wait for a process now. */
    int waiting() {
        return waiting.size();
    }

    /** The requests that share the call of the first, which comes first; they wait no more. */
    List<Turn> with(Turn first) {
        waiting.remove(first);
        var turns = new ArrayList<Turn>(List.of(first));
        if (first.isAlone() || pause > 0 || !independence.holds() || !costs.pays()) {
            pause = Math.max(0, pause - 1);
            return turns;
        }
        int left = costs.mostRows(MOST_ROWS) - first.rows().rows();
        for (Iterator<Turn> others = waiting.iterator(); others.hasNext() && left > 0; ) {
            Turn other = others.next();
            if (!other.isAlone() && other.rows().rows() <= left) {
                left -= other.rows().rows();
                other.take();
                turns.add(other);
                others.remove();
            }
        }
        return turns;
    }

    void cost(int rows, int requests, long nanos) {
        costs.add(rows, requests, nanos);
    }

    /** Gives each its part of what a shared call answered, or lets each have a call of its own. */
    void end(List<Turn> turns, Optional<Frame> answered) {
        Optional<Frame> answer = answered.filter(independence::isUsual);
        int from = 0;
        for (Turn turn : turns) {
            int to = from + turn.rows().rows();
            if (answer.isPresent()) {
                turn.answer(answer.get().slice(from, to));
            } else {
                turn.leave();
            }
            from = to;
        }
        if (answer.isEmpty()) {
            pause = PAUSE;
        }
    }
}
