package org.millwright.scoring;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The named, typed columns that a model takes and gives. */
public final class Signature {
    /** One column. {@code required}: must be sent. {@code nullable}: a sent value may be missing. */
    public record Column(String name, DataType type, boolean required, boolean nullable) {
        public Column {
            if (name.isBlank()) {
                throw InvalidInput.of("a signature column has an empty name");
            }
        }

        /** A required column; real and text columns may hold missing values, others not. */
        public static Column of(String name, DataType type) {
            return new Column(name, type, true, type.isReal() || type == DataType.STRING);
        }
    }

    private final List<Column> inputs;
    private final List<Column> outputs;
    private final Map<String, Integer> positions = new HashMap<>();
    private final List<String> names;
    private final List<DataType> types;

    /** Throws {@link InvalidInput} when there is no input or a name occurs twice. */
    public Signature(List<Column> inputs, List<Column> outputs) {
        this.inputs = List.copyOf(inputs);
        this.outputs = List.copyOf(outputs);
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

    /** Position of the input column of that name, or -1. */
    public int position(String name) {
        return positions.getOrDefault(name, -1);
    }

    /** The input columns' names in order. */
    public List<String> names() {
        return names;
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
