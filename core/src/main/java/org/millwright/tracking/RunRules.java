package org.millwright.tracking;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

/** MLflow's rules for what a run logs, with the texts that its clients match on. */
final class RunRules {
    private static final int MAX_TAG_COUNT = 1_000;

    private RunRules() {}

    static void requireUnchanged(String runId, Map<String, String> asked, Map<String, String> kept) {
        var changed = new ArrayList<String>();
        asked.forEach((key, value) -> {
            String old = kept.get(key);
            if (!value.equals(old)) {
                changed.add("{'key': '" + key + "', 'old_value': '" + Names.shortened(String.valueOf(old))
                        + "', 'new_value': '" + Names.shortened(value) + "'}");
            }
        });
        if (!changed.isEmpty()) {
            throw new Problem.Invalid("Changing param values is not allowed. Params were already logged='" + changed
                    + "' for run ID='" + runId + "'.");
        }
    }

    static void requireLimits(Batch batch) {
        int metrics = batch.metrics().size();
        int params = batch.params().size();
        int tags = batch.tags().size();
        requireCount("metrics", 1_000, metrics);
        requireCount("params", 100, params);
        requireCount("tags", 100, tags);
        requireCount("metrics, params, and tags", 1_000, metrics + params + tags);
    }

    static void requireCount(String what, int limit, int count) {
        if (count > limit) {
            throw new Problem.Invalid("A batch logging request can contain at most " + limit + " " + what + ". Got "
                    + count + " " + what + ". Please split up " + what + " across multiple requests and try again.");
        }
    }

    static void requireMetric(String path, Metric metric) {
        Names.requireKey(path + "name", metric.key());
        Names.requireLength("Metric name", metric.key(), Names.MAX_KEY);
        if (metric.timestamp() < 0) {
            throw new Problem.Invalid("Invalid value " + metric.timestamp() + " for parameter '" + path
                    + "timestamp' supplied: metric '" + metric.key() + "' (value=" + metric.value()
                    + "). Timestamp must be a nonnegative long (64-bit integer) ");
        }
        metric.dataset().ifPresent(dataset -> {
            Names.requireLength("dataset_name", dataset.name(), 500);
            dataset.digest().ifPresent(digest -> Names.requireLength("dataset_digest", digest, 36));
        });
    }

    static Map<String, String> checkedParams(List<Batch.Pair> pairs) {
        var params = new TreeMap<String, String>();
        var twice = new ArrayList<String>();
        for (int i = 0; i < pairs.size(); i++) {
            String key = pairs.get(i).key();
            Names.requireKey(pairs.size() == 1 ? "key" : "params[" + i + "].key", key);
            Names.requireLength("Param key", key, Names.MAX_KEY);
            if (params.put(key, Names.cut("Param value", pairs.get(i).value(), Names.MAX_PARAM)) != null) {
                twice.add("'" + key + "'");
            }
        }
        if (!twice.isEmpty()) {
            throw new Problem.Invalid("Duplicate parameter keys have been submitted: " + twice
                    + ". Please ensure the request contains only one param value per param key.");
        }
        return params;
    }

    static Map<String, String> checkedTags(List<Batch.Pair> pairs, String path) {
        if (pairs.size() > MAX_TAG_COUNT) {
            throw new Problem.Invalid("More than " + MAX_TAG_COUNT + " tags");
        }
        var tags = new HashMap<String, String>();
        for (int i = 0; i < pairs.size(); i++) {
            String key = pairs.get(i).key();
            String at = path.isEmpty() ? "key" : path + "[" + i + "].key";
            Names.requireKey(at, key);
            Names.requireLength(at, key, Names.MAX_KEY);
            requireUnreserved(key);
            tags.put(key, Names.cut("value", pairs.get(i).value(), Names.MAX_TAG));
        }
        return tags;
    }

    static void requireUnreserved(String key) {
        if (key.startsWith(Runs.RESERVED)) {
            throw new Problem.Invalid(
                    "Tag '" + key + "': tags that start with '" + Runs.RESERVED + "' are set by the server");
        }
    }

    static void requireDataset(DatasetInput input) {
        Names.requireLength("name", input.name(), 500);
        Names.requireLength("digest", input.digest(), 36);
        Names.requireText("source_type", input.sourceType());
        Names.requireLength("source", input.source(), 65_535);
        input.schema().ifPresent(schema -> Names.requireLength("schema", schema, 1_048_575));
        input.profile().ifPresent(profile -> Names.requireLength("profile", profile, 16_777_215));
        input.tags().forEach((key, value) -> {
            Names.requireLength("key", key, 255);
            Names.requireLength("value", value, 500);
        });
    }

    /** Hex SHA-256 of the latest values, each as the shortest decimal that reads back the same. */
    static String digest(List<Metric> latest) {
        var values = new TreeMap<String, String>();
        latest.forEach(metric -> values.put(metric.key(), Double.toString(metric.value())));
        return Json.digest(values);
    }
}
