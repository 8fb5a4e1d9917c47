package org.millwright.scoring;

import org.jspecify.annotations.Nullable;

/** The caller's data does not fit the model's signature or the wire format: a client's fault. */
public final class InvalidInput extends RuntimeException {
    private static final int SHOWN = 60;

    private final @Nullable String column;
    private final int row;

    private InvalidInput(String message, @Nullable String column, int row) {
        super(message);
        this.column = column;
        this.row = row;
    }

    public static InvalidInput of(String message) {
        return new InvalidInput(message, null, -1);
    }

    /** One cell that does not fit. {@code got} is shortened; the row's other values are never shown. */
    public static InvalidInput cell(String column, int row, String expected, @Nullable Object got) {
        String message =
                "column '" + shorten(column) + "', row " + row + ": expected " + expected + ", got " + describe(got);
        return new InvalidInput(message, column, row);
    }

    /** A whole column that does not fit. */
    public static InvalidInput column(String column, String message) {
        return new InvalidInput("column '" + shorten(column) + "': " + message, column, -1);
    }

    /** The column at fault, or null when the fault is not in one column. */
    public @Nullable String column() {
        return column;
    }

    /** The zero-based row at fault, or -1. */
    public int row() {
        return row;
    }

    /** The text cut to a length fit for a message, with control characters replaced. */
    public static String shorten(String text) {
        String cut = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
        return cut.replaceAll("\\p{Cntrl}", "?");
    }

    private static String describe(@Nullable Object got) {
        if (got == null) {
            return "null";
        }
        if (got instanceof String text) {
            return "string \"" + shorten(text) + "\"";
        }
        return shorten(got.toString());
    }
}
