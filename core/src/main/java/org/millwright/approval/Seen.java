package org.millwright.approval;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

/** What an approver was shown, as one short digest a part: a later look tells which parts are not the same any more. */
record Seen(Map<String, String> parts) {
    private static final int LENGTH = 16;
    private static final int LONGEST = 2_000;

    Seen {
        parts = java.util.Collections.unmodifiableMap(new TreeMap<>(parts));
    }

    static Seen of(Map<String, ?> parts) {
        var digests = new TreeMap<String, String>();
        parts.forEach((name, part) ->
                digests.put(name, Json.digest(Map.of(name, part)).substring(0, LENGTH)));
        return new Seen(digests);
    }

    static Seen parse(String text) {
        var parts = new TreeMap<String, String>();
        for (String part : text.length() > LONGEST ? new String[0] : text.split(",")) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                parts.put(part.substring(0, equals), part.substring(equals + 1));
            }
        }
        if (parts.isEmpty()) {
            throw new Problem.Invalid("seen: this is nothing that an inbox showed", "mw inbox -o json shows it.");
        }
        return new Seen(parts);
    }

    /** Names of the parts that differ. */
    List<String> changes(Seen now) {
        var names = new TreeSet<>(parts.keySet());
        names.addAll(now.parts.keySet());
        var changed = new ArrayList<String>();
        for (String name : names) {
            if (!parts.getOrDefault(name, "").equals(now.parts.getOrDefault(name, ""))) {
                changed.add(name);
            }
        }
        return changed;
    }

    void requireSame(String ref, Seen now) {
        List<String> changed = changes(now);
        if (!changed.isEmpty()) {
            throw new Problem.Conflict(
                    ref + " changed since you looked (" + String.join(", ", changed) + "): nothing was decided",
                    "Open the inbox and read it again: mw inbox");
        }
    }

    String text() {
        return parts.entrySet().stream()
                .map(part -> part.getKey() + "=" + part.getValue())
                .collect(Collectors.joining(","));
    }
}
