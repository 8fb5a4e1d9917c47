package org.millwright.tracking;

import java.util.List;
import java.util.Map;

/** Metrics, parameters and tags that are logged together or not at all. */
public record Batch(List<Metric> metrics, List<Pair> params, List<Pair> tags) {
    /** A key and its value. */
    public record Pair(String key, String value) {}

    public Batch {
        metrics = List.copyOf(metrics);
        params = List.copyOf(params);
        tags = List.copyOf(tags);
    }

    public static Batch of(List<Metric> metrics, Map<String, String> params, Map<String, String> tags) {
        return new Batch(metrics, pairs(params), pairs(tags));
    }

    private static List<Pair> pairs(Map<String, String> map) {
        return map.entrySet().stream()
                .map(entry -> new Pair(entry.getKey(), entry.getValue()))
                .toList();
    }
}
