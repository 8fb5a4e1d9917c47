package org.millwright.scoring.trees;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.ModelFailure;

/**
 * An object of a JSON-like file. Values are Map, List, {@code double[]} (an array of numbers only), String, Double,
 * Boolean or null.
 *
 * @param path where it stands in the file, for messages
 */
record Document(String path, Map<?, ?> values) {
    private static final Pattern NUMBERS = Pattern.compile("[^\\[\\],\\s]+");

    boolean has(String name) {
        return values.get(name) != null;
    }

    Document object(String name) {
        if (values.get(name) instanceof Map<?, ?> map) {
            return new Document(at(name), map);
        }
        throw damaged(name, "an object");
    }

    List<Document> objects(String name) {
        List<Document> documents = new ArrayList<>();
        if (values.get(name) instanceof double[] none && none.length == 0) {
            return documents;
        }
        if (!(values.get(name) instanceof List<?> list)) {
            throw damaged(name, "an array of objects");
        }
        for (Object element : list) {
            String where = at(name) + "[" + documents.size() + "]";
            if (!(element instanceof Map<?, ?> map)) {
                throw new ModelFailure("the model file is damaged: " + where + " is not an object");
            }
            documents.add(new Document(where, map));
        }
        return documents;
    }

    String text(String name) {
        if (values.get(name) instanceof String text) {
            return text;
        }
        throw damaged(name, "a text");
    }

    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        if (values.get(name) instanceof List<?> list) {
            for (Object element : list) {
                if (!(element instanceof String text)) {
                    throw damaged(name, "an array of texts");
                }
                texts.add(text);
            }
        }
        return texts;
    }

    /** A whole number written as a text, as XGBoost writes its parameters. */
    int parameter(String name, int least, int most) {
        String text = text(name);
        try {
            int value = Integer.parseInt(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw damaged(name, "a whole number");
        }
        throw damaged(name, "a whole number from " + least + " to " + most + ", not " + InvalidInput.shorten(text));
    }

    /** Numbers written as a text, one or a list in brackets. */
    float[] parameters(String name) {
        List<Float> found = new ArrayList<>();
        Matcher numbers = NUMBERS.matcher(text(name));
        try {
            while (numbers.find()) {
                found.add(Float.parseFloat(numbers.group()));
            }
        } catch (NumberFormatException e) {
            throw damaged(name, "numbers");
        }
        float[] values = new float[found.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = found.get(i);
        }
        return values;
    }

    double[] numbers(String name) {
        if (values.get(name) instanceof double[] numbers) {
            return numbers;
        }
        throw damaged(name, "an array of numbers");
    }

    double[] numbers(String name, int count) {
        double[] numbers = numbers(name);
        if (numbers.length != count) {
            throw damaged(name, count + " numbers, not " + numbers.length);
        }
        return numbers;
    }

    /** Whole numbers; what is none becomes an error. */
    int[] wholes(String name) {
        double[] numbers = numbers(name);
        int[] wholes = new int[numbers.length];
        for (int i = 0; i < wholes.length; i++) {
            wholes[i] = (int) numbers[i];
            if (wholes[i] != numbers[i]) {
                throw damaged(name, "whole numbers");
            }
        }
        return wholes;
    }

    int[] wholes(String name, int count) {
        numbers(name, count);
        return wholes(name);
    }

    @Nullable
    Object get(String name) {
        return values.get(name);
    }

    ModelFailure damaged(String name, String expected) {
        return new ModelFailure("the model file is damaged: expected " + expected + " at " + at(name));
    }

    private String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }
}
