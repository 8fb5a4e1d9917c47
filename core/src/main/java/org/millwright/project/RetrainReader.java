package org.millwright.project;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.millwright.kernel.Yaml;

/** Reads what starts a retraining by itself and what holds it back, and notes everything that is wrong with it. */
final class RetrainReader {
    /** Conditions by the word that a file has for them, and the clauses that they are about. */
    private static final Map<String, String> BROKEN = Map.of(
            "performance", "performance",
            "estimated-performance", "estimate",
            "drift", "drift",
            "fairness", "fairness",
            "quality", "quality",
            "staleness", "staleness");

    private static final String[] KINDS = {"any", "all", "cron", "new-data", "new-labels", "every", "broken"};
    private static final int MOST_LEAVES = 20;
    private static final int MOST_DEPTH = 4;
    private static final int MOST_CRON = 100;
    private static final Duration LEAST_EVERY = Duration.ofHours(1);

    private RetrainReader() {}

    static Agreement.Retrain retrain(Yaml.Value map) {
        map.only(
                "pipeline",
                "on",
                "when",
                "windows",
                "cool-down",
                "min-new-labels",
                "budget",
                "hours",
                "data",
                "attempts");
        Optional<Yaml.Value> windows = map.get("windows").map(value -> value.only("of", "broken"));
        int of = windows.map(value -> ProjectFileReader.atLeast(value, "of", 1, 1))
                .orElse(1);
        int broken = windows.map(value -> ProjectFileReader.atLeast(value, "broken", 1, 1))
                .orElse(1);
        if (broken > of) {
            map.get("windows").ifPresent(value -> value.error("broken " + broken + " of only " + of + " windows"));
        }
        return new Agreement.Retrain(
                map.text("pipeline"),
                when(map),
                of,
                broken,
                map.read("cool-down", Duration.ofDays(1), "a duration such as 28d or 12h", Durations::parse),
                ProjectFileReader.atLeast(map, "min-new-labels", 1, 0),
                map.get("budget").map(RetrainReader::budget),
                map.get("hours").map(Yaml.Value::items).orElse(List.of()).stream()
                        .map(RetrainReader::hours)
                        .toList(),
                map.get("data").map(RetrainReader::data),
                ProjectFileReader.atLeast(map, "attempts", Agreement.Retrain.ATTEMPTS, 1));
    }

    /** The tree under {@code when}, or the short form {@code on}: any of the clauses. */
    private static Trigger when(Yaml.Value map) {
        if (map.has("on") == map.has("when")) {
            map.error("expected either 'on' (clauses that start it) or 'when' (a tree of conditions)");
            return new Trigger.Any(List.of());
        }
        if (map.has("on")) {
            List<Trigger> broken = new ArrayList<>();
            for (Yaml.Value item : map.get("on").orElseThrow().items()) {
                word(item, false).ifPresent(broken::add);
            }
            return new Trigger.Any(broken);
        }
        Yaml.Value when = map.get("when").orElseThrow();
        Trigger tree = when.isList()
                ? new Trigger.Any(each(when, 1))
                : trigger(when, 1).orElse(none());
        long leaves = tree.leaves().count();
        if (leaves > MOST_LEAVES) {
            when.error("expected at most " + MOST_LEAVES + " conditions, got " + leaves);
        }
        return tree;
    }

    private static Trigger none() {
        return new Trigger.Any(List.of());
    }

    private static List<Trigger> each(Yaml.Value list, int depth) {
        List<Trigger> all = new ArrayList<>();
        if (depth > MOST_DEPTH) {
            list.error("conditions nested deeper than " + MOST_DEPTH + " levels");
            return all;
        }
        list.items().forEach(item -> trigger(item, depth + 1).ifPresent(all::add));
        if (list.items().isEmpty()) {
            list.error("expected at least one condition");
        }
        return all;
    }

    private static Optional<Trigger> trigger(Yaml.Value value, int depth) {
        if (value.isScalar()) {
            return word(value, true);
        }
        if (!value.isMap()) {
            value.error("expected a condition such as performance or {every: 90d}");
            return Optional.empty();
        }
        List<String> kinds = List.of(KINDS).stream().filter(value::has).toList();
        if (kinds.size() != 1) {
            value.error("expected one of " + String.join(", ", KINDS) + ", got "
                    + (kinds.isEmpty() ? value.fields().keySet() : kinds));
            return Optional.empty();
        }
        value.get("cron")
                .filter(text -> text.isScalar() && text.asText().length() > MOST_CRON)
                .ifPresent(text -> text.error("expected at most " + MOST_CRON + " characters"));
        if (kinds.getFirst().equals("cron")) {
            value.only("cron", "zone", "catch-up");
        } else {
            value.only(kinds.getFirst());
        }
        Yaml.Value argument = value.get(kinds.getFirst()).orElseThrow();
        return switch (kinds.getFirst()) {
            case "any" -> Optional.of(new Trigger.Any(each(argument, depth)));
            case "all" -> Optional.of(new Trigger.All(each(argument, depth)));
            case "cron" -> Optional.of(cron(value));
            case "new-data" -> Optional.of(new Trigger.NewData(argument.asText()));
            case "new-labels" ->
                Optional.of(new Trigger.NewLabels(ProjectFileReader.atLeast(value, "new-labels", 1, 1)));
            case "broken" -> broken(argument);
            default -> Optional.of(new Trigger.Every(every(value)));
        };
    }

