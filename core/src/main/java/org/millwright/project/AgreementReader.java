package org.millwright.project;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import org.millwright.kernel.Json;
import org.millwright.kernel.Yaml;

/** Reads {@code agreement.yaml} and notes everything that is wrong with it. */
final class AgreementReader {
    static final String DURATION = "a duration such as 12h, 28d or 50ms";

    private static final String[] SECTIONS = {
        "window",
        "performance",
        "drift",
        "fairness",
        "quality",
        "staleness",
        "service",
        "feeds",
        "estimate",
        "retrain",
        "investigate",
        "stop"
    };
    private static final Set<String> WINDOWS = Set.of("day", "week", "month");
    private static final Set<String> DRIFT_METHODS = Set.of("psi", "ks", "wasserstein", "jensen-shannon");
    private static final int MOST_CLAUSES = 100;
    private static final int MOST_COLUMNS = 4;
    /** Of a clause's key, which databases keep beside a deployment's name. */
    private static final int MOST_KEY = 200;

    private final Yaml.Value root;
    private final String task;
    private final Set<String> keys = new HashSet<>();

    AgreementReader(String text, String task) {
        this.root = Yaml.parse(Agreement.FILE, text);
        this.task = task;
    }

    private AgreementReader(Yaml.Value section) {
        this.root = section;
        this.task = "";
    }

    /** The section of a project file from the time before agreements had a file of their own. */
    static Agreement section(Yaml.Value section) {
        return new AgreementReader(section).sections("");
    }

    Agreement read() {
        var known = new ArrayList<>(List.of("apiVersion", "kind", "model"));
        known.addAll(List.of(SECTIONS));
        root.only(known.toArray(String[]::new));
        ProjectFileReader.expect(root, "apiVersion", "millwright/v1");
        ProjectFileReader.expect(root, "kind", "Agreement");
        Agreement agreement = sections(ProjectFileReader.name(root, "model"));
        if (agreement.clauses().size() > MOST_CLAUSES) {
            root.error("expected at most " + MOST_CLAUSES + " clauses, got "
                    + agreement.clauses().size());
        }
        root.finish();
        return agreement;
    }

    private Agreement sections(String model) {
        return new Agreement(
                model,
                ProjectFileReader.oneOf(root, "window", "month", WINDOWS),
                performance(),
                root.get("drift").map(AgreementReader::drift),
                list("fairness").stream().map(this::fairness).toList(),
                root.get("quality").map(AgreementReader::quality),
                root.get("staleness").map(AgreementReader::staleness),
                root.get("service").map(AgreementReader::service),
                root.get("feeds").map(AgreementReader::feeds),
                root.flag("estimate", true),
                root.get("retrain").map(RetrainReader::retrain),
                investigate(),
                list("stop").stream().map(this::stop).toList(),
                Json.digest(Objects.requireNonNullElse(root.plain(), "")));
    }

    /** The entries of a section that may be one map or a list of them. */
    private List<Yaml.Value> list(String key) {
        return root.get(key).map(Yaml.Value::items).orElse(List.of());
    }

    private List<Agreement.Performance> performance() {
        var clauses = new ArrayList<Agreement.Performance>();
        for (Yaml.Value map : list("performance")) {
            map.only("metric", "at-least", "at-most", "min-labels", "segment");
            String metric = ProjectFileReader.oneOf(map, "metric", "skill", AgreedMetrics.names(task));
            Map<String, String> segment =
                    map.get("segment").map(AgreementReader::segment).orElse(Map.of());
            boolean first = segment.isEmpty() && clauses.stream().noneMatch(Agreement.Performance::isOverall);
            String key = first ? "performance" : "performance:" + metric + suffix(segment);
            unique(map, key);
            clauses.add(new Agreement.Performance(key, metric, limit(map, metric), minLabels(map), segment));
        }
        return clauses;
    }

