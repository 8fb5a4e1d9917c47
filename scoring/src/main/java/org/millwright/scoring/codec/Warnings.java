package org.millwright.scoring.codec;

import java.util.BitSet;
import java.util.List;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.Signature;

/** What a caller should know of a request that is answered all the same, alike in every protocol. */
final class Warnings {
    /** Names in a warning: it travels in a header, and proxies take few kilobytes. */
    static final int SHOWN = 20;

    private Warnings() {}

    static void add(List<String> warnings, String what, List<String> names) {
        if (!names.isEmpty()) {
            String shown = String.join(", ", names.subList(0, Math.min(names.size(), SHOWN)));
            warnings.add(what + ": " + shown + (names.size() > SHOWN ? ", and more" : ""));
        }
    }

    /** @param columns those in which values are missing, by their position */
    static void addMissing(List<String> warnings, Signature signature, BitSet columns) {
        if (!columns.isEmpty()) {
            List<String> names = columns.stream()
                    .mapToObj(column -> InvalidInput.shorten(signature.names().get(column)))
                    .toList();
            add(warnings, "missing values in", names);
        }
    }
}
