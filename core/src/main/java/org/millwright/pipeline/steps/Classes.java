package org.millwright.pipeline.steps;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Problem;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.metrics.ClassOrder;
import org.millwright.scoring.metrics.ClassificationMetrics;

/** The classes of a label by name, numbered in scikit-learn's order: numbers by value, else texts by their characters. */
final class Classes {
    /** More of them are no classes. */
    private static final int MOST = 1_000;

    private final List<String> names;
    private final Map<String, Integer> numbers = new HashMap<>();

    private Classes(List<String> names) {
        this.names = names;
        for (int i = 0; i < names.size(); i++) {
            numbers.put(names.get(i), i);
        }
    }

    /** Throws {@link Problem.Invalid} when the label has too many values to be classes. */
    static Classes of(String label, Collection<String> names) {
        var distinct = new LinkedHashSet<>(names);
        if (distinct.size() > MOST) {
            throw new Problem.Invalid(
                    "Column " + label + " has " + distinct.size() + " values (expected: at most " + MOST + " classes)",
                    "Set model.task: regression in millwright.yaml, or another model.label.");
        }
        return new Classes(ClassOrder.of(distinct));
    }

    /**
     * The names in a column, null where a value is missing. Truth values and numbers that are whole are named as the label
     * names them: {@code true} by a model stands for {@code 1} of a label of numbers, and {@code 1} for {@code true}.
     *
     * @param truth whether the label is a truth value
     */
    static @Nullable String[] in(Frame frame, int column, boolean truth) {
        var texts = new @Nullable String[frame.rows()];
        for (int row = 0; row < texts.length; row++) {
            texts[row] = name(frame.value(column, row), truth);
        }
        return texts;
    }

    private static @Nullable String name(@Nullable Object value, boolean truth) {
        return switch (value) {
            case null -> null;
            case Boolean yes -> truth ? yes.toString() : yes ? "1" : "0";
            case Double real -> truth ? truth(plain(real)) : plain(real);
            default -> truth ? truth(value.toString()) : value.toString();
        };
    }

    private static String plain(double real) {
        return real == Math.rint(real) && Math.abs(real) < 1L << 53
                ? Long.toString((long) real)
                : Double.toString(real);
    }

    private static String truth(String text) {
        return switch (text) {
            case "1", "True" -> "true";
            case "0", "False" -> "false";
            default -> text;
        };
    }

    /** A model's names for its classes as the label names them. */
    List<String> matching(List<String> named, boolean truth) {
        return named.stream()
                .map(name -> truth ? truth(name) : numbers.containsKey(name) ? name : untrue(name))
                .toList();
    }

    private static String untrue(String text) {
        return switch (text) {
            case "true" -> "1";
            case "false" -> "0";
            default -> text;
        };
    }

    static boolean isTruth(Frame labels) {
        return labels.type(0) == DataType.BOOLEAN;
    }

    List<String> names() {
        return names;
    }

    int size() {
        return names.size();
    }

    /** Whether every name is a class, missing ones apart. */
    boolean hasAll(@Nullable String[] found) {
        for (String name : found) {
            if (name != null && !numbers.containsKey(name)) {
                return false;
            }
        }
        return true;
    }

    /** The class's number, or {@link ClassificationMetrics#MISSING}. */
    int number(@Nullable String name, int otherwise) {
        return name == null ? otherwise : numbers.getOrDefault(name, otherwise);
    }

    int[] numbers(@Nullable String[] found) {
        int[] result = new int[found.length];
        for (int i = 0; i < found.length; i++) {
            result[i] = number(found[i], ClassificationMetrics.MISSING);
        }
        return result;
    }

    static Set<String> distinct(@Nullable String[] found) {
        var names = new LinkedHashSet<String>();
        for (String name : found) {
            if (name != null) {
                names.add(name);
            }
        }
        return names;
    }
}
