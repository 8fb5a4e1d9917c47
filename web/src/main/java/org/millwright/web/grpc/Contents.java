package org.millwright.web.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.Arrays;
import org.millwright.kernel.Problem;
import org.millwright.scoring.codec.BinaryData;
import org.millwright.scoring.codec.InferRequestBuilder;

/** The values under a tensor's {@code contents}: one of the lists of InferTensorContents. */
final class Contents {
    static final int BOOLS = 1;
    static final int INTS = 2;
    static final int INT64S = 3;
    static final int UINTS = 4;
    static final int UINT64S = 5;
    static final int FP32S = 6;
    static final int FP64S = 7;
    static final int BYTES = 8;

    private final String input;
    private final byte[] message;
    private final int from;
    private final int most;
    private int list;
    private int size;
    private long[] wholes = {};
    private double[] reals = {};
    private String[] texts = {};

    private Contents(String input, byte[] message, int from, int most) {
        this.input = input;
        this.message = message;
        this.from = from;
        this.most = most;
    }

    /** Reads {@code length} bytes of the message as {@code most} values at most. */
    static Contents read(String input, byte[] message, int from, int length, int most) throws IOException {
        var contents = new Contents(input, message, from, most);
        contents.read(CodedInputStream.newInstance(message, from, length));
        return contents;
    }

    /** The list that values of the datatype are in; 0 when they come as raw bytes only. */
    static int listOf(String datatype) {
        return switch (datatype) {
            case "BOOL" -> BOOLS;
            case "INT8", "INT16", "INT32" -> INTS;
            case "INT64" -> INT64S;
            case "UINT8", "UINT16", "UINT32" -> UINTS;
            case "UINT64" -> UINT64S;
            case "FP32" -> FP32S;
            case "FP64" -> FP64S;
            case "BYTES" -> BYTES;
            default -> 0;
        };
    }

    private void read(CodedInputStream in) throws IOException {
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int field = WireFormat.getTagFieldNumber(tag);
            boolean packed = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
            if (field < BOOLS || field > BYTES) {
                in.skipField(tag);
            } else if (packed && field != BYTES) {
                int outer = in.pushLimit(in.readRawVarint32());
                while (in.getBytesUntilLimit() > 0) {
                    add(in, field);
                }
                in.popLimit(outer);
            } else if (packed || WireFormat.getTagWireType(tag) == single(field)) {
                add(in, field);
            } else {
                throw new Problem.Invalid("input '" + input + "': 'contents' is malformed");
            }
        }
    }

    private static int single(int field) {
        return switch (field) {
            case FP32S -> WireFormat.WIRETYPE_FIXED32;
            case FP64S -> WireFormat.WIRETYPE_FIXED64;
            case BYTES -> WireFormat.WIRETYPE_LENGTH_DELIMITED;
            default -> WireFormat.WIRETYPE_VARINT;
        };
    }

    private void add(CodedInputStream in, int field) throws IOException {
        if (list != 0 && list != field) {
            throw new Problem.Invalid("input '" + input + "': 'contents' holds values of several types");
        }
        list = field;
        if (size == most) {
            throw new Problem.Invalid("input '" + input + "': too many values in one request");
        }
        switch (field) {
            case FP32S -> real(in.readFloat());
            case FP64S -> real(in.readDouble());
            case BYTES -> text(in);
            case BOOLS -> whole(in.readBool() ? 1 : 0);
            case INTS -> whole(in.readInt32());
            case UINTS -> whole(in.readUInt32() & 0xffff_ffffL);
            default -> whole(in.readInt64());
        }
        size++;
    }

    private void whole(long value) {
        if (size == wholes.length) {
            wholes = Arrays.copyOf(wholes, more());
        }
        wholes[size] = value;
    }

    private void real(double value) {
        if (size == reals.length) {
            reals = Arrays.copyOf(reals, more());
        }
        reals[size] = value;
    }

    private void text(CodedInputStream in) throws IOException {
        if (size == texts.length) {
            texts = Arrays.copyOf(texts, more());
        }
        int length = in.readRawVarint32();
        int start = from + in.getTotalBytesRead();
        in.skipRawBytes(length);
        texts[size] = BinaryData.text(input, size, message, start, length);
    }

    private int more() {
        return Math.min(most, Math.max(8, size * 2));
    }

    /** Adds the input to the request. */
    void addTo(InferRequestBuilder request, String datatype, long[] shape) {
        int wanted = listOf(datatype);
        if (list != 0 && wanted != 0 && list != wanted) {
            throw new Problem.Invalid(
                    "input '" + input + "': 'contents' does not hold the values of datatype " + datatype);
        }
        if (wanted == 0 && list != 0) {
            throw new Problem.Invalid("input '" + input + "': values of datatype " + datatype
                    + " are sent in raw_input_contents (expected in 'contents': BOOL, INT8…INT64, UINT8…UINT64, FP32,"
                    + " FP64 or BYTES)");
        }
        switch (wanted) {
            case FP32S, FP64S -> request.addReals(input, datatype, shape, Arrays.copyOf(reals, size));
            case BYTES -> request.addTexts(input, datatype, shape, Arrays.copyOf(texts, size));
            case BOOLS -> request.addTruths(input, datatype, shape, Arrays.copyOf(wholes, size));
            default -> request.addWholes(input, datatype, shape, Arrays.copyOf(wholes, size));
        }
    }
}