    private static int minLabels(Yaml.Value map) {
        return ProjectFileReader.atLeast(map, "min-labels", 500, 1);
    }

    private static Map<String, String> segment(Yaml.Value map) {
        var segment = new TreeMap<String, String>();
        map.fields().forEach((column, value) -> segment.put(column, value.asText()));
        if (segment.isEmpty() || segment.size() > MOST_COLUMNS) {
            map.error("expected {column: value} of 1 to " + MOST_COLUMNS + " columns");
        }
        return segment;
    }

    private static String suffix(Map<String, String> segment) {
        List<String> parts = new ArrayList<>();
        segment.forEach((column, value) -> parts.add(plain(column) + "=" + plain(value)));
        return parts.isEmpty() ? "" : ":" + String.join(",", parts);
    }

    /** Without the characters that a key is put together with. */
    private static String plain(String text) {
        return text.replace("%", "%25")
                .replace(":", "%3A")
                .replace(",", "%2C")
                .replace("=", "%3D")
                .replace("|", "%7C");
    }

    private void unique(Yaml.Value map, String key) {
        if (!keys.add(key)) {
            map.error("the same clause a second time (expected: each metric once for each segment)");
        }
        if (key.length() > MOST_KEY) {
            map.error("the names and values of the columns are too long (expected: at most " + MOST_KEY
                    + " characters together, got " + key.length() + ")");
        }
    }

    /** One of {@code at-least} and {@code at-most}, on the side that is a promise for the metric. */
    private static Agreement.Limit limit(Yaml.Value map, String metric) {
        return limit(map, metric, "at-least", "at-most");
    }

    private static Agreement.Limit limit(Yaml.Value map, String metric, String least, String most) {
        Agreement.Side good = AgreedMetrics.good(metric);
        String wanted = good == Agreement.Side.AT_LEAST ? least : most;
        String other = good == Agreement.Side.AT_LEAST ? most : least;
        map.get(other)
                .ifPresent(value -> value.error(metric + " is better when it is "
                        + (good == Agreement.Side.AT_LEAST ? "large" : "small") + " (expected: '" + wanted + "')"));
        if (!map.has(other)) {
            map.need(wanted);
        }
        double value = map.number(wanted, 0);
        if (!Double.isFinite(value)) {
            map.get(wanted).ifPresent(found -> found.error("expected a finite number, got " + value));
        }
        return new Agreement.Limit(good, value);
    }

    private static Agreement.Drift drift(Yaml.Value map) {
        map.only("method", "warn", "alert", "columns-share");
        double warn = ProjectFileReader.positive(map, "warn", 0.1);
        double alert = ProjectFileReader.positive(map, "alert", 0.25);
        if (warn > alert) {
            map.error("warn " + warn + " is above alert " + alert);
        }
        double share = ProjectFileReader.positive(map, "columns-share", 0.3);
        if (share > 1) {
            map.error("columns-share is a share between 0 and 1, got " + share);
        }
        return new Agreement.Drift(ProjectFileReader.oneOf(map, "method", "psi", DRIFT_METHODS), warn, alert, share);
    }

    private Agreement.Fairness fairness(Yaml.Value map) {
        map.only("by", "measure", "at-least", "at-most", "min-rows");
        map.need("by");
        List<String> by = map.texts("by");
        if (by.isEmpty() || by.size() > MOST_COLUMNS || new HashSet<>(by).size() < by.size()) {
            map.error("by: expected 1 to " + MOST_COLUMNS + " different columns, got " + by);
        }
        String usual = task.equals("regression") ? "mae_ratio" : "disparate_impact";
        String measure = ProjectFileReader.oneOf(map, "measure", usual, AgreedMetrics.measures(task));
        boolean bare = !map.has("at-least") && !map.has("at-most") && !AgreedMetrics.isInUnits(measure);
        Agreement.Limit limit = bare ? usual(measure) : limit(map, measure);
        String key = "fairness:" + measure + ":"
                + String.join(",", by.stream().map(AgreementReader::plain).toList());
        unique(map, key);
        return new Agreement.Fairness(key, by, measure, limit, ProjectFileReader.atLeast(map, "min-rows", 30, 1));
    }

