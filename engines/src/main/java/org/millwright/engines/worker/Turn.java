package org.millwright.engines.worker;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.Frame;
import org.millwright.scoring.Vector;

/** A request that waits for a process, or for the answer of a call that takes its rows along; guarded by the pool's lock. */
final class Turn {
    /** Larger requests are calls enough of their own. */
    private static final int SMALL = 64;

    private final Frame rows;
    private final ByteBuffer request;
    private boolean alone;
    private boolean taken;
    private @Nullable Frame answer;

    /** @param alone whether it may never share a call */
    Turn(Frame rows, ByteBuffer request, boolean alone) {
        this.rows = rows;
        this.request = request;
        this.alone = alone || rows.rows() > SMALL || lacksWholeNumbers(rows);
    }

    /** Python has other types for such columns, and rows beside these would get them too. */
    private static boolean lacksWholeNumbers(Frame rows) {
        for (int i = 0; i < rows.width(); i++) {
            Vector column = rows.column(i);
            if (column instanceof Vector.Longs || column instanceof Vector.Booleans) {
                for (int row = 0; row < rows.rows(); row++) {
                    if (column.isNull(row)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    Frame rows() {
        return rows;
    }

    /** The message that asks for these rows only, from its beginning. */
    ByteBuffer request() {
        return request.rewind();
    }

    boolean isAlone() {
        return alone;
    }

    /** Another request's call is asking for these rows. */
    boolean isTaken() {
        return taken;
    }

    void take() {
        taken = true;
    }

    /** The call that took it has no answer for it: it waits again, for a call of its own. */
    void leave() {
        taken = false;
        alone = true;
    }

    void answer(Frame given) {
        taken = false;
        answer = given;
    }

    @Nullable
    Frame answer() {
        return answer;
    }
}
