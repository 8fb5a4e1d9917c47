package org.millwright.engines.duckdb;

import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Collectors;

/** Names, texts and values as SQL writes them. */
final class Sql {
    private Sql() {}

    static String name(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    static String text(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    static String texts(List<String> texts) {
        return texts.stream().map(Sql::text).collect(Collectors.joining(", "));
    }

    static String number(double value) {
        return "cast(" + text(Double.toString(value)) + " as double)";
    }

    static String parquet(List<Path> files) {
        return "read_parquet(["
                + texts(files.stream().map(Path::toString).toList())
                + "], union_by_name = " + (files.size() > 1) + ")";
    }

    static String copy(String query, Path file) {
        return "copy (" + query + ") to " + text(file.toString()) + " (format parquet, compression zstd)";
    }

    /** A value of a variable. */
    static String value(Object value) {
        return switch (value) {
            case String text -> text(text);
            case Long number -> "cast(" + number + " as bigint)";
            case Integer number -> "cast(" + number + " as bigint)";
            case Double number -> number(number);
            case Boolean truth -> truth.toString();
            case LocalDate date -> "date " + text(date.toString());
            case Instant instant ->
                "cast(" + text(LocalDateTime.ofInstant(instant, ZoneOffset.UTC).toString()) + " as timestamp)";
            default ->
                throw new IllegalArgumentException(
                        "variable of " + value.getClass() + " (expected: text, number, truth, date or time)");
        };
    }
}
