package org.millwright.outcome;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Json;

/** Single predictions as they were kept, column by column: texts by number, as few of them differ. */
public final class PredictedRows {
    /** In place of a text's number: there is none. */
    public static final int NONE = -1;

    private int size;
    private long[] times = new long[64];
    private double[] predicted = new double[64];
    private double[] outcomes = new double[64];
    private int[] named = new int[64];
    private int[] outcomeNamed = new int[64];
    private int[] segments = new int[64];
    private int[] attributes = new int[64];
    private double[][] scores = {};
    private boolean anyScores;
    private boolean anyNamed;

    private final Texts names = new Texts();
    private final Texts combinations = new Texts();
    private final Texts described = new Texts();

    /** Texts by the order in which they came. */
    private static final class Texts {
        private final Map<String, Integer> numbers = new HashMap<>();
        private final List<String> all = new ArrayList<>();

        int number(@Nullable String text) {
            if (text == null) {
                return NONE;
            }
            Integer known = numbers.get(text);
            if (known == null) {
                known = all.size();
                numbers.put(text, known);
                all.add(text);
            }
            return known;
        }
    }

    /**
     * Adds a row.
     *
     * @param time that it is for, milliseconds since the epoch
     * @param className the class that was answered; null when it was a number
     * @param further a JSON list of further answers
     * @param segment a JSON object of value by column of the inputs
     * @param attribute the same of columns that are no inputs
     * @param outcome NaN when it is not known
     * @param outcomeClass the outcome where it is the name of a class
     */
    public void add(
            long time,
            double number,
            @Nullable String className,
            @Nullable String further,
            @Nullable String segment,
            @Nullable String attribute,
            double outcome,
            @Nullable String outcomeClass) {
        if (size == predicted.length) {
            grow(2 * size);
        }
        times[size] = time;
        predicted[size] = number;
        named[size] = names.number(className);
        anyNamed |= className != null;
        scores(further);
        segments[size] = combinations.number(segment);
        attributes[size] = described.number(attribute);
        outcomes[size] = outcome;
        outcomeNamed[size] = names.number(outcomeClass);
        size++;
    }

    private void grow(int length) {
        times = Arrays.copyOf(times, length);
        predicted = Arrays.copyOf(predicted, length);
        outcomes = Arrays.copyOf(outcomes, length);
        named = Arrays.copyOf(named, length);
        outcomeNamed = Arrays.copyOf(outcomeNamed, length);
        segments = Arrays.copyOf(segments, length);
        attributes = Arrays.copyOf(attributes, length);
        for (int i = 0; i < scores.length; i++) {
            scores[i] = Arrays.copyOf(scores[i], length);
        }
    }

    /** The first row that has any says how many there are; rows with another number of them have none. */
    private void scores(@Nullable String further) {
        String[] parts = further == null || further.length() < 3
                ? new String[0]
                : further.substring(1, further.length() - 1).split(",");
        if (!anyScores && parts.length > 0) {
            anyScores = true;
            scores = new double[parts.length][predicted.length];
            for (double[] column : scores) {
                Arrays.fill(column, 0, size, Double.NaN);
            }
        }
        for (int i = 0; i < scores.length; i++) {
            scores[i][size] = parts.length != scores.length || parts[i].equals("null")
                    ? Double.NaN
                    : Double.parseDouble(parts[i]);
        }
    }

    public int size() {
        return size;
    }

    /** The time that a row is for, milliseconds since the epoch. */
    public long time(int row) {
        return times[row];
    }

    /** What was answered first, as a number. */
    public double[] predicted() {
        return Arrays.copyOf(predicted, size);
    }

    /** Outcomes as numbers; NaN where they are not known. */
    public double[] outcomes() {
        return Arrays.copyOf(outcomes, size);
    }

    /** Further answers by their place, then by row. */
    public double[][] scores() {
        return Arrays.stream(scores).map(column -> Arrays.copyOf(column, size)).toArray(double[][]::new);
    }

    /** Whether any answer was the name of a class. */
    boolean isNamed() {
        return anyNamed;
    }

    /** Rows whose outcome is known. */
    public long labelled() {
        return IntStream.range(0, size).filter(this::isLabelled).count();
    }

    boolean isLabelled(int row) {
        return !Double.isNaN(outcomes[row]);
    }

    /** The class that was answered, a number by its name. */
    String answer(int row) {
        return named[row] == NONE ? Target.plain(predicted[row]) : names.all.get(named[row]);
    }

    /** The class that came of it, a number by its name. */
    public String outcome(int row) {
        return outcomeNamed[row] == NONE ? Target.plain(outcomes[row]) : names.all.get(outcomeNamed[row]);
    }

    /** The value of a column in each row, of an input before what came with its outcome; null where it is missing. */
    @Nullable
    public String[] segment(String column) {
        List<@Nullable String> own = values(combinations, column);
        List<@Nullable String> beside = values(described, column);
        var values = new @Nullable String[size];
        for (int i = 0; i < size; i++) {
            values[i] = segments[i] == NONE ? null : own.get(segments[i]);
            if (values[i] == null && attributes[i] != NONE) {
                values[i] = beside.get(attributes[i]);
            }
        }
        return values;
    }

    private static List<@Nullable String> values(Texts objects, String column) {
        List<@Nullable String> values = new ArrayList<>();
        for (String object : objects.all) {
            JsonNode value = Json.parse(object).get(column);
            values.add(value == null ? null : value.asText().intern());
        }
        return values;
    }
}
