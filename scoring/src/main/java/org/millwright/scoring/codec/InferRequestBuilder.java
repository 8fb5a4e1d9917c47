package org.millwright.scoring.codec;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.millwright.scoring.Frame;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.Signature;

/** Collects a request to infer in whatever form it came; every verb throws {@link InvalidInput} for what does not fit. */
public final class InferRequestBuilder {
    private static final int MOST_OUTPUTS = 1_000;

    private final Signature signature;
    private final Limits limits;
    private final List<Tensor> inputs = new ArrayList<>();
    private final List<String> outputs = new ArrayList<>();
    private Map<String, Boolean> binary = Map.of();
    private boolean binaryOtherwise;
    private String id = "";
    private long[] eventTimes = {};
    private int left;

    public InferRequestBuilder(Signature signature, Limits limits) {
        this.signature = signature;
        this.limits = limits;
        this.left = limits.values();
    }

    public void id(String text) {
        id = text;
    }

    /** When all rows happened, in milliseconds since 1970 UTC. */
    public void eventTime(long millis) {
        eventTimes = new long[] {millis};
    }

    /** Asks for an output. */
    public void output(String name) {
        if (name.isEmpty() || outputs.size() == MOST_OUTPUTS) {
            throw InvalidInput.of("each entry of 'outputs' needs a name, at most " + MOST_OUTPUTS + " of them");
        }
        if (outputs.contains(name)) {
            throw InvalidInput.of("output '" + InvalidInput.shorten(name) + "' is asked for twice");
        }
        outputs.add(name);
    }

    /** Asks for that output in binary form, or not. */
    void binary(String output, boolean wanted) {
        if (binary.isEmpty()) {
            binary = new HashMap<>();
        }
        binary.put(output, wanted);
    }

    /** Asks for the outputs of which nothing is said in binary form, or not. */
    void binaryOtherwise(boolean wanted) {
        binaryOtherwise = wanted;
    }

    /** Refuses another input when there are as many as the model and we can take. */
    public void requireRoom() {
        if (inputs.size() == signature.inputs().size() + 2) {
            throw InvalidInput.of(
                    "more inputs than the model's " + signature.inputs().size() + ": " + signature.names());
        }
    }

    /** Number of inputs so far. */
    int size() {
        return inputs.size();
    }

    /** How many values the next inputs may have. */
    public int left() {
        return left;
    }

    void add(Tensor tensor) {
        left -= tensor.values().size();
        inputs.add(tensor);
    }

    /** Adds an input whose data are {@code size} bytes in the form of {@link BinaryData}. */
    public void addBinary(String name, String datatype, long[] shape, byte[] bytes, int from, int size) {
        Datatype type = type(name, datatype, shape);
        long elements = Tensor.elements(name, shape);
        Tensor.refuse(elements > left, name, "more than " + limits.values() + " values in one request");
        add(Tensor.of(name, type, shape, BinaryData.read(name, type, (int) elements, bytes, from, size)));
    }

    public void addWholes(String name, String datatype, long[] shape, long[] values) {
        add(Tensor.of(name, type(name, datatype, shape), shape, Values.ofWholes(name, values)));
    }

    public void addReals(String name, String datatype, long[] shape, double[] values) {
        add(Tensor.of(name, type(name, datatype, shape), shape, Values.ofReals(name, values)));
    }

    /** Adds truth values, each 0 or 1. */
    public void addTruths(String name, String datatype, long[] shape, long[] values) {
        add(Tensor.of(name, type(name, datatype, shape), shape, Values.ofTruths(name, values)));
    }

    public void addTexts(String name, String datatype, long[] shape, String[] values) {
        add(Tensor.of(name, type(name, datatype, shape), shape, Values.ofTexts(name, values)));
    }

    private Datatype type(String name, String datatype, long[] shape) {
        requireRoom();
        Tensor.refuse(name.isEmpty(), "#" + inputs.size(), "'name' is missing");
        Tensor.refuse(datatype.isEmpty(), name, "'datatype' is missing");
        Tensor.refuse(
                shape.length > Tensor.MOST_DIMENSIONS, name, "more than " + Tensor.MOST_DIMENSIONS + " dimensions");
        for (long dimension : shape) {
            Tensor.refuse(dimension < 0, name, "dimensions must be whole numbers of at least 0");
        }
        return Datatype.read(name, datatype);
    }

    /** The request, its tensors in the signature's columns. */
    public InferRequest build() {
        Binding binding = new Binding(signature, limits, inputs);
        Frame frame = binding.frame();
        long[] times = binding.eventTimes().length > 0 ? binding.eventTimes() : eventTimes;
        var rows = new ScoringRequest(id, frame, binding.ids(), times, outputs, binding.warnings(frame));
        return new InferRequest(rows, binary, binaryOtherwise);
    }
}
