package org.millwright.scoring.codec;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.millwright.scoring.FrameBuilder;
import org.millwright.scoring.InvalidInput;

/** One input tensor of a request. */
record Tensor(String name, Datatype datatype, long[] shape, Values values) {
    static final String BINARY_SIZE = "binary_data_size";

    /** How parameters begin by which Triton's clients point into memory of the same machine. */
    static final String SHARED_MEMORY = "shared_memory_";

    static final int MOST_DIMENSIONS = 8;

    /**
     * Reads one entry of {@code inputs}; its fields may come in any order.
     *
     * @param attached what follows the JSON
     */
    static Tensor read(JsonParser json, int position, int mostValues, Attached attached) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw InvalidInput.of("inputs[" + position + "] must be an object with name, shape, datatype and data");
        }
        String name = "";
        String datatype = "";
        long @Nullable [] shape = null;
        Values values = null;
        int binary = -1;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String field = json.currentName();
            json.nextToken();
            String where = name.isEmpty() ? "#" + position : name;
            switch (field) {
                case "name" -> name = once(name, text(json, "inputs[" + position + "].name"), where, field);
                case "datatype" -> datatype = once(datatype, text(json, where + ".datatype"), where, field);
                case "shape" -> {
                    refuse(shape != null, where, "'shape' occurs twice");
                    shape = shape(json, where);
                }
                case "data" -> {
                    refuse(values != null, where, "'data' occurs twice");
                    values = new Values(where, mostValues);
                    values.read(json);
                }
                case "parameters" -> binary = parameters(json, where, binary);
                default -> refuse(true, where, "unknown field '" + InvalidInput.shorten(field) + "'");
            }
        }
        refuse(name.isEmpty(), "#" + position, "'name' is missing");
        if (shape == null) {
            throw InvalidInput.of("input '" + InvalidInput.shorten(name) + "': 'shape' is missing");
        }
        refuse(datatype.isEmpty(), name, "'datatype' is missing");
        Datatype type = Datatype.read(name, datatype);
        if (binary >= 0) {
            refuse(values != null, name, "has both 'data' and 'binary_data_size'");
            values = attached.take(name, type, shape, binary, mostValues);
        } else {
            refuse(type.isBinaryOnly(), name, "values of datatype " + type + " are sent as binary data, JSON has none");
        }
        return of(name, type, shape, values);
    }

    /** A tensor whose values are as many as its shape says. */
    static Tensor of(String name, Datatype datatype, long[] shape, @Nullable Values values) {
        if (values == null) {
            throw InvalidInput.of("input '" + InvalidInput.shorten(name) + "': 'data' is missing");
        }
        values.checkShape(shape);
        return new Tensor(name, datatype, shape, values);
    }

    /** How many elements the shape means. */
    static long elements(String input, long[] shape) {
        long product = 1;
        try {
            for (long dimension : shape) {
                product = Math.multiplyExact(product, dimension);
            }
        } catch (ArithmeticException e) {
            throw InvalidInput.of("input '" + InvalidInput.shorten(input) + "': shape " + Arrays.toString(shape)
                    + " has too many elements");
        }
        return product;
    }

    /** The text, unless its field had one before. */
    static String once(String before, String now, String where, String field) {
        refuse(!before.isEmpty(), where, "'" + field + "' occurs twice");
        return now;
    }

    static void refuse(boolean wrong, String input, String message) {
        if (wrong) {
            throw InvalidInput.of("input '" + InvalidInput.shorten(input) + "': " + message);
        }
    }

    static String text(JsonParser json, String where) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw InvalidInput.of("'" + InvalidInput.shorten(where) + "' must be a string");
        }
        return json.getText();
    }

    private static long[] shape(JsonParser json, String input) throws IOException {
        refuse(json.currentToken() != JsonToken.START_ARRAY, input, "'shape' must be an array");
        long[] shape = new long[MOST_DIMENSIONS];
        int n = 0;
        while (json.nextToken() != JsonToken.END_ARRAY) {
            boolean whole = json.currentToken() == JsonToken.VALUE_NUMBER_INT
                    && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
            refuse(!whole || json.getLongValue() < 0, input, "dimensions must be whole numbers of at least 0");
            refuse(n == MOST_DIMENSIONS, input, "more than " + MOST_DIMENSIONS + " dimensions");
            shape[n++] = json.getLongValue();
        }
        return Arrays.copyOf(shape, n);
    }

    /** Reads parameters; gives the size of the binary data, or what it was before. */
    private static int parameters(JsonParser json, String input, int before) throws IOException {
        refuse(json.currentToken() != JsonToken.START_OBJECT, input, "'parameters' must be an object");
        int binary = before;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String name = json.currentName();
            json.nextToken();
            refuse(json.currentToken().isStructStart(), input, "a parameter must be a string, number or boolean");
            refuse(name.startsWith(SHARED_MEMORY), input, "shared memory is not offered: send the data");
            if (name.equals(BINARY_SIZE)) {
                refuse(binary >= 0, input, "'binary_data_size' occurs twice");
                boolean whole = json.currentToken() == JsonToken.VALUE_NUMBER_INT
                        && json.getNumberType() == JsonParser.NumberType.INT;
                refuse(!whole || json.getIntValue() < 0, input, "'binary_data_size' must be a number of bytes");
                binary = json.getIntValue();
            }
        }
        return binary;
    }

    /** Number of rows: the first dimension. */
    long rows() {
        return shape.length == 0 ? 1 : shape[0];
    }

    /** Whether it is [N] or [N, 1]. */
    boolean isColumn() {
        return shape.length == 1 || (shape.length == 2 && shape[1] == 1);
    }

    /** Adds value {@code i} to a column. */
    void copy(int i, FrameBuilder frame, int column) {
        if (values.isNull(i)) {
            frame.addNull(column);
        } else if (values.isReal()) {
            frame.addDouble(column, values.real(i));
        } else if (values.isWhole()) {
            frame.addLong(column, values.whole(i));
        } else if (values.isTruth()) {
            frame.addBoolean(column, values.whole(i) != 0);
        } else {
            frame.addString(column, values.text(i));
        }
    }

    /** Refuses values that are not of the declared datatype. */
    void checkValues() {
        boolean fits = values.isText()
                ? datatype == Datatype.BYTES
                : values.isTruth()
                        ? datatype == Datatype.BOOL
                        : values.isReal() ? datatype.isReal() : datatype != Datatype.BYTES && datatype != Datatype.BOOL;
        boolean empty = !values.isText() && !values.isTruth() && !values.isReal() && !values.isWhole();
        refuse(!fits && !empty, name, "'data' does not hold values of datatype " + datatype);
        if (values.isWhole() && datatype.isIntegral()) {
            for (int i = 0; i < values.size(); i++) {
                boolean outside =
                        !values.isNull(i) && (values.whole(i) < datatype.least || values.whole(i) > datatype.greatest);
                refuse(outside, name, "element " + i + " is outside the range of " + datatype);
            }
        }
        if (values.isReal() && datatype != Datatype.FP64) {
            double greatest = datatype.greatestReal();
            for (int i = 0; i < values.size(); i++) {
                boolean outside = Math.abs(values.real(i)) > greatest && !Double.isInfinite(values.real(i));
                refuse(outside && !values.isNull(i), name, "element " + i + " is outside the range of " + datatype);
            }
        }
    }
}
