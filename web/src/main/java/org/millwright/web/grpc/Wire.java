package org.millwright.web.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import org.millwright.kernel.Problem;

/** The protocol's messages on the wire: tags of their fields (number × 8 + wire type), and the small ones themselves. */
final class Wire {
    static final int MODEL = 1 << 3 | 2;
    static final int VERSION = 2 << 3 | 2;
    static final int ID = 3 << 3 | 2;
    static final int PARAMETERS = 4 << 3 | 2;
    static final int INPUTS = 5 << 3 | 2;
    static final int OUTPUTS = 6 << 3 | 2;
    static final int RAW = 7 << 3 | 2;

    static final int NAME = 1 << 3 | 2;
    static final int DATATYPE = 2 << 3 | 2;
    static final int DIMENSION = 3 << 3;
    static final int SHAPE = 3 << 3 | 2;
    static final int TENSOR_PARAMETERS = 4 << 3 | 2;
    static final int CONTENTS = 5 << 3 | 2;
    static final int OUTPUT_PARAMETERS = 2 << 3 | 2;

    private static final int KEY = 1 << 3 | 2;
    private static final int VALUE = 2 << 3 | 2;
    private static final int INT64 = 2 << 3;
    private static final int UINT64 = 5 << 3;

    private Wire() {}

    /** The model and version that a request names, by the same fields in all messages; version "" when it names none. */
    record Named(String model, String version) {
        static Named read(byte[] message) {
            return checked(() -> {
                CodedInputStream in = CodedInputStream.newInstance(message);
                String model = "";
                String version = "";
                for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                    switch (tag) {
                        case MODEL -> model = in.readStringRequireUtf8();
                        case VERSION -> version = in.readStringRequireUtf8();
                        default -> in.skipField(tag);
                    }
                }
                return new Named(model, version);
            });
        }
    }

    /** A parameter; its value when it is a whole number. */
    record Parameter(String name, boolean isWhole, long whole) {}

    /** Reads an entry of a map of parameters. */
    static Parameter parameter(CodedInputStream in) throws IOException {
        String name = "";
        boolean isWhole = false;
        long whole = 0;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag) {
                case KEY -> name = in.readStringRequireUtf8();
                case VALUE -> {
                    int outer = in.pushLimit(in.readRawVarint32());
                    for (int kind = in.readTag(); kind != 0; kind = in.readTag()) {
                        isWhole = kind == INT64 || kind == UINT64;
                        if (isWhole) {
                            whole = in.readInt64();
                        } else {
                            in.skipField(kind);
                        }
                    }
                    in.popLimit(outer);
                }
                default -> in.skipField(tag);
            }
        }
        return new Parameter(name, isWhole, whole);
    }

    /** What reads a message. */
    interface Reading<T> {
        T read() throws IOException;
    }

    /** Runs what reads a message; what is no protobuf is the caller's fault. */
    static <T> T checked(Reading<T> reading) {
        try {
            return reading.read();
        } catch (InvalidProtocolBufferException e) {
            throw new Problem.Invalid("the message is no valid protobuf of its type: " + e.getMessage());
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory does not fail otherwise", e);
        }
    }
}
