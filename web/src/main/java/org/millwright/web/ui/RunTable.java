package org.millwright.web.ui;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.millwright.tracking.Run;
import org.millwright.tracking.RunTables;

/**
 * A page of a table of runs.
 *
 * @param state what is shown, with its columns named
 * @param total how many there are, counted up to {@link #MOST}; -1 when that is told later
 * @param error what is wrong with the filter or the order; "" when they are right
 */
public record RunTable(
        TableState state, List<Head> heads, List<Row> rows, boolean more, int total, String error, String mend) {
    /** So many runs are counted. */
    public static final int MOST = 1_000_000;

    /**
     * A column's head.
     *
     * @param href the same table sorted by it
     * @param sorted 1 ascending, -1 descending, 0 not
     * @param best the best value of the whole table and the run that has it
     */
    public record Head(
            Column column,
            String href,
            int sorted,
            Direction direction,
            Optional<RunTables.Best> best,
            boolean number) {
        public String aria() {
            return sorted > 0 ? "ascending" : sorted < 0 ? "descending" : "none";
        }

        public String hint() {
            return column.what() + " " + column.key() + (direction.isKnown() ? ": " + direction.text() : "");
        }
    }

    /** A run's row; {@code nth} counts from 0 over all pages. */
    public record Row(int nth, Run run, List<Column.Cell> cells, List<Released.Version> versions) {
        public String href() {
            return Links.run(run);
        }

        public String took(long now) {
            return run.endTime()
                    .or(() -> run.deleted() || run.status().isTerminal() ? Optional.empty() : Optional.of(now))
                    .filter(end -> run.startTime() > 0)
                    .map(end -> Text.duration(Math.max(0, end - run.startTime())))
                    .orElse("");
        }
    }

    /** Where a fixed column sorts to, and how it is sorted now. */
    public Head fixed(String field) {
        int sorted = state.sorted(field);
        String next = sorted < 0 ? field + " ASC" : sorted > 0 ? "" : field + " DESC";
        return new Head(
                new Column(Column.Kind.TAG, field),
                state.withOrder(next).href(),
                sorted,
                Direction.UNKNOWN,
                Optional.empty(),
                false);
    }

    /** The metric to speak of: the one that the table is sorted by, else the first whose best value is known. */
    public Optional<Head> lead() {
        return heads.stream()
                .filter(head -> head.best().isPresent())
                .min(Comparator.comparing(head -> head.sorted() == 0));
    }

    public String previous() {
        return state.at(Math.max(0, state.offset() - state.limit())).href();
    }

    public String next() {
        return state.at(state.offset() + state.limit()).href();
    }

    public int last() {
        return state.offset() + rows.size();
    }
}
