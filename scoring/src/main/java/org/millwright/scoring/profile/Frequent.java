package org.millwright.scoring.profile;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts of categories: exact for up to 1,000 of them, afterwards the most frequent ones (Misra and Gries), each too
 * low by at most {@link #error}. Memory is bounded, merges lose no guarantee.
 */
final class Frequent {
    /** Categories counted at once. */
    static final int LIMIT = 1_000;

    private final Map<String, long[]> counters = new HashMap<>();
    private long error;

    /** Counts; returns whether the category was not counted before or was dropped since. */
    boolean add(String key, long times) {
        long[] counter = counters.get(key);
        if (counter != null) {
            counter[0] += times;
            return false;
        }
        counters.put(key, new long[] {times});
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

    /** Sorted by category. */
    Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        counters.forEach((key, counter) -> counts.put(key, counter[0]));
        return counts;
    }

    static Frequent read(Map<String, Long> counts, long error) {
        Frequent frequent = new Frequent();
        counts.forEach((key, count) -> frequent.counters.put(key, new long[] {count}));
        frequent.error = error;
        return frequent;
    }
}
