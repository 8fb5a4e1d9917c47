package org.millwright.engines.duckdb;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.millwright.dataset.Column;
import org.millwright.dataset.ContractTable;
import org.millwright.dataset.LogicalType;
import org.millwright.dataset.TableEngine.Format;
import org.millwright.kernel.Problem;

/**
 * Data as it came in (table {@code source}, with the row number {@code mw:row} from 1) and in the types of its contract
 * (view {@code checked}, where {@code raw:x} is what column {@code x} was).
 */
final class Source {
    static final String ROW = Sql.name("mw:row");

    private static final Pattern SCALAR = Pattern.compile(
            "(TINYINT|SMALLINT|INTEGER|INT|BIGINT|HUGEINT|UTINYINT|USMALLINT|UINTEGER|UBIGINT|DOUBLE|FLOAT|REAL|BOOLEAN"
                    + "|BOOL|DATE|TIME|TIMESTAMP|TIMESTAMPTZ|(DECIMAL|NUMERIC)\\(\\d{1,2}, ?\\d{1,2}\\))");
    private static final Pattern TEXT = Pattern.compile("(VARCHAR|TEXT|STRING|CHAR)(\\(\\d+\\))?");
    private static final Set<String> WHOLE = Set.of(
            "TINYINT",
            "SMALLINT",
            "INTEGER",
            "INT",
            "BIGINT",
            "HUGEINT",
            "UTINYINT",
            "USMALLINT",
            "UINTEGER",
            "UBIGINT");

    private static final List<String> INFINITE = List.of(
            "inf", "-inf", "+inf", "Inf", "-Inf", "INF", "-INF", "infinity", "-infinity", "Infinity", "-Infinity");

    private final List<Column> given;
    private final List<Column> typed;
    private final List<String> absent;
    private final List<String> unknown;
    private final Map<String, String> original;

    private Source(
            List<Column> given,
            List<Column> typed,
            List<String> absent,
            List<String> unknown,
            Map<String, String> original) {
        this.given = given;
        this.typed = typed;
        this.absent = absent;
        this.unknown = unknown;
        this.original = original;
    }

    /** Loads the file. */
    static Source load(Duck duck, Path file, Format format, Optional<ContractTable> contract) throws SQLException {
        String read = format == Format.PARQUET ? Sql.parquet(List.of(file)) : csv(file, contract);
        read(duck, "create table source as select row_number() over () as " + ROW + ", * from " + read);
        List<Column> given = describe(duck, "select * exclude (" + ROW + ") from source");
        return contract.map(table -> typed(given, table))
                .orElseGet(() -> untyped(given))
                .view(duck);
    }

    /** Writes a CSV file as Parquet, its types guessed from all rows. Infinite numbers are missing, as nothing is made of them. */
    static void convert(Duck duck, Path csv, List<String> missing, Path parquet) throws SQLException {
        String header = firstLine(csv);
        Width.check(csv, header, split(header, delimiter(header)));
        List<String> nulls =
                Stream.concat(missing.stream(), INFINITE.stream()).distinct().toList();
        try {
            read(duck, Sql.copy("select * from " + guessed(csv, nulls), parquet));
        } catch (SQLException e) {
            Width.find(csv, delimiter(header).charAt(0));
            throw e;
        }
    }

    private static void read(Duck duck, String sql) throws SQLException {
        try {
            duck.execute(sql);
        } catch (SQLException e) {
            throw brief(e);
        }
    }

    /** The same without what the engine says of its own query and its search. */
    static SQLException brief(SQLException e) {
        if (String.valueOf(e.getMessage()).contains("No magic bytes")
                || String.valueOf(e.getMessage()).contains("too small to be a Parquet")) {
            return new SQLException(
                    "it is no whole Parquet file: it does not begin and end as one (expected: PAR1)", e);
        }
        return new SQLException(
                String.valueOf(e.getMessage())
                        .replaceFirst("(?s)\n+(Possible |LINE 1:|The search space).*", "")
                        .strip(),
                e);
    }

    /** Columns as they came in. */
    List<Column> given() {
        return given;
    }

    /** Columns as they are kept: those of the contract that are there, in its order, then the others. */
    List<Column> kept() {
        return typed.stream().filter(column -> !absent.contains(column.name())).toList();
    }

    /** Columns of the contract that are not there. */
    List<String> absent() {
        return absent;
    }

    /** Columns that the contract does not know. */
    List<String> unknown() {
        return unknown;
    }

    String type(String column) {
        return typed.stream()
                .filter(candidate -> candidate.name().equals(column))
                .findFirst()
                .map(Column::type)
                .orElse("VARCHAR");
    }

    /** The type that the column came in. */
    String originalType(String column) {
        return original.getOrDefault(column, type(column));
    }

    static boolean isWhole(String type) {
        return WHOLE.contains(type);
    }

    static List<Column> describe(Duck duck, String query) throws SQLException {
        return duck.query("describe " + query, row -> new Column(row.getString(1), row.getString(2)));
    }

