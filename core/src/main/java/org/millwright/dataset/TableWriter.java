package org.millwright.dataset;

import org.millwright.scoring.Frame;

/** Collects frames of the same columns; {@link #finish()} makes the file visible, closing without it leaves nothing. */
public interface TableWriter extends AutoCloseable {
    void append(Frame frame);

    /** Writes the file; returns the number of rows. */
    long finish();

    @Override
    void close();
}
