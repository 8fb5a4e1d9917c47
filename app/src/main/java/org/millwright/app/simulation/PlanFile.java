package org.millwright.app.simulation;

import java.time.Duration;
import java.time.YearMonth;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.millwright.kernel.Problem;
import org.millwright.kernel.Yaml;

/** {@code simulation.yaml}, or the options that say the same: texts as they were given, what was not is empty. */
public record PlanFile(
        Map<String, String> settings,
        List<String> faults,
        Map<String, String> trainingData,
        Map<String, String> pipelines) {
    private static final String KIND = "Simulation";
    private static final List<String> SETTINGS =
            List.of("data", "from", "to", "history", "label-delay", "step", "rows", "seed");
    private static final int HISTORY = 6;
    private static final int MOST_ROWS = 1_000_000;
    private static final int MOST_MONTHS = 120;

    public PlanFile {
        settings = Map.copyOf(settings);
        faults = List.copyOf(faults);
        trainingData = Map.copyOf(trainingData);
        pipelines = Map.copyOf(pipelines);
    }

    /** Reads a file, all its mistakes at once. */
    public static PlanFile parse(String file, String text) {
        Yaml.Value root = Yaml.parse(file, text);
        var known = new ArrayList<>(List.of("apiVersion", "kind", "faults", "training-data", "pipelines"));
        known.addAll(SETTINGS);
        root.only(known.toArray(String[]::new));
        root.get("kind").filter(kind -> !kind.asText().equals(KIND)).ifPresent(kind -> kind.error("expected " + KIND));
        root.get("pipelines").ifPresent(map -> map.only("acquire", "train", "replay"));
        var settings = new LinkedHashMap<String, String>();
        SETTINGS.forEach(key -> root.get(key).ifPresent(value -> settings.put(key, value.asText())));
        var read = new PlanFile(settings, root.texts("faults"), texts(root, "training-data"), texts(root, "pipelines"));
        root.finish();
        return read;
    }

    private static Map<String, String> texts(Yaml.Value root, String key) {
        var texts = new LinkedHashMap<String, String>();
        root.get(key).ifPresent(map -> map.fields().forEach((name, value) -> texts.put(name, value.asText())));
        return texts;
    }

    /** These, and where nothing is said the other's. */
    public PlanFile or(PlanFile other) {
        var both = new LinkedHashMap<>(other.settings);
        both.putAll(settings);
        return new PlanFile(
                both,
                faults.isEmpty() ? other.faults : faults,
                trainingData.isEmpty() ? other.trainingData : trainingData,
                pipelines.isEmpty() ? other.pipelines : pipelines);
    }

    /** File of labelled rows. */
    public Optional<String> data() {
        return Optional.ofNullable(settings.get("data"));
    }

    /** The plan; {@link Problem.Invalid} with all that is wrong with it. */
    public Plan plan() {
        var wrong = new ArrayList<String>();
        YearMonth from = read(wrong, "from", "", PlanFile::month, YearMonth.of(1970, 7));
        YearMonth to = read(wrong, "to", "", PlanFile::month, from);
        YearMonth history =
                read(wrong, "history", from.minusMonths(HISTORY).toString(), PlanFile::month, from.minusMonths(1));
        Duration delay = read(wrong, "label-delay", "0d", FaultReader::span, Duration.ZERO);
        Plan.Step step = read(wrong, "step", "week", PlanFile::step, Plan.Step.WEEK);
        OptionalInt rows = read(wrong, "rows", "all", PlanFile::rows, OptionalInt.empty());
        long seed = read(wrong, "seed", "7", PlanFile::whole, 7L);
        if (wrong.isEmpty()
                && (to.isBefore(from) || to.isAfter(from.plusMonths(MOST_MONTHS)) || !history.isBefore(from))) {
            wrong.add("history " + history + ", from " + from + ", to " + to + " (expected: in this order, at most "
                    + MOST_MONTHS + " months)");
        }
        List<Fault> read = List.of();
        try {
            read = FaultReader.read(faults);
        } catch (Problem.Invalid e) {
            wrong.add(String.valueOf(e.getMessage()));
        }
        if (!wrong.isEmpty()) {
            throw new Problem.Invalid(String.join("; ", wrong), "mw simulate --help");
        }
        return new Plan(from, to, history, delay, step, rows, seed, read, trainingData, named());
    }

    private Plan.Pipelines named() {
        return new Plan.Pipelines(
                pipelines.getOrDefault("acquire", "acquire"),
                pipelines.getOrDefault("train", "train"),
                pipelines.getOrDefault("replay", "replay"));
    }

    private <T> T read(List<String> wrong, String key, String usual, Function<String, T> reader, T otherwise) {
        String text = settings.getOrDefault(key, usual);
        if (text.isEmpty()) {
            wrong.add(key + " is missing (expected: a month such as 2013-07)");
            return otherwise;
        }
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException e) {
            wrong.add(key + ": " + e.getMessage());
            return otherwise;
        }
    }

    private static YearMonth month(String text) {
        try {
            return YearMonth.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("'" + text + "' is no month (expected: such as 2013-07)", e);
        }
    }

    private static Plan.Step step(String text) {
        try {
            return Plan.Step.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' (expected: day, week or month)", e);
        }
    }

    private static OptionalInt rows(String text) {
        if (text.equals("all")) {
            return OptionalInt.empty();
        }
        long rows = whole(text);
        if (rows < 1 || rows > MOST_ROWS) {
            throw new IllegalArgumentException("'" + text + "' (expected: 1 to " + MOST_ROWS + ")");
        }
        return OptionalInt.of((int) rows);
    }

    private static long whole(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' (expected: a whole number)", e);
        }
    }
}
