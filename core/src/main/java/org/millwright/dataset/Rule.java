package org.millwright.dataset;

import java.time.Duration;
import java.util.List;

/**
 * One promise of a contract about a table.
 *
 * @param id unique in the table, such as {@code distance.range} or {@code rowCount}
 * @param line where the contract states it
 */
public record Rule(String id, Check check, Threshold threshold, Severity severity, String description, int line) {

    /** What is counted or measured; the threshold says what the number must be. */
    public sealed interface Check {}

    /** Checks that each row passes or fails by itself; the number is how many fail. A missing value breaks only {@link NotNull}. */
    public sealed interface RowCheck extends Check {
        String column();
    }

    public record NotNull(String column) implements RowCheck {}

    /** The value can be read as the column's type. */
    public record HasType(String column) implements RowCheck {}

    /** The value is neither missing nor one of the words that stand for missing. */
    public record NotMissing(String column, List<String> words) implements RowCheck {
        public NotMissing {
            words = List.copyOf(words);
        }
    }

    /** An end that is "" is open; numbers as numbers, dates and times in ISO form. */
    public record InRange(String column, String low, boolean lowOpen, String high, boolean highOpen)
            implements RowCheck {}

    public record MultipleOf(String column, double step) implements RowCheck {}

    /** The length of a text in characters; {@code max} below 0 means no limit. */
    public record HasLength(String column, int min, int max) implements RowCheck {}

    /** The pattern (RE2) is found in the text. */
    public record Matches(String column, String pattern) implements RowCheck {}

    public record OneOf(String column, List<String> values) implements RowCheck {
        public OneOf {
            values = List.copyOf(values);
        }
    }

    /** The number of rows beyond the first with the same values in these columns; rows with a missing one don't count. */
    public record Unique(List<String> columns) implements Check {
        public Unique {
            columns = List.copyOf(columns);
        }
    }

    /** The number of rows. */
    public record RowCount() implements Check {}

    /** The number of the contract's columns that the data does not have. */
    public record HasColumns() implements Check {}

    /** The number of the data's columns that the contract does not know. */
    public record OnlyColumns() implements Check {}

    /** The age of the newest value in seconds, against the end of the period or today. */
    public record Fresh(String column, Duration oldest) implements Check {}

    /** The number that a query gives; {@code ${table}} stands for the table. */
    public record Sql(String query) implements Check {}

    /** A check for another engine, which is reported as not run. */
    public record Foreign(String engine) implements Check {}
}
