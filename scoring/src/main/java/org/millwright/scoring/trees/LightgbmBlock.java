package org.millwright.scoring.trees;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.millwright.scoring.ModelFailure;

/**
 * Lines of {@code name=value} up to an empty one.
 *
 * @param name what they describe, for messages
 * @param end the line after them
 */
record LightgbmBlock(String name, Map<String, String> values, int end) {
    static LightgbmBlock read(String name, List<String> lines, int from) {
        Map<String, String> values = new HashMap<>();
        int at = from;
        while (at < lines.size() && !lines.get(at).isBlank()) {
            String[] parts = lines.get(at).split("=", 2);
            values.put(parts[0], parts.length == 2 ? parts[1].strip() : "");
            at++;
        }
        return new LightgbmBlock(name, values, at);
    }

    boolean has(String key) {
        return values.containsKey(key);
    }

    String optional(String key) {
        return values.getOrDefault(key, "");
    }

    int whole(String key, int least, int most) {
        int value = wholes(key, 1)[0];
        if (value < least || value > most) {
            throw damaged(key, "a whole number from " + least + " to " + most);
        }
        return value;
    }

    int[] wholes(String key, int count) {
        double[] numbers = numbers(key, count);
        int[] wholes = new int[count];
        for (int i = 0; i < count; i++) {
            wholes[i] = (int) numbers[i];
            if (wholes[i] != numbers[i]) {
                throw damaged(key, "whole numbers");
            }
        }
        return wholes;
    }

    /** The words of 32 categories each, as unsigned numbers. */
    int[] words(String key, int count) {
        double[] numbers = numbers(key, count);
        int[] words = new int[count];
        for (int i = 0; i < count; i++) {
            words[i] = (int) (long) numbers[i];
        }
        return words;
    }

    double[] numbers(String key, int count) {
        double[] numbers = numbers(key);
        if (numbers.length != count) {
            throw damaged(key, count + " numbers, not " + numbers.length);
        }
        return numbers;
    }

    /** All numbers after the name; LightGBM writes {@code inf} and {@code nan} as C does. */
    double[] numbers(String key) {
        String text = optional(key);
        String[] parts = text.isEmpty() ? new String[0] : text.split(" +");
        double[] numbers = new double[parts.length];
        for (int i = 0; i < parts.length; i++) {
            numbers[i] = number(key, parts[i]);
        }
        return numbers;
    }

    private double number(String key, String text) {
        switch (text) {
            case "inf":
                return Double.POSITIVE_INFINITY;
            case "-inf":
                return Double.NEGATIVE_INFINITY;
            case "nan", "-nan":
                return Double.NaN;
            default:
                try {
                    return Double.parseDouble(text);
                } catch (NumberFormatException e) {
                    throw damaged(key, "numbers");
                }
        }
    }

    ModelFailure damaged(String key, String expected) {
        return new ModelFailure("the model file is damaged: expected " + expected + " at " + key + " of " + name);
    }
}
