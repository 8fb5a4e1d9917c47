package org.millwright.web.grpc;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** A protobuf message that is being written, field by field. */
final class Message {
    private static final int BUFFER = 256;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(BUFFER);
    private final CodedOutputStream out = CodedOutputStream.newInstance(bytes, BUFFER);

    /** What writes to the message's stream. */
    interface Writing {
        void to(CodedOutputStream out) throws IOException;
    }

    /** Fields as the stream's own verbs write them. */
    Message write(Writing writing) {
        try {
            writing.to(out);
            return this;
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory does not fail", e);
        }
    }

    /** A text, left out when empty, as the format wants it. */
    Message text(int field, String text) {
        return text.isEmpty() ? this : write(to -> to.writeString(field, text));
    }

    /** An element of repeated texts. */
    Message element(int field, String text) {
        return write(to -> to.writeString(field, text));
    }

    Message flag(int field, boolean flag) {
        return write(to -> to.writeBool(field, flag));
    }

    Message bytes(int field, byte[] value) {
        return write(to -> to.writeByteArray(field, value));
    }

    Message message(int field, Message part) {
        return bytes(field, part.toBytes());
    }

    /** Repeated numbers without a tag for each. */
    Message packed(int field, Writing values) {
        var part = new Message();
        part.write(values);
        return bytes(field, part.toBytes());
    }

    byte[] toBytes() {
        write(CodedOutputStream::flush);
        return bytes.toByteArray();
    }
}
