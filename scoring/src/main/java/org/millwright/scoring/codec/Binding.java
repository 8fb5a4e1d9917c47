package org.millwright.scoring.codec;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.millwright.scoring.DataType;
import org.millwright.scoring.Frame;
import org.millwright.scoring.FrameBuilder;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.Signature;
import org.millwright.scoring.Vector;

/** Puts a request's tensors into the signature's columns. */
final class Binding {

    private final Signature signature;
    private final List<String> ids = new ArrayList<>();
    private final List<Tensor> data = new ArrayList<>();
    private final BitSet sent = new BitSet();
    private final int rows;
    private long[] eventTimes = {};

    Binding(Signature signature, Limits limits, List<Tensor> inputs) {
        this.signature = signature;
        if (inputs.isEmpty()) {
            throw InvalidInput.of("'inputs' is missing or empty: the model takes " + signature.names());
        }
        long first = inputs.get(0).rows();
        if (first > limits.rows()) {
            throw InvalidInput.of(first + " rows in one request: at most " + limits.rows() + " are taken");
        }
        rows = (int) first;
        for (Tensor tensor : inputs) {
            if (tensor.rows() != rows) {
                throw InvalidInput.of("input '" + InvalidInput.shorten(tensor.name()) + "' has " + tensor.rows()
                        + " rows, '" + InvalidInput.shorten(inputs.get(0).name()) + "' has " + rows);
            }
            tensor.checkValues();
            take(tensor);
        }
    }

    private void take(Tensor tensor) {
        if (tensor.name().equals(TensorCodec.IDS)) {
            Tensor.refuse(
                    tensor.datatype() != Datatype.BYTES || !tensor.isColumn(), tensor.name(), "expected BYTES [N]");
            for (int i = 0; i < rows; i++) {
                String id = tensor.values().isNull(i) ? "" : tensor.values().text(i);
                boolean fits = !id.isEmpty() && id.length() <= ScoringRequest.LONGEST_ID;
                Tensor.refuse(!fits, tensor.name(), "an id needs 1 to " + ScoringRequest.LONGEST_ID + " characters");
                ids.add(id);
            }
        } else if (tensor.name().equals(TensorCodec.EVENT_TIMES)) {
            boolean fits = tensor.datatype() == Datatype.INT64 && tensor.isColumn();
            Tensor.refuse(!fits, tensor.name(), "expected INT64 [N], milliseconds since 1970 UTC");
            eventTimes = new long[rows];
            for (int i = 0; i < rows; i++) {
                Tensor.refuse(tensor.values().isNull(i), tensor.name(), "an event time is missing");
                eventTimes[i] = tensor.values().whole(i);
            }
        } else {
            data.add(tensor);
        }
    }

    List<String> ids() {
        return ids;
    }

    long[] eventTimes() {
        return eventTimes;
    }

    Frame frame() {
        FrameBuilder frame = new FrameBuilder(signature, rows);
        if (data.size() == 1 && isMatrix(data.get(0))) {
            matrix(data.get(0), frame);
        } else {
            data.forEach(tensor -> column(tensor, frame));
        }
        return frame.build();
    }

    /** What the caller should know of the rows: which of the columns that were sent lack values. */
    List<String> warnings(Frame frame) {
        BitSet missing = new BitSet();
        for (int column = sent.nextSetBit(0); column >= 0; column = sent.nextSetBit(column + 1)) {
            Vector values = frame.column(column);
            int row = 0;
            while (row < rows && !values.isNull(row)) {
                row++;
            }
            missing.set(column, row < rows);
        }
        List<String> warnings = new ArrayList<>();
        Warnings.addMissing(warnings, signature, missing);
        return warnings;
    }

    private boolean isMatrix(Tensor tensor) {
        int width = signature.inputs().size();
        boolean named = signature.position(tensor.name()) >= 0;
        return !named && tensor.shape().length == 2 && tensor.shape()[1] == width;
    }

    private void matrix(Tensor tensor, FrameBuilder frame) {
        int width = signature.inputs().size();
        for (int column = 0; column < width; column++) {
            checkType(tensor, column);
            sent.set(column);
            for (int row = 0; row < rows; row++) {
                tensor.copy(row * width + column, frame, column);
            }
        }
    }

    private void column(Tensor tensor, FrameBuilder frame) {
        int column = signature.position(tensor.name());
        if (column < 0) {
            throw InvalidInput.of("unknown input '" + InvalidInput.shorten(tensor.name()) + "': the model takes "
                    + signature.names());
        }
        Tensor.refuse(frame.size(column) > 0, tensor.name(), "was sent twice");
        Tensor.refuse(!tensor.isColumn(), tensor.name(), "expected shape [" + rows + "] or [" + rows + ", 1]");
        checkType(tensor, column);
        sent.set(column);
        for (int row = 0; row < rows; row++) {
            tensor.copy(row, frame, column);
        }
    }

    private void checkType(Tensor tensor, int column) {
        DataType type = signature.inputs().get(column).type();
        Tensor.refuse(
                !tensor.datatype().fits(type),
                tensor.name(),
                "datatype " + tensor.datatype() + " does not fit, expected " + Datatype.of(type));
    }
}
