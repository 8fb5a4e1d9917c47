package org.millwright.scoring.codec;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.DataType;
import org.millwright.scoring.FrameBuilder;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.Signature;

/** Comma-separated values as RFC 4180 writes them. */
final class Csv {
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(\\d{1,400}\\.?\\d{0,400}|\\.\\d{1,400})([eE][+-]?\\d{1,5})?");

    /** What pandas and R write for a missing value. */
    private static final Set<String> MISSING =
            Set.of("", "NA", "N/A", "n/a", "#N/A", "<NA>", "NULL", "null", "None", "NaN", "nan");

    private final String text;
    private final List<List<@Nullable String>> lines = new ArrayList<>();
    private int at;

    private Csv(String text) {
        this.text = text;
    }

    /** All lines that are not blank, the header first; an empty unquoted field is null. */
    static List<List<@Nullable String>> parse(byte[] body) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            Csv csv = new Csv(text.startsWith("\uFEFF") ? text.substring(1) : text);
            while (csv.at < csv.text.length()) {
                List<@Nullable String> line = csv.line();
                if (line.size() > 1 || line.get(0) != null) {
                    csv.lines.add(line);
                }
            }
            if (csv.lines.isEmpty()) {
                throw InvalidInput.of("the CSV body is empty: its first line must name the columns");
            }
            return csv.lines;
        } catch (CharacterCodingException e) {
            throw InvalidInput.of("the CSV body is not valid UTF-8");
        }
    }

    private List<@Nullable String> line() {
        List<@Nullable String> fields = new ArrayList<>();
        while (true) {
            fields.add(at < text.length() && text.charAt(at) == '"' ? quoted() : plain());
            if (at >= text.length()) {
                return fields;
            }
            char end = text.charAt(at++);
            if (end == '\r' && at < text.length() && text.charAt(at) == '\n') {
                at++;
            }
            if (end != ',') {
                return fields;
            }
        }
    }

    private @Nullable String plain() {
        int from = at;
        while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return from == at ? null : text.substring(from, at);
    }

    private String quoted() {
        StringBuilder field = new StringBuilder();
        at++;
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '"') {
                field.append(c);
            } else if (at < text.length() && text.charAt(at) == '"') {
                field.append('"');
                at++;
            } else if (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
                break;
            } else {
                return field.toString();
            }
        }
        throw InvalidInput.of("CSV line " + (lines.size() + 1) + ": a quoted field does not end properly");
    }

    /** Whether what a field says is that its value is missing: never in a column of texts, where NA is a code. */
    static boolean isMissing(DataType type, String field) {
        return type != DataType.STRING && MISSING.contains(field.strip());
    }

    /** Adds one field that is not missing, read by the column's type. */
    static void add(FrameBuilder frame, Signature signature, int column, int row, String written) {
        Signature.Column declared = signature.inputs().get(column);
        String field = declared.type() == DataType.STRING ? written : written.strip();
        if (declared.type() == DataType.STRING) {
            frame.addString(column, field);
        } else if (declared.type() == DataType.BOOLEAN
                && (field.equalsIgnoreCase("true") || field.equalsIgnoreCase("false"))) {
            frame.addBoolean(column, field.equalsIgnoreCase("true"));
        } else if (declared.type().isNumeric()) {
            number(frame, declared, column, row, field);
        } else {
            throw InvalidInput.cell(declared.name(), row, declared.type().text(), field);
        }
    }

    private static void number(FrameBuilder frame, Signature.Column declared, int column, int row, String field) {
        try {
            if (declared.type().isIntegral() && field.matches("[+-]?\\d{1,18}")) {
                frame.addLong(column, Long.parseLong(field));
            } else if (NUMBER.matcher(field).matches()) {
                frame.addDouble(column, Double.parseDouble(field));
            } else {
                throw InvalidInput.cell(declared.name(), row, declared.type().text(), field);
            }
        } catch (NumberFormatException e) {
            throw InvalidInput.cell(declared.name(), row, declared.type().text(), field);
        }
    }
}
