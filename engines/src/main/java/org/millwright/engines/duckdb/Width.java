package org.millwright.engines.duckdb;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.millwright.kernel.Problem;

/** Says where a CSV file is not a table: an empty file, a name twice, a row of another width, a quote that stays open. */
final class Width {
    private static final String WHOLE = "Quote fields that hold the delimiter or line breaks (RFC 4180).";

    private static final int END = -1;
    private static final int EMPTY = 0;

    private final String file;
    private final BufferedReader reader;
    private final char delimiter;
    private long line = 1;

    private Width(String file, BufferedReader reader, char delimiter) {
        this.file = file;
        this.reader = reader;
        this.delimiter = delimiter;
    }

    /** Refuses a file without a header, or whose header has a name twice. */
    static void check(Path csv, String header, List<String> names) {
        if (header.isBlank()) {
            throw new Problem.Invalid(
                    csv.getFileName() + " has no header (expected: names of columns in the first line)",
                    "Write the table again, with its header.");
        }
        boolean whole = header.chars().filter(c -> c == '"').count() % 2 == 0;
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            if (whole && !name.isBlank() && !seen.add(name)) {
                throw new Problem.Invalid(
                        csv.getFileName() + " has column '" + name + "' twice (expected: each name once)",
                        "Rename one of them in the header.");
            }
        }
    }

    /** Throws for the first row that is wider or narrower than the header; nothing when all are alike. */
    static void find(Path csv, char delimiter) {
        String file = String.valueOf(csv.getFileName());
        try (BufferedReader reader = Files.newBufferedReader(csv)) {
            new Width(file, reader, delimiter).find();
        } catch (MalformedInputException e) {
            throw Source.notUtf8(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void find() throws IOException {
        int wanted = row();
        int fields = wanted;
        for (long began = line; fields != END; began = line) {
            fields = row();
            if (fields > EMPTY && fields != wanted) {
                throw new Problem.Invalid(
                        file + ", line " + began + ": " + fields + (fields == 1 ? " field" : " fields") + " (expected: "
                                + wanted + ", as in the header)",
                        WHOLE);
            }
        }
    }

    /** Reads one row and tells how many fields it has. */
    private int row() throws IOException {
        long began = line;
        int fields = 1;
        boolean quoted = false;
        boolean empty = true;
        int c = reader.read();
        int first = c;
        for (; c >= 0 && (c != '\n' || quoted); c = reader.read()) {
            empty &= c == '\r';
            line += c == '\n' ? 1 : 0;
            quoted ^= c == '"';
            fields += c == delimiter && !quoted ? 1 : 0;
        }
        line++;
        if (quoted) {
            throw new Problem.Invalid(file + ": a quote in the row from line " + began + " on is never closed", WHOLE);
        }
        return first < 0 ? END : empty ? EMPTY : fields;
    }
}
