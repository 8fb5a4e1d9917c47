package org.millwright.scoring;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The named, typed columns that a model takes and gives. */
public final class Signature {
    /**
     * One column.
     *
     * @param required must be sent
     * @param nullable a sent value may be missing
     * @param constraints what else narrows it; {@code notNull} is said by {@code nullable} alone
     */
    public record Column(String name, DataType type, boolean required, boolean nullable, Constraints constraints) {
        public Column {
            if (name.isBlank()) {
                throw InvalidInput.of("a signature column has an empty name");
            }
        }

        public Column(String name, DataType type, boolean required, boolean nullable) {
            this(name, type, required, nullable, Constraints.NONE);
        }

        /** Whether a value of the column's type, null when missing, is taken. */
        public boolean admits(@Nullable Object value) {
            boolean missing = value == null || value instanceof Double real && Double.isNaN(real);
            return missing ? nullable : constraints.admits(value);
        }

        /** The column taking only what it and the constraints take. */
        public Column narrowed(Constraints more) {
            Constraints both = constraints.and(more);
            boolean full = both.notNull();
            return new Column(name, type, required || full, nullable && !full, full ? both.withoutNotNull() : both);
        }

        /** A required column; real and text columns may hold missing values, others not. */
        public static Column of(String name, DataType type) {
            return new Column(name, type, true, type.isReal() || type == DataType.STRING);
        }
    }

    private final List<Column> inputs;
    private final List<Column> outputs;
    private final Map<String, Integer> positions = new HashMap<>();
    private final boolean constrained;
    private final List<String> names;
    private final List<DataType> types;

    /** Throws {@link InvalidInput} when there is no input or a name occurs twice. */
    public Signature(List<Column> inputs, List<Column> outputs) {
        this.inputs = List.copyOf(inputs);
        this.outputs = List.copyOf(outputs);
        this.constrained =
                inputs.stream().anyMatch(column -> !column.constraints().isNone());
        this.names = List.copyOf(this.inputs.stream().map(Column::name).toList());
        this.types = List.copyOf(this.inputs.stream().map(Column::type).toList());
        if (inputs.isEmpty()) {
            throw InvalidInput.of("the signature has no input column: log the model with a signature or input example");
        }
        for (int i = 0; i < inputs.size(); i++) {
            if (positions.putIfAbsent(inputs.get(i).name(), i) != null) {
                throw InvalidInput.column(inputs.get(i).name(), "occurs twice in the signature");
            }
        }
        Set<String> names = new HashSet<>();
        for (Column output : outputs) {
            if (!names.add(output.name())) {
                throw InvalidInput.column(output.name(), "occurs twice among the signature's outputs");
            }
        }
    }

    public List<Column> inputs() {
        return inputs;
    }

    public List<Column> outputs() {
        return outputs;
    }

    /** Whether any input column takes less than its type. */
    boolean isConstrained() {
        return constrained;
    }

    /** Position of the input column of that name, or -1. */
    public int position(String name) {
        return positions.getOrDefault(name, -1);
    }

    /** The input columns' names in order. */
    public List<String> names() {
        return names;
    }

    /** The same signature with some input columns narrowed; throws {@link InvalidInput} for a name that it has not. */
    public Signature narrowed(Map<String, Constraints> columns) {
        for (String name : columns.keySet()) {
            if (position(name) < 0) {
                throw InvalidInput.column(name, "is not in the signature, which has " + names());
            }
        }
        List<Column> narrowed = new ArrayList<>(inputs.size());
        for (Column column : inputs) {
            narrowed.add(column.narrowed(columns.getOrDefault(column.name(), Constraints.NONE)));
        }
        return new Signature(narrowed, outputs);
    }

    /** The input columns' types in order. */
    List<DataType> types() {
        return types;
    }

    /** The same frame with columns in the signature's order and types; see {@link Conformed}. */
    public Conformed conform(Frame frame) {
        return Conformed.of(this, frame);
    }

    /** Our own canonical JSON form. */
    public JsonNode toJson() {
        return SignatureJson.write(this);
    }

    /** Reads the form that {@link #toJson()} writes. */
    public static Signature fromJson(JsonNode json) {
        return SignatureJson.read(json);
    }

    /**
     * Reads the two JSON texts that the {@code signature} section of an MLmodel file holds.
     *
     * @param inputs the text under {@code inputs}
     * @param outputs the text under {@code outputs}, or an empty text when there is none
     */
    public static Signature fromMlflow(String inputs, String outputs) {
        return MlflowSignature.read(inputs, outputs);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Signature that && inputs.equals(that.inputs) && outputs.equals(that.outputs);
    }

    @Override
    public int hashCode() {
        return 31 * inputs.hashCode() + outputs.hashCode();
    }

    @Override
    public String toString() {
        return toJson().toString();
    }
}
