package org.millwright.ledger;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.millwright.kernel.Problem;

/**
 * A checkpoint as it was signed (C2SP tlog-checkpoint).
 *
 * @param origin name of the log
 * @param size entries that it signs
 * @param root base64 hash of those entries
 * @param text the whole note with its signatures
 */
public record SignedNote(String origin, long size, String root, String text) {
    private static final int LONGEST = 64 * 1024;

    public static SignedNote parse(String text) {
        List<String> lines = text.lines().limit(4).toList();
        try {
            if (text.length() <= LONGEST
                    && lines.size() == 4
                    && lines.get(3).isEmpty()
                    && Base64.getDecoder().decode(lines.get(2)).length == 32
                    && lines.get(1).matches("0|[1-9][0-9]{0,17}")) {
                return new SignedNote(lines.get(0), Long.parseLong(lines.get(1)), lines.get(2), text);
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new Problem.Invalid("No signed checkpoint: it begins with '"
                + text.substring(0, Math.min(60, text.length())).replaceAll("\\s+", " ")
                + "' (expected: name, size, root, an empty line, signatures)");
    }

    /** The checkpoints of a file to which one after the other was appended; a last one that was cut off is left out. */
    public static List<SignedNote> all(String text) {
        var notes = new ArrayList<SignedNote>();
        var note = new StringBuilder();
        boolean signed = false;
        for (String line : text.lines().toList()) {
            boolean signature = line.startsWith("— ");
            if (signed && !signature) {
                notes.add(parse(note.toString()));
                note.setLength(0);
                signed = false;
            }
            if (note.isEmpty() && line.isBlank()) {
                continue;
            }
            note.append(line).append('\n');
            signed |= signature;
        }
        if (signed) {
            notes.add(parse(note.toString()));
        }
        return notes;
    }
}
