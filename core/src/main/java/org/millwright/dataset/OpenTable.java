package org.millwright.dataset;

import java.util.List;
import org.millwright.scoring.Frame;
import org.millwright.scoring.profile.ColumnCounts;

/** A file of rows that is open to be read by whole columns. For one thread at a time. */
public interface OpenTable extends AutoCloseable {
    List<Column> columns();

    long rows();

    /** How often each value of a column occurs. */
    ColumnCounts count(String column);

    /** All rows of these columns, in the file's order. */
    Frame read(List<String> columns);

    /** At most so many rows of these columns, drawn at random with a fixed seed. */
    Frame sample(List<String> columns, int rows);

    @Override
    void close();
}
