package org.millwright.scoring.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.InvalidInput;

/** The values under {@code data} as they came, flat or nested: whole numbers, reals, texts or truth values. */
final class Values {
    private static final int DEEPEST = 8;

    private final String input;
    private final int most;
    private final long[] lengths = new long[DEEPEST];
    private int depth;
    private int size;
    private long[] longs = {};
    private double[] doubles = {};
    private @Nullable String[] texts = {};
    private @Nullable BitSet nulls;
    private Kind kind = Kind.NONE;

    private enum Kind {
        NONE,
        WHOLE,
        REAL,
        TRUTH,
        TEXT
    }

    Values(String input, int most) {
        this.input = input;
        this.most = most;
        Arrays.fill(lengths, -1);
    }

    private Values(String input, Kind kind, int size) {
        this(input, size);
        this.kind = kind;
        this.size = size;
        this.depth = 1;
    }

    static Values ofWholes(String input, long[] values) {
        Values all = new Values(input, Kind.WHOLE, values.length);
        all.longs = values;
        return all;
    }

    static Values ofReals(String input, double[] values) {
        Values all = new Values(input, Kind.REAL, values.length);
        all.doubles = values;
        return all;
    }

    /** Truth values, each 0 or 1. */
    static Values ofTruths(String input, long[] values) {
        Values all = new Values(input, Kind.TRUTH, values.length);
        all.longs = values;
        return all;
    }

    static Values ofTexts(String input, String[] values) {
        Values all = new Values(input, Kind.TEXT, values.length);
        all.texts = values;
        return all;
    }

    /** Reads an array; the parser stands at its start. */
    void read(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw wrong("'data' must be an array");
        }
        array(json, 0);
    }

    private void array(JsonParser json, int level) throws IOException {
        if (level == DEEPEST) {
            throw wrong("'data' is nested deeper than " + DEEPEST + " levels");
        }
        long length = 0;
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
            length++;
            if (token == JsonToken.START_ARRAY) {
                if (depth == level + 1) {
                    throw wrong("'data' mixes values and arrays");
                }
                array(json, level + 1);
            } else {
                scalar(json, token, level);
            }
        }
        if (lengths[level] >= 0 && lengths[level] != length) {
            throw wrong("'data' holds arrays of " + lengths[level] + " and of " + length + " elements side by side");
        }
        lengths[level] = length;
    }

    private void scalar(JsonParser json, JsonToken token, int level) throws IOException {
        if (depth == 0) {
            depth = level + 1;
        } else if (depth != level + 1) {
            throw wrong("'data' mixes values and arrays");
        }
        if (size == most) {
            throw wrong("more than " + most + " values in one request");
        }
        switch (token) {
            case VALUE_NUMBER_INT -> whole(json);
            case VALUE_NUMBER_FLOAT -> real(json);
            case VALUE_STRING -> text(json.getText());
            case VALUE_TRUE -> truth(true);
            case VALUE_FALSE -> truth(false);
            case VALUE_NULL -> missing();
            default -> throw wrong("'data' holds something that is no number, string, boolean or null");
        }
        size++;
    }

    private void whole(JsonParser json) throws IOException {
        if (json.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            real(json);
        } else if (kind == Kind.REAL) {
            put(json.getDoubleValue());
        } else {
            become(Kind.WHOLE);
            put(json.getLongValue());
        }
    }

    private void real(JsonParser json) throws IOException {
        double value = json.getDoubleValue();
        if (Double.isInfinite(value)
                && Character.isDigit(json.getText().charAt(json.getText().length() - 1))) {
            throw wrong("value " + size + " is beyond the range of a double");
        }
        if (kind == Kind.WHOLE) {
            widen();
        }
        become(Kind.REAL);
        put(value);
    }

    private void widen() {
        doubles = new double[longs.length];
        for (int i = 0; i < Math.min(size, longs.length); i++) {
            doubles[i] = longs[i];
            if (Math.abs(longs[i]) > 1L << 53) {
                throw wrong("value " + i + " is a whole number that a double cannot hold beside reals");
            }
        }
        kind = Kind.REAL;
    }

    private void text(String value) {
        become(Kind.TEXT);
        if (size >= texts.length) {
            texts = Arrays.copyOf(texts, Math.max(8, Math.max(size + 1, texts.length * 2)));
        }
        texts[size] = value;
    }

    private void truth(boolean value) {
        become(Kind.TRUTH);
        put(value ? 1L : 0L);
    }

    private void missing() {
        if (nulls == null) {
            nulls = new BitSet();
        }
        nulls.set(size);
    }

    private void become(Kind wanted) {
        if (kind == Kind.NONE) {
            kind = wanted;
        } else if (kind != wanted) {
            throw wrong("'data' mixes " + name(kind) + " and " + name(wanted));
        }
    }

    private static String name(Kind kind) {
        return switch (kind) {
            case TEXT -> "strings";
            case TRUTH -> "booleans";
            default -> "numbers";
        };
    }

    private void put(long value) {
        if (size >= longs.length) {
            longs = Arrays.copyOf(longs, Math.max(8, Math.max(size + 1, longs.length * 2)));
        }
        longs[size] = value;
    }

    private void put(double value) {
        if (size >= doubles.length) {
            doubles = Arrays.copyOf(doubles, Math.max(8, Math.max(size + 1, doubles.length * 2)));
        }
        doubles[size] = value;
    }

    int size() {
        return size;
    }

    boolean isNull(int i) {
        return nulls != null && nulls.get(i);
    }

    boolean isWhole() {
        return kind == Kind.WHOLE;
    }

    boolean isReal() {
        return kind == Kind.REAL;
    }

    boolean isTruth() {
        return kind == Kind.TRUTH;
    }

    boolean isText() {
        return kind == Kind.TEXT;
    }

    long whole(int i) {
        return longs[i];
    }

    double real(int i) {
        return doubles[i];
    }

    String text(int i) {
        String text = texts[i];
        return text == null ? "" : text;
    }

    /** Refuses data whose number of elements or nesting is not that of the shape. */
    void checkShape(long[] shape) {
        long product = Tensor.elements(input, shape);
        if (product != size) {
            throw wrong("shape " + Arrays.toString(shape) + " means " + product + " elements, 'data' has " + size);
        }
        if (depth <= 1) {
            return;
        }
        boolean same = depth == shape.length;
        for (int level = 0; same && level < depth; level++) {
            same = lengths[level] == shape[level];
        }
        if (!same) {
            throw wrong("nested 'data' is not of shape " + Arrays.toString(shape));
        }
    }

    private InvalidInput wrong(String message) {
        return InvalidInput.of("input '" + InvalidInput.shorten(input) + "': " + message);
    }
}
