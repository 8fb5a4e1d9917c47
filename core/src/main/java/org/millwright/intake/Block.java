package org.millwright.intake;

import java.util.Arrays;
import org.millwright.scoring.FrameBlock;
import org.millwright.serving.Scored;

/** Answered rows of one version that wait to be profiled, with what is known of each request. */
final class Block {
    private static final int PREDICTION = 0;
    private static final int TIME = 1;
    private static final int AT = 2;
    private static final int OWN = 3;

    private final String version;
    private final FrameBlock inputs;
    private final String[] ids;
    private int rows;

    /** An empty block for rows like these. */
    Block(Scored like, int capacity, FrameBlock.Texts texts) {
        version = like.version();
        inputs = new FrameBlock(like.inputs(), capacity, OWN, texts);
        ids = new String[capacity];
        Arrays.fill(ids, "");
    }

    int capacity() {
        return inputs.capacity();
    }

    /** Rows of a sealed block. */
    int rows() {
        return rows;
    }

    /** Whether it holds rows of this version and of these columns. */
    boolean fits(Scored scored) {
        return version.equals(scored.version()) && inputs.fits(scored.inputs());
    }

    /** Puts rows that fit in; false when there is not enough room, or no more may come. Safe for many threads. */
    boolean offer(Scored scored) {
        int from = inputs.claim(scored.rows());
        if (from < 0) {
            return false;
        }
        try {
            write(scored, from);
        } finally {
            inputs.written(scored.rows());
        }
        return true;
    }

    private void write(Scored scored, int from) {
        int to = from + scored.rows();
        for (int row = from, i = 0; row < to; row++, i++) {
            inputs.set(row, PREDICTION, Double.doubleToRawLongBits(scored.predictions()[i]));
            inputs.set(row, TIME, scored.times()[i]);
            inputs.set(row, AT, scored.at());
            if (!scored.ids()[i].isEmpty()) {
                ids[row] = scored.ids()[i];
            }
        }
        inputs.write(scored.inputs(), from);
    }

    /** Lets no more rows in, waits for those that are being written, and returns how many there are. */
    int seal() {
        rows = inputs.seal();
        return rows;
    }

    /** Forgets the rows of a sealed block and lets new ones in. */
    void open() {
        Arrays.fill(ids, "");
        inputs.open();
    }

    /** The rows of a sealed block, column by column. */
    Pack pack() {
        var predictions = new double[rows];
        var times = new long[rows];
        var at = new long[rows];
        for (int row = 0; row < rows; row++) {
            predictions[row] = Double.longBitsToDouble(inputs.get(row, PREDICTION));
            times[row] = inputs.get(row, TIME);
            at[row] = inputs.get(row, AT);
        }
        return new Pack(version, inputs.frame(rows), predictions, Arrays.copyOf(ids, rows), times, at);
    }
}
