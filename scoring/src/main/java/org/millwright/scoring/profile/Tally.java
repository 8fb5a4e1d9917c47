package org.millwright.scoring.profile;

import java.util.Map;
import java.util.TreeMap;

/**
 * Counts of categories.
 *
 * @param keys ascending, each once
 * @param counts how often each occurs
 */
record Tally(String[] keys, long[] counts) {
    static final Tally NONE = new Tally(new String[0], new long[0]);

    static Tally of(Map<String, Long> counted) {
        Map<String, Long> sorted = new TreeMap<>(counted);
        return new Tally(
                sorted.keySet().toArray(String[]::new),
                sorted.values().stream().mapToLong(Long::longValue).toArray());
    }

    int size() {
        return keys.length;
    }

    boolean isAscending() {
        for (int i = 1; i < keys.length; i++) {
            if (keys[i - 1].compareTo(keys[i]) >= 0) {
                return false;
            }
        }
        return true;
    }
}
