package org.millwright.scoring;

/** The type of one column, named as MLflow names it. */
public enum DataType {
    DOUBLE("double"),
    FLOAT("float"),
    LONG("long"),
    INTEGER("integer"),
    BOOLEAN("boolean"),
    STRING("string");

    private final String text;

    DataType(String text) {
        this.text = text;
    }

    /** The name in JSON, such as {@code double}. */
    public String text() {
        return text;
    }

    /** The type of that name; {@code int} is read as {@code integer}. */
    public static DataType of(String name) {
        for (DataType type : values()) {
            if (type.text.equals(name)) {
                return type;
            }
        }
        if (name.equals("int")) {
            return INTEGER;
        }
        throw InvalidInput.of("unknown column type '" + InvalidInput.shorten(name)
                + "': expected double, float, long, integer, boolean or string");
    }

    /** The type of a NumPy dtype name, such as {@code float64}. */
    public static DataType ofNumpy(String dtype) {
        switch (dtype) {
            case "float64":
                return DOUBLE;
            case "float32":
            case "float16":
                return FLOAT;
            case "int64":
            case "uint32":
                return LONG;
            case "int32":
            case "int16":
            case "int8":
            case "uint16":
            case "uint8":
                return INTEGER;
            case "bool":
                return BOOLEAN;
            case "str":
            case "object":
                return STRING;
            default:
                throw InvalidInput.of("tensor type '" + InvalidInput.shorten(dtype)
                        + "' is not served: expected a float, integer, bool or str dtype");
        }
    }

    /** Whether values are held as {@code double[]}. */
    public boolean isReal() {
        return this == DOUBLE || this == FLOAT;
    }

    /** Whether values are held as {@code long[]}. */
    public boolean isIntegral() {
        return this == LONG || this == INTEGER;
    }

    public boolean isNumeric() {
        return isReal() || isIntegral();
    }
}
