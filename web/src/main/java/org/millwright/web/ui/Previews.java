package org.millwright.web.ui;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.tracking.ArtifactFile;

/** Looks at the beginning of a file and decides by its content how it can be shown. */
final class Previews {
    static final long MAX_IMAGE = 20_000_000;
    static final long MAX_PAGE = 5_000_000;

    private static final int HEAD = 256 * 1024;
    private static final int SHOWN = 100_000;
    private static final int ROWS = 100;
    private static final int COLUMNS = 40;
    private static final int CELL = 200;

    private Previews() {}

    /** @param source whether a page's source is wanted in place of the page */
    static Preview of(ArtifactFile file, InputStream bytes, boolean source) throws IOException {
        if (file.size() == 0) {
            return new Preview.None("The file is empty.");
        }
        byte[] head = bytes.readNBytes(HEAD);
        Optional<String> image = imageType(head);
        if (image.isPresent()) {
            return file.size() <= MAX_IMAGE ? new Preview.Image(image.get()) : tooLarge("picture", MAX_IMAGE);
        }
        String ending = ending(file.name());
        Optional<String> text = text(head, file.size() > head.length);
        if (text.isEmpty()) {
            return new Preview.None("It is not a text, a table or a picture of pixels: download it.");
        }
        boolean whole = file.size() <= head.length;
        return switch (ending) {
            case "html", "htm" ->
                source
                        ? source(text.get(), file.size())
                        : file.size() <= MAX_PAGE ? new Preview.Page() : tooLarge("page", MAX_PAGE);
            case "csv" -> table(text.get(), separator(text.get()), whole);
            case "tsv" -> table(text.get(), '\t', whole);
            case "json" -> source(whole ? pretty(text.get()) : text.get(), file.size());
            default -> source(text.get(), file.size());
        };
    }

    private static Preview tooLarge(String what, long most) {
        return new Preview.None("The " + what + " is larger than " + Text.bytes(most) + ": download it.");
    }

    /** The type of a picture of pixels by its first bytes; SVG is none, because it can hold scripts. */
    static Optional<String> imageType(byte[] head) {
        if (starts(head, 0, 0x89, 'P', 'N', 'G', 0x0d, 0x0a, 0x1a, 0x0a)) {
            return Optional.of("image/png");
        }
        if (starts(head, 0, 0xff, 0xd8, 0xff)) {
            return Optional.of("image/jpeg");
        }
        if (starts(head, 0, 'G', 'I', 'F', '8')) {
            return Optional.of("image/gif");
        }
        return starts(head, 0, 'R', 'I', 'F', 'F') && starts(head, 8, 'W', 'E', 'B', 'P')
                ? Optional.of("image/webp")
                : Optional.empty();
    }

    private static boolean starts(byte[] head, int from, int... magic) {
        if (head.length < from + magic.length) {
            return false;
        }
        for (int i = 0; i < magic.length; i++) {
            if ((head[from + i] & 0xff) != magic[i]) {
                return false;
            }
        }
        return true;
    }

    /** The bytes as UTF-8; empty when they are none. A character that the end cuts is left out. */
    private static Optional<String> text(byte[] head, boolean cut) {
        var decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        var bytes = ByteBuffer.wrap(head);
        var chars = CharBuffer.allocate(head.length);
        try {
            var result = decoder.decode(bytes, chars, !cut);
            if (result.isError()) {
                result.throwException();
            }
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
        String text = chars.flip().toString();
        return text.indexOf('\0') >= 0 ? Optional.empty() : Optional.of(text);
    }

    static String ending(String name) {
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    private static Preview source(String text, long size) {
        return text.length() <= SHOWN && size <= HEAD
                ? new Preview.Source(text, "")
                : new Preview.Source(
                        text.substring(0, Math.min(SHOWN, text.length())),
                        "This is the beginning; the file has " + Text.bytes(size) + ".");
    }

    private static String pretty(String text) {
        try {
            return Json.parse(text).toPrettyString();
        } catch (Problem.Invalid e) {
            return text;
        }
    }

    private static char separator(String text) {
        String first = text.lines().findFirst().orElse("");
        return !first.contains(",") && first.contains(";") ? ';' : ',';
    }

    private static Preview table(String text, char separator, boolean whole) {
        var reader = new Fields(text, separator);
        List<String> head = reader.next();
        var rows = new ArrayList<List<String>>();
        while (reader.hasNext() && rows.size() < ROWS) {
            rows.add(cut(reader.next()));
        }
        var rest = new ArrayList<String>();
        if (reader.hasNext() || !whole) {
            rest.add("the first " + rows.size() + " rows");
        }
        if (head.size() > COLUMNS) {
            rest.add("the first " + COLUMNS + " of " + head.size() + " columns");
        }
        return new Preview.Table(
                cut(head), rows, rest.isEmpty() ? "" : "Shown are " + String.join(" and ", rest) + ".");
    }

    private static List<String> cut(List<String> row) {
        return row.stream().limit(COLUMNS).map(cell -> Text.cut(cell, CELL)).toList();
    }

    /** Reads a table's rows, whose fields may be quoted. */
    private static final class Fields {
        private final String text;
        private final char separator;
        private int at;

        Fields(String text, char separator) {
            this.text = text;
            this.separator = separator;
            this.at = text.startsWith("\ufeff") ? 1 : 0;
        }

        boolean hasNext() {
            return at < text.length();
        }

        List<String> next() {
            var row = new ArrayList<String>();
            while (true) {
                row.add(field());
                char end = at < text.length() ? text.charAt(at++) : '\n';
                if (end == '\r' && at < text.length() && text.charAt(at) == '\n') {
                    at++;
                }
                if (end != separator) {
                    return row;
                }
            }
        }

        private String field() {
            var field = new StringBuilder();
            boolean quoted = at < text.length() && text.charAt(at) == '"';
            at += quoted ? 1 : 0;
            while (at < text.length()) {
                char c = text.charAt(at);
                if (quoted && c == '"') {
                    if (at + 1 < text.length() && text.charAt(at + 1) == '"') {
                        field.append('"');
                        at += 2;
                        continue;
                    }
                    quoted = false;
                    at++;
                    continue;
                }
                if (!quoted && (c == separator || c == '\n' || c == '\r')) {
                    break;
                }
                field.append(c);
                at++;
            }
            return field.toString();
        }
    }
}