    /** A condition that is a single word. */
    private static Optional<Trigger> word(Yaml.Value value, boolean all) {
        String word = value.asText();
        String clause = BROKEN.get(word);
        if (clause != null) {
            return Optional.of(new Trigger.Broken(clause));
        }
        if (all && word.equals("push")) {
            return Optional.of(new Trigger.Push());
        }
        if (all && word.equals("new-data")) {
            return Optional.of(new Trigger.NewData(""));
        }
        List<String> known = new ArrayList<>(BROKEN.keySet().stream().sorted().toList());
        if (all) {
            known.addAll(List.of("new-data", "push"));
        }
        value.error("expected " + String.join(", ", known) + (all ? " or a map" : "") + ", got '" + word + "'");
        return Optional.empty();
    }

    /** One clause by its key, such as {@code performance:rmse:origin=JFK}. */
    private static Optional<Trigger> broken(Yaml.Value value) {
        String key = value.asText();
        boolean known = BROKEN.containsValue(key.replaceFirst(":.*", ""));
        if (!known) {
            value.error("expected the key of a clause, such as performance:rmse:origin=JFK, got '" + key + "'");
        }
        return known ? Optional.of(new Trigger.Broken(key)) : Optional.empty();
    }

    private static Trigger cron(Yaml.Value map) {
        return new Trigger.Cron(
                map.read("cron", "0 0 * * *", "five fields of cron, such as '0 3 * * 1'", CronTimes::checked),
                zone(map),
                map.read("catch-up", Trigger.CatchUp.LAST, "none, last or all", Trigger.CatchUp::of));
    }

    private static ZoneId zone(Yaml.Value map) {
        return map.read("zone", ZoneId.of("UTC"), "a time zone such as Europe/Berlin", text -> {
            try {
                return ZoneId.of(text);
            } catch (DateTimeException e) {
                throw new IllegalArgumentException(text, e);
            }
        });
    }

    private static Duration every(Yaml.Value map) {
        return map.read("every", Duration.ofDays(90), "a duration from 1h on, such as 90d", text -> {
            Duration read = Durations.parse(text);
            if (read.compareTo(LEAST_EVERY) < 0) {
                throw new IllegalArgumentException(text);
            }
            return read;
        });
    }

    private static Agreement.Budget budget(Yaml.Value map) {
        map.only("per", "runs", "minutes");
        map.need("per");
        if (!map.has("runs") && !map.has("minutes")) {
            map.error("expected 'runs', 'minutes' or both");
        }
        return new Agreement.Budget(
                AgreementReader.time(map, "per").orElse(Duration.ofDays(90)),
                map.get("runs").map(value -> ProjectFileReader.atLeast(map, "runs", 1, 1)),
                map.get("minutes").map(value -> ProjectFileReader.atLeast(map, "minutes", 1, 1)));
    }

    private static TrainingData data(Yaml.Value map) {
        map.only("since", "window", "replay");
        if (map.has("since") == map.has("window")) {
            map.error("expected either 'since' (a date, or last-training) or 'window' (such as 180d)");
        }
        TrainingData.Begin begin = map.has("window")
                ? new TrainingData.Begin.Window(map.read(
                        "window", Duration.ofDays(180), "a duration from 1d on, such as 180d", RetrainReader::days))
                : map.read(
                        "since",
                        new TrainingData.Begin.LastTraining(),
                        "a date such as 2013-01-01, or last-training",
                        RetrainReader::since);
        return new TrainingData(
                begin,
                map.read(
                        "replay",
                        TrainingData.NONE,
                        "all, a share such as 0.2, or a number of rows such as 5000",
                        RetrainReader::replay));
    }

    private static Duration days(String text) {
        Duration read = Durations.parse(text);
        if (read.compareTo(Duration.ofDays(1)) < 0) {
            throw new IllegalArgumentException(text);
        }
        return read;
    }

    private static TrainingData.Begin since(String text) {
        if (text.equals("last-training")) {
            return new TrainingData.Begin.LastTraining();
        }
        try {
            return new TrainingData.Begin.Day(LocalDate.parse(text));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    /** In its normal form, by which pipelines take it. */
    private static String replay(String text) {
        if (text.equals(TrainingData.ALL)) {
            return text;
        }
        double value = Double.parseDouble(text);
        boolean isShare = value > 0 && value < 1;
        boolean isRows = value == Math.rint(value) && value >= 0 && value <= Integer.MAX_VALUE && !text.contains(".");
        if (!isShare && !isRows) {
            throw new IllegalArgumentException(text);
        }
        return isShare ? Double.toString(value) : Long.toString((long) value);
    }

    private static Hours hours(Yaml.Value map) {
        map.only("days", "from", "to", "zone");
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        for (Yaml.Value item : map.get("days").map(Yaml.Value::items).orElse(List.of())) {
            day(item).ifPresent(days::add);
        }
        map.need("from");
        map.need("to");
        return new Hours(days, clock(map, "from"), clock(map, "to"), zone(map));
    }

    private static Optional<DayOfWeek> day(Yaml.Value item) {
        String text = item.asText().toUpperCase(Locale.ROOT);
        for (DayOfWeek day : DayOfWeek.values()) {
            if (text.length() >= 3 && day.name().startsWith(text)) {
                return Optional.of(day);
            }
        }
        item.error("expected a day such as sat, got '" + item.asText() + "'");
        return Optional.empty();
    }

    private static LocalTime clock(Yaml.Value map, String key) {
        return map.read(key, LocalTime.MIDNIGHT, "a time such as \"22:00\"", text -> {
            try {
                return LocalTime.parse(text);
            } catch (DateTimeException e) {
                throw new IllegalArgumentException(text, e);
            }
        });
    }
}
