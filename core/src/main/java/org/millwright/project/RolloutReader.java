package org.millwright.project;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.millwright.kernel.Yaml;

/** Reads how versions come into production and notes everything that is wrong with it. */
public final class RolloutReader {
    private static final Set<String> STRATEGIES = Set.of("canary", "blue-green", "shadow", "ab");
    private static final Set<String> MEASURES = Set.of("mse", "mae", "error-rate", "log-loss", "outcome");
    private static final String DURATION = "a duration such as 10m, 12h or 2d";

    private RolloutReader() {}

    /** Reads a file of its own; one {@link org.millwright.kernel.Problem.Invalid} names every mistake with its line. */
    public static RolloutPlan parse(String file, String text) {
        Yaml.Value root = Yaml.parse(file, text);
        RolloutPlan plan = plan(root);
        root.finish();
        return plan;
    }

    /** The short form: one canary step. */
    static RolloutPlan canary(Yaml.Value map) {
        map.only("traffic", "min-requests", "bake", "give-up-after");
        int most = percent(map, "traffic", 25);
        if (most > 50) {
            map.get("traffic").ifPresent(value -> value.error("expected at most 50 percent"));
        }
        return new RolloutPlan(
                List.of(step(map, RolloutPlan.Mode.LIVE, most, false)), RolloutPlan.Checks.USUAL, Optional.empty());
    }

    /** Empty when a person is to begin it. */
    static Optional<RolloutPlan> planned(Yaml.Value map) {
        if (map.text("strategy", "").equals("manual")) {
            map.only("strategy");
            return Optional.empty();
        }
        return Optional.of(plan(map));
    }

    private static RolloutPlan plan(Yaml.Value map) {
        map.only("strategy", "steps", "traffic", "min-requests", "bake", "give-up-after", "checks", "sticky-by");
        if (map.has("strategy") == map.has("steps")) {
            map.error("expected either 'strategy' (canary, blue-green, shadow or ab) or 'steps'");
        }
        List<RolloutPlan.Step> steps = map.has("steps") ? steps(map) : strategy(map);
        RolloutPlan.Checks checks = map.get("checks").map(RolloutReader::checks).orElse(RolloutPlan.Checks.USUAL);
        return new RolloutPlan(
                steps, checks, Optional.of(map.text("sticky-by", "")).filter(text -> !text.isEmpty()));
    }

    private static List<RolloutPlan.Step> strategy(Yaml.Value map) {
        return switch (ProjectFileReader.oneOf(map, "strategy", "canary", STRATEGIES)) {
            case "blue-green" -> List.of(step(map, RolloutPlan.Mode.LIVE, percent(map, "traffic", 100), false));
            case "shadow" -> List.of(step(map, RolloutPlan.Mode.SHADOW, percent(map, "traffic", 100), false));
            case "ab" -> List.of(step(map, RolloutPlan.Mode.LIVE, percent(map, "traffic", 50), true));
            default -> List.of(step(map, RolloutPlan.Mode.LIVE, percent(map, "traffic", 25), false));
        };
    }

    private static List<RolloutPlan.Step> steps(Yaml.Value map) {
        for (String key : List.of("traffic", "min-requests", "bake", "give-up-after")) {
            map.get(key).ifPresent(value -> value.error("belongs into each of the 'steps'"));
        }
        var steps = new ArrayList<RolloutPlan.Step>();
        for (Yaml.Value item : map.need("steps").map(Yaml.Value::items).orElse(List.of())) {
            item.only("traffic", "shadow", "min-requests", "bake", "give-up-after", "by-hand");
            if (item.has("traffic") == item.has("shadow")) {
                item.error(
                        "expected either 'traffic' (percent that it answers) or 'shadow' (percent that it is shown)");
            }
            boolean shadow = item.has("shadow");
            int percent = percent(item, shadow ? "shadow" : "traffic", 1);
            steps.add(step(
                    item,
                    shadow ? RolloutPlan.Mode.SHADOW : RolloutPlan.Mode.LIVE,
                    percent,
                    item.flag("by-hand", false)));
        }
        if (steps.isEmpty() || steps.size() > RolloutPlan.MOST_STEPS) {
            map.get("steps")
                    .ifPresent(value ->
                            value.error("expected 1 to " + RolloutPlan.MOST_STEPS + " steps, got " + steps.size()));
            return List.of(RolloutPlan.Step.live(1, 1));
        }
        return steps;
    }

    private static RolloutPlan.Step step(Yaml.Value map, RolloutPlan.Mode mode, int percent, boolean byHand) {
        int requests = ProjectFileReader.atLeast(map, "min-requests", 200, 1);
        Duration bake = map.read("bake", Duration.ZERO, DURATION, Durations::parse);
        Duration patience = map.read("give-up-after", Duration.ZERO, DURATION, Durations::parse);
        if (!patience.isZero() && patience.compareTo(bake) <= 0) {
            map.get("give-up-after").ifPresent(value -> value.error("expected longer than 'bake'"));
            patience = Duration.ZERO;
        }
        return new RolloutPlan.Step(mode, percent, Math.max(1, requests), bake.toMillis(), patience.toMillis(), byHand);
    }

    private static int percent(Yaml.Value map, String key, int fallback) {
        int value = map.integer(key, fallback);
        if (value < 1 || value > 100) {
            map.get(key).ifPresent(found -> found.error("expected 1 to 100 percent, got " + value));
            return fallback;
        }
        return value;
    }

    private static RolloutPlan.Checks checks(Yaml.Value map) {
        map.only("failed", "latency", "drift", "metric");
        double failed = map.number("failed", RolloutPlan.Checks.MOST_FAILED);
        if (!(failed >= 0 && failed <= 1)) {
            map.get("failed").ifPresent(found -> found.error("expected a share from 0 to 1, got " + failed));
        }
        return new RolloutPlan.Checks(
                failed >= 0 && failed <= 1 ? failed : RolloutPlan.Checks.MOST_FAILED,
                limit(map, "latency"),
                limit(map, "drift"),
                map.get("metric").map(RolloutReader::metric));
    }

    private static OptionalDouble limit(Yaml.Value map, String key) {
        if (!map.has(key)) {
            return OptionalDouble.empty();
        }
        double value = ProjectFileReader.positive(map, key, 1);
        return value > 0 && !Double.isInfinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    private static RolloutPlan.Metric metric(Yaml.Value map) {
        map.only("measure", "margin", "min-labels");
        double margin = map.number("margin", 0);
        if (!(margin >= 0) || Double.isInfinite(margin)) {
            map.get("margin").ifPresent(found -> found.error("expected a number from 0 on, got " + margin));
        }
        String measure = ProjectFileReader.oneOf(map, "measure", "mse", MEASURES);
        return new RolloutPlan.Metric(
                RolloutPlan.Measure.of(measure),
                margin >= 0 && !Double.isInfinite(margin) ? margin : 0,
                Math.max(2, ProjectFileReader.atLeast(map, "min-labels", 500, 2)));
    }
}
