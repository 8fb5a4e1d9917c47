package org.millwright.web.ui;

import java.util.List;

/** What a page shows of a file without giving it any power over the page. */
public sealed interface Preview {
    /** A picture of pixels; {@code type} was told by its first bytes. */
    record Image(String type) implements Preview {}

    /** A page that somebody uploaded, for a frame in which nothing runs. */
    record Page() implements Preview {}

    /** The first rows of a table; {@code rest} says what is left out. */
    record Table(List<String> head, List<List<String>> rows, String rest) implements Preview {
        /** Whether every cell of a column that holds something holds a number. */
        public boolean isNumber(int column) {
            return rows.stream()
                    .filter(row -> column < row.size() && !row.get(column).isEmpty())
                    .allMatch(row -> Column.isNumber(row.get(column)));
        }
    }

    /** The beginning of a text. */
    record Source(String text, String rest) implements Preview {}

    /** Nothing, and why. */
    record None(String why) implements Preview {}
}
