package org.millwright.web.grpc;

import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Messages as their bytes, which the methods read and write themselves. */
final class Bytes {
    static final Marshaller<byte[]> SENT = new Sent();
    static final Marshaller<Received> RECEIVED = new Reception();

    private Bytes() {}

    /** A message as it came, or why it did not: it grew too large as it was unpacked. */
    static final class Received {
        private final byte[] bytes;
        private final @Nullable StatusRuntimeException refusal;

        private Received(byte[] bytes, @Nullable StatusRuntimeException refusal) {
            this.bytes = bytes;
            this.refusal = refusal;
        }

        byte[] bytes() {
            if (refusal != null) {
                throw refusal;
            }
            return bytes;
        }
    }

    /** What is thrown while a message is read would end the call without a reason: it is thrown later. */
    private static final class Reception implements Marshaller<Received> {
        @Override
        public InputStream stream(Received message) {
            return SENT.stream(message.bytes());
        }

        @Override
        public Received parse(InputStream stream) {
            try {
                return new Received(SENT.parse(stream), null);
            } catch (StatusRuntimeException e) {
                return new Received(new byte[0], e);
            } catch (UncheckedIOException e) {
                Status status = Status.INVALID_ARGUMENT.withDescription("the message cannot be unpacked");
                return new Received(new byte[0], status.asRuntimeException());
            }
        }
    }

    private static final class Sent implements Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] message) {
            return new Known(message);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A stream whose length the transport may ask. */
    private static final class Known extends ByteArrayInputStream implements KnownLength {
        private Known(byte[] bytes) {
            super(bytes);
        }
    }
}