    /** Reads a CSV file as RFC 4180 has it, with the delimiter of its first line: a row of another width is an error. */
    private static String csv(Path file, Optional<ContractTable> contract) {
        if (contract.isEmpty()) {
            return guessed(file, List.of());
        }
        String header = firstLine(file);
        String delimiter = delimiter(header);
        String columns = split(header, delimiter).stream()
                .map(name -> Sql.text(name) + ": 'VARCHAR'")
                .collect(Collectors.joining(", "));
        return common(file, delimiter, contract.get().missing()) + ", auto_detect = false, columns = {" + columns
                + "})";
    }

    private static String guessed(Path file, List<String> missing) {
        return common(file, delimiter(firstLine(file)), missing) + ", sample_size = -1)";
    }

    private static String common(Path file, String delimiter, List<String> missing) {
        var nulls = new ArrayList<>(List.of(""));
        nulls.addAll(missing);
        return "read_csv(" + Sql.text(file.toString()) + ", header = true, skip = 0, quote = '\"', escape = '\"'"
                + ", strict_mode = true, delim = " + Sql.text(delimiter) + ", nullstr = [" + Sql.texts(nulls) + "]";
    }

    private static String firstLine(Path file) {
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            return Objects.requireNonNullElse(reader.readLine(), "").replaceFirst("^\uFEFF", "");
        } catch (MalformedInputException e) {
            throw notUtf8(String.valueOf(file.getFileName()));
        } catch (AccessDeniedException e) {
            throw new Problem.Invalid(file.getFileName() + " may not be read by this user", "Look at its permissions.");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Problem notUtf8(String file) {
        return new Problem.Invalid(
                file + " is not UTF-8 text",
                "Convert it, naming its encoding: iconv -f LATIN1 -t UTF-8 (or -f UTF-16)");
    }

    private static String delimiter(String header) {
        String bare = header.replaceAll("\"[^\"]*\"", "");
        return Stream.of(",", ";", "\t", "|")
                .max(Comparator.comparingLong(candidate ->
                        bare.chars().filter(c -> c == candidate.charAt(0)).count()))
                .orElse(",");
    }

    /** The names in a header; quotes around a name go, doubled ones inside become one. */
    private static List<String> split(String header, String delimiter) {
        var names = new ArrayList<String>();
        var name = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < header.length(); i++) {
            char c = header.charAt(i);
            if (c == '"' && quoted && i + 1 < header.length() && header.charAt(i + 1) == '"') {
                name.append(c);
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == delimiter.charAt(0) && !quoted) {
                names.add(name.toString());
                name.setLength(0);
            } else {
                name.append(c);
            }
        }
        names.add(name.toString());
        return names;
    }

    private static Source untyped(List<Column> given) {
        return new Source(given, given, List.of(), List.of(), Map.of());
    }

    private static Source typed(List<Column> given, ContractTable contract) {
        var left = new LinkedHashMap<String, Column>();
        given.forEach(column -> left.put(column.name(), column));
        var typed = new ArrayList<Column>();
        var absent = new ArrayList<String>();
        var original = new LinkedHashMap<String, String>();
        for (ContractTable.Column promised : contract.columns()) {
            Column came = left.remove(promised.name());
            if (came == null) {
                absent.add(promised.name());
                typed.add(new Column(promised.name(), type(promised, "VARCHAR")));
            } else {
                typed.add(new Column(promised.name(), type(promised, came.type())));
                original.put(promised.name(), came.type());
            }
        }
        typed.addAll(left.values());
        return new Source(given, typed, absent, List.copyOf(left.keySet()), original);
    }

    private static String type(ContractTable.Column promised, String came) {
        String physical = promised.physicalType().toUpperCase(Locale.ROOT).strip();
        if (TEXT.matcher(physical).matches()) {
            return "VARCHAR";
        }
        if (SCALAR.matcher(physical).matches()) {
            return physical;
        }
        return byLogicalType(promised.type(), came);
    }

    private static String byLogicalType(LogicalType type, String came) {
        return switch (type) {
            case STRING -> "VARCHAR";
            case DATE -> "DATE";
            case TIMESTAMP -> "TIMESTAMP";
            case TIME -> "TIME";
            case NUMBER -> "DOUBLE";
            case INTEGER -> "BIGINT";
            case BOOLEAN -> "BOOLEAN";
            case OBJECT, ARRAY -> came;
        };
    }

    private Source view(Duck duck) throws SQLException {
        var select = new ArrayList<String>();
        select.add(ROW);
        for (Column column : typed) {
            String name = Sql.name(column.name());
            if (absent.contains(column.name())) {
                select.add("cast(null as " + column.type() + ") as " + name);
            } else if (original.containsKey(column.name())
                    && !original.get(column.name()).equals(column.type())) {
                select.add("try_cast(" + name + " as " + column.type() + ") as " + name);
                select.add(name + " as " + Sql.name("raw:" + column.name()));
            } else {
                select.add(name);
            }
        }
        duck.execute("create view checked as select " + String.join(", ", select) + " from source");
        return this;
    }
}
