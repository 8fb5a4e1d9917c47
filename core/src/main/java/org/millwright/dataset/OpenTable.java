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

    @Override
    void close();
}
