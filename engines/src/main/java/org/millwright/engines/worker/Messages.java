package org.millwright.engines.worker;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;

/** Whole messages over a socket, as {@code mw_worker.py} describes them; for one thread at a time. */
final class Messages implements AutoCloseable {
    static final byte HELLO = 1;
    static final byte READY = 2;
    static final byte PREDICT = 3;
    static final byte ANSWER = 4;
    static final byte REFUSED = 5;
    static final byte FAILED = 6;

    /** The other side's word is not ours; it is not believed any further. */
    static final class Strange extends IOException {
        private static final long serialVersionUID = 1L;

        Strange(String message) {
            super(message);
        }
    }

    /** A message's kind and its body, read from the beginning. */
    record Message(byte kind, ByteBuffer body) {}

    private final SocketChannel channel;
    private final int limit;
    /** What was read and not yet taken. Large messages pass through both, so that no native memory of their size is kept. */
    private final ByteBuffer in =
            ByteBuffer.allocateDirect(64 << 10).order(ByteOrder.LITTLE_ENDIAN).limit(0);

    private final ByteBuffer out = ByteBuffer.allocateDirect(64 << 10);

    Messages(SocketChannel channel, int limit) {
        this.channel = channel;
        this.limit = limit;
    }

    /** Sends a message that was made by {@link TableWriter}. */
    void send(ByteBuffer message) throws IOException {
        while (message.hasRemaining()) {
            out.clear();
            int count = Math.min(out.remaining(), message.remaining());
            out.put(message.slice(message.position(), count)).flip();
            message.position(message.position() + count);
            while (out.hasRemaining()) {
                channel.write(out);
            }
        }
    }

    /** Waits for the next message; {@link EOFException} when the other side is gone. */
    Message receive() throws IOException {
        while (in.remaining() < Integer.BYTES + 1) {
            in.compact();
            read();
        }
        int length = in.getInt();
        byte kind = in.get();
        if (length < 1 || length > limit) {
            throw new Strange(
                    "sent a message of " + Integer.toUnsignedString(length) + " bytes (expected: 1 to " + limit + ")");
        }
        ByteBuffer body = ByteBuffer.allocate(length - 1).order(ByteOrder.LITTLE_ENDIAN);
        take(body);
        while (body.hasRemaining()) {
            in.clear();
            read();
            take(body);
        }
        return new Message(kind, body.flip());
    }

    private void take(ByteBuffer body) {
        int count = Math.min(in.remaining(), body.remaining());
        body.put(in.slice(in.position(), count));
        in.position(in.position() + count);
    }

    private void read() throws IOException {
        int count = channel.read(in);
        in.flip();
        if (count < 0) {
            throw new EOFException();
        }
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It is of no more use either way.
        }
    }
}