    /** The four-fifths rule for a ratio, a tenth for a gap. */
    private static Agreement.Limit usual(String measure) {
        Agreement.Side side = AgreedMetrics.good(measure);
        return new Agreement.Limit(side, side == Agreement.Side.AT_LEAST ? 0.8 : 0.1);
    }

    private static Agreement.Quality quality(Yaml.Value map) {
        map.only(
                "missing-at-most-rise", "unseen-at-most", "type-errors-at-most", "out-of-range-at-most", "stuck-after");
        Agreement.Quality usual = Agreement.Quality.DEFAULT;
        return new Agreement.Quality(
                share(map, "missing-at-most-rise", usual.missingRise()),
                share(map, "unseen-at-most", usual.unseen()),
                share(map, "type-errors-at-most", usual.typeErrors()),
                share(map, "out-of-range-at-most", usual.outOfRange()),
                ProjectFileReader.atLeast(map, "stuck-after", usual.stuckAfter(), 2));
    }

    private static Agreement.Staleness staleness(Yaml.Value map) {
        map.only("model-at-most", "data-at-most", "outside-training-at-most");
        return new Agreement.Staleness(
                time(map, "model-at-most"), time(map, "data-at-most"), anyShare(map, "outside-training-at-most"));
    }

    private static Agreement.Service service(Yaml.Value map) {
        map.only("p99-at-most", "errors-at-most", "saturation-at-most", "cost-at-most");
        return new Agreement.Service(
                time(map, "p99-at-most"),
                anyShare(map, "errors-at-most"),
                anyShare(map, "saturation-at-most"),
                map.has("cost-at-most")
                        ? OptionalDouble.of(ProjectFileReader.positive(map, "cost-at-most", 1))
                        : OptionalDouble.empty());
    }

    private static Agreement.Feeds feeds(Yaml.Value map) {
        map.only("predictions-within", "labels-within");
        return new Agreement.Feeds(time(map, "predictions-within"), time(map, "labels-within"));
    }

    private Agreement.Investigate investigate() {
        Optional<Yaml.Value> map = root.get("investigate").filter(Yaml.Value::isMap);
        if (map.isEmpty()) {
            return new Agreement.Investigate(root.text("investigate", ""), Optional.empty());
        }
        Yaml.Value found = map.get().only("who", "within");
        return new Agreement.Investigate(found.text("who", ""), time(found, "within"));
    }

    private Agreement.Stop stop(Yaml.Value map) {
        map.only("metric", "below", "above", "min-labels");
        String metric = ProjectFileReader.oneOf(map, "metric", "skill", AgreedMetrics.names(task));
        String key = "stop:" + metric;
        unique(map, key);
        return new Agreement.Stop(key, metric, limit(map, metric, "below", "above"), minLabels(map));
    }

    private static double share(Yaml.Value map, String key, double fallback) {
        double value = map.number(key, fallback);
        if (!(value >= 0 && value <= 1)) {
            map.get(key).ifPresent(found -> found.error("expected a share from 0 to 1, got " + value));
            return fallback;
        }
        return value;
    }

    private static OptionalDouble anyShare(Yaml.Value map, String key) {
        return map.has(key) ? OptionalDouble.of(share(map, key, 0)) : OptionalDouble.empty();
    }

    static Optional<Duration> time(Yaml.Value map, String key) {
        Duration time = map.read(key, Duration.ZERO, DURATION + ", above 0", text -> {
            Duration read = Durations.parse(text);
            if (read.isZero()) {
                throw new IllegalArgumentException(text);
            }
            return read;
        });
        return time.isZero() ? Optional.empty() : Optional.of(time);
    }
}
