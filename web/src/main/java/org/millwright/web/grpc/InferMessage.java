package org.millwright.web.grpc;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Problem;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.Signature;
import org.millwright.scoring.codec.InferRequest;
import org.millwright.scoring.codec.InferRequestBuilder;
import org.millwright.scoring.codec.Limits;
import org.millwright.scoring.codec.TensorCodec;

/** A ModelInferRequest, read field by field: what does not fit is refused before memory is taken for it. */
final class InferMessage {
    /** What the protocol allows of a shape, and a few more so that the message names the shape. */
    private static final int MOST_DIMENSIONS = 16;

    /** A part of the message. */
    private record Part(int from, int length) {}

    /** What it asks, and whether its tensors came as raw bytes. */
    record Read(InferRequest request, boolean raw) {}

    private final byte[] message;
    private final InferRequestBuilder request;
    private final int most;
    private final List<Part> inputs = new ArrayList<>();
    private final List<Part> raw = new ArrayList<>();

    private InferMessage(byte[] message, Signature signature, Limits limits) {
        this.message = message;
        this.request = new InferRequestBuilder(signature, limits);
        this.most = signature.inputs().size() + 2;
    }

    /** Throws {@link InvalidInput} or {@link Problem.Invalid} with what is wrong and where. */
    static Read read(byte[] message, Signature signature, Limits limits) {
        return Wire.checked(() -> new InferMessage(message, signature, limits).read());
    }

    private Read read() throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(message);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case Wire.ID -> request.id(in.readStringRequireUtf8());
                case Wire.PARAMETERS -> nested(in, this::parameter);
                case Wire.INPUTS -> add(in, inputs);
                case Wire.OUTPUTS -> nested(in, this::output);
                case Wire.RAW -> add(in, raw);
                default -> in.skipField(tag);
            }
        }
        if (!raw.isEmpty() && raw.size() != inputs.size()) {
            throw new Problem.Invalid("raw_input_contents has " + raw.size() + " entries for " + inputs.size()
                    + " inputs (expected: one each, in their order, or none)");
        }
        for (int i = 0; i < inputs.size(); i++) {
            input(i);
        }
        return new Read(request.build(), !raw.isEmpty());
    }

    /** What reads a message inside the message. */
    private interface Reading {
        void from(CodedInputStream in) throws IOException;
    }

    private static void nested(CodedInputStream in, Reading reading) throws IOException {
        int outer = in.pushLimit(in.readRawVarint32());
        reading.from(in);
        in.popLimit(outer);
    }

    private void add(CodedInputStream in, List<Part> parts) throws IOException {
        if (parts.size() == most) {
            throw new Problem.Invalid("more inputs than the model's " + (most - 2));
        }
        parts.add(part(in, 0));
    }

    /** Skips what has a length, in a stream that begins there in the message. */
    private static Part part(CodedInputStream in, int begin) throws IOException {
        int length = in.readRawVarint32();
        int from = begin + in.getTotalBytesRead();
        in.skipRawBytes(length);
        return new Part(from, length);
    }

    private void input(int position) throws IOException {
        Part at = inputs.get(position);
        var input = new Input();
        CodedInputStream in = CodedInputStream.newInstance(message, at.from, at.length);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case Wire.NAME -> input.name = in.readStringRequireUtf8();
                case Wire.DATATYPE -> input.datatype = in.readStringRequireUtf8();
                case Wire.DIMENSION -> input.dimension(in.readInt64());
                case Wire.SHAPE ->
                    nested(in, shape -> {
                        while (!shape.isAtEnd()) {
                            input.dimension(shape.readInt64());
                        }
                    });
                case Wire.TENSOR_PARAMETERS -> nested(in, entry -> refuseSharedMemory(Wire.parameter(entry)));
                case Wire.CONTENTS -> input.contents(part(in, at.from));
                default -> in.skipField(tag);
            }
        }
        Part own = input.contents;
        if (raw.isEmpty()) {
            Part data = own == null ? new Part(0, 0) : own;
            Contents.read(input.name, message, data.from, data.length, request.left())
                    .addTo(request, input.datatype, input.shape());
        } else if (own == null) {
            Part data = raw.get(position);
            request.addBinary(input.name, input.datatype, input.shape(), message, data.from, data.length);
        } else {
            throw new Problem.Invalid("input '" + InvalidInput.shorten(input.name)
                    + "' has 'contents', but the request has raw_input_contents (expected: one of them)");
        }
    }

    private void output(CodedInputStream in) throws IOException {
        String name = "";
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case Wire.NAME -> name = in.readStringRequireUtf8();
                case Wire.OUTPUT_PARAMETERS ->
                    nested(in, entry -> {
                        Wire.Parameter parameter = Wire.parameter(entry);
                        refuseSharedMemory(parameter);
                        if (parameter.name().equals("classification")) {
                            throw new Problem.Invalid("parameter 'classification' of an output is not offered");
                        }
                    });
                default -> in.skipField(tag);
            }
        }
        request.output(name);
    }

    private static void refuseSharedMemory(Wire.Parameter parameter) {
        if (parameter.name().startsWith("shared_memory_")) {
            throw new Problem.Invalid("shared memory is not offered: send the data");
        }
    }

    private void parameter(CodedInputStream in) throws IOException {
        Wire.Parameter parameter = Wire.parameter(in);
        if (parameter.name().equals(TensorCodec.EVENT_TIME)) {
            if (!parameter.isWhole()) {
                throw new Problem.Invalid("parameter 'event_time' must be whole milliseconds since 1970 UTC");
            }
            request.eventTime(parameter.whole());
        }
    }

    /** An input as far as it was read. */
    private static final class Input {
        private final long[] dimensions = new long[MOST_DIMENSIONS];
        private String name = "";
        private String datatype = "";
        private int rank;
        private @Nullable Part contents;

        private void contents(Part part) {
            if (contents != null) {
                throw new Problem.Invalid("input '" + InvalidInput.shorten(name) + "': 'contents' occurs twice");
            }
            contents = part;
        }

        private void dimension(long value) {
            if (rank == MOST_DIMENSIONS) {
                throw new Problem.Invalid("input '" + InvalidInput.shorten(name) + "': too many dimensions");
            }
            dimensions[rank++] = value;
        }

        private long[] shape() {
            return Arrays.copyOf(dimensions, rank);
        }
    }
}
