package org.millwright.engines.worker;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.ModelFailure;
import org.millwright.scoring.Overloaded;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a model answers a row to the bit the same whatever rows are beside it. Code of others may do otherwise: it may rank
 * rows, scale them by their mean, or sum in another order. So it is tried with recorded rows before any are joined.
 */
final class Independence {
    private static final Logger LOG = LoggerFactory.getLogger(Independence.class);
    private static final int ROWS = 16;
    private static final int LEAST = 4;
    private static final List<Integer> TOGETHER = List.of(ROWS, 2, 5, 11);
    private static final int TRIES = 3;

    private enum State {
        UNKNOWN,
        TRYING,
        HOLDS,
        DOES_NOT
    }

    private final String model;
    private final Frame recorded;
    private State state;
    private int tries;
    private List<String> names = List.of();
    private List<DataType> types = List.of();

    /** @param recorded rows of the model's signature; without some it is not known to hold */
    Independence(String model, Optional<Frame> recorded) {
        this.model = model;
        this.recorded = recorded.map(rows -> rows.slice(0, Math.min(ROWS, rows.rows())))
                .orElseGet(() -> Frame.of(0).build());
        this.state = this.recorded.rows() < LEAST ? State.DOES_NOT : State.UNKNOWN;
    }

    synchronized boolean holds() {
        return state == State.HOLDS;
    }

    /** Whether somebody should {@link #find} out now; says so to one. */
    synchronized boolean begin() {
        if (state != State.UNKNOWN) {
            return false;
        }
        state = State.TRYING;
        return true;
    }

    /** Finds out. @param model answers rows in a call of their own */
    void find(UnaryOperator<Frame> asked) {
        try {
            boolean same = isSame(asked);
            LOG.debug("{} answers rows {} together as alone", model, same ? "the same" : "not the same");
            end(same ? State.HOLDS : State.DOES_NOT);
        } catch (InvalidInput e) {
            end(State.DOES_NOT);
        } catch (ModelFailure | Overloaded e) {
            boolean again = !(e instanceof ModelFailure failure) || failure.isTemporary();
            end(again && ++tries < TRIES ? State.UNKNOWN : State.DOES_NOT);
        }
    }

    private synchronized void end(State found) {
        state = found;
    }

    private boolean isSame(UnaryOperator<Frame> asked) {
        List<Frame> alone = new ArrayList<>();
        for (int row = 0; row < recorded.rows(); row++) {
            alone.add(asked.apply(recorded.slice(row, row + 1)));
        }
        usual(alone.getFirst());
        if (!alone.stream().allMatch(this::isUsual)) {
            return false;
        }
        for (int size : TOGETHER) {
            for (int from = 0; from < recorded.rows(); from += size) {
                int to = Math.min(recorded.rows(), from + size);
                Frame together = asked.apply(recorded.slice(from, to));
                for (int row = from; row < to; row++) {
                    if (!equal(together, row - from, alone.get(row))) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private synchronized void usual(Frame answer) {
        names = answer.names();
        types = types(answer);
    }

    /** Whether an answer has the columns of the recorded rows' and lacks nothing: what is missing may change others' types. */
    synchronized boolean isUsual(Frame answer) {
        if (!answer.names().equals(names) || !types(answer).equals(types)) {
            return false;
        }
        for (int i = 0; i < answer.width(); i++) {
            for (int row = 0; row < answer.rows(); row++) {
                if (answer.column(i).isNull(row)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static List<DataType> types(Frame frame) {
        List<DataType> types = new ArrayList<>();
        for (int i = 0; i < frame.width(); i++) {
            types.add(frame.type(i));
        }
        return types;
    }

    private boolean equal(Frame together, int row, Frame alone) {
        boolean same = isUsual(together);
        for (int i = 0; same && i < alone.width(); i++) {
            @Nullable Object one = alone.value(i, 0);
            // Double.equals compares bits: -0.0 is not 0.0.
            same = Objects.equals(one, together.value(i, row));
        }
        return same;
    }
}
