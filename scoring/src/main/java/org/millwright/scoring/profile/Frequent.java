package org.millwright.scoring.profile;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts of categories: exact for up to 1,000 of them, afterwards the most frequent ones (Misra and Gries), each too
 * low by at most {@link #error}. Memory is bounded, merges lose no guarantee.
 */
final class Frequent {
    /** Categories counted at once. */
    static final int LIMIT = 1_000;

    private final Map<String, long[]> counters;
    private long error;

    /** In the keys' order as long as none came or went: a reference is compared with many windows. */
    private @Nullable Sorted known;

    /** @param counters those of {@link #counters}, which go on counting */
    private record Sorted(String[] keys, long[][] counters) {}

    Frequent() {
        this(new HashMap<>());
    }

    private Frequent(Map<String, long[]> counters) {
        this.counters = counters;
    }

    /** Counts; returns whether the category was not counted before or was dropped since. */
    boolean add(String key, long times) {
        long[] counter = counters.get(key);
        if (counter != null) {
            counter[0] += times;
            return false;
        }
        counters.put(key, new long[] {times});
        known = null;
        if (counters.size() > 2 * LIMIT || (error == 0 && counters.size() > LIMIT)) {
            shrink();
        }
        return true;
    }

    void merge(Frequent other) {
        other.counters.forEach((key, counter) -> {
            long[] mine = counters.get(key);
            if (mine == null) {
                counters.put(key, counter.clone());
            } else {
                mine[0] += counter[0];
            }
        });
        known = null;
        error += other.error;
        if (counters.size() > 2 * LIMIT || (error == 0 && counters.size() > LIMIT)) {
            shrink();
        }
    }

    /** Takes the count of the first that does not fit from all, and drops those that had no more. */
    private void shrink() {
        long[] sorted =
                counters.values().stream().mapToLong(counter -> counter[0]).toArray();
        Arrays.sort(sorted);
        long cut = sorted[sorted.length - LIMIT - 1];
        known = null;
        error += cut;
        counters.values().removeIf(counter -> {
            counter[0] -= cut;
            return counter[0] <= 0;
        });
    }

    /** The most that any count is too low by; 0 while all are exact. */
    long error() {
        return error;
    }

    /** Number of categories counted. */
    int size() {
        return counters.size();
    }

    /** Sorted by category. */
    Map<String, Long> counts() {
        Sorted sorted = sorted();
        Map<String, Long> counts = new LinkedHashMap<>();
        for (int i = 0; i < sorted.keys.length; i++) {
            counts.put(sorted.keys[i], sorted.counters[i][0]);
        }
        return counts;
    }

    /** The same as arrays. */
    Tally tally() {
        Sorted sorted = sorted();
        long[] counts = new long[sorted.keys.length];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = sorted.counters[i][0];
        }
        return new Tally(sorted.keys, counts);
    }

    private Sorted sorted() {
        Sorted sorted = known;
        if (sorted == null) {
            String[] keys = counters.keySet().toArray(String[]::new);
            Arrays.sort(keys);
            long[][] ordered = new long[keys.length][];
            Arrays.setAll(ordered, i -> counters.get(keys[i]));
            sorted = new Sorted(keys, ordered);
            known = sorted;
        }
        return sorted;
    }

    static Frequent read(Tally counted, long error) {
        Frequent frequent = new Frequent(new HashMap<>(2 * counted.size()));
        long[][] ordered = new long[counted.size()][];
        for (int i = 0; i < ordered.length; i++) {
            ordered[i] = new long[] {counted.counts()[i]};
            frequent.counters.put(counted.keys()[i], ordered[i]);
        }
        frequent.error = error;
        frequent.known = counted.isAscending() ? new Sorted(counted.keys(), ordered) : null;
        return frequent;
    }
}
