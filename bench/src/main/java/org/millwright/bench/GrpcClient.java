package org.millwright.bench;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;

/**
 * One HTTP/2 connection that asks for predictions over gRPC, with messages that were written before: as little client as can
 * be, like {@link Connection}, so that both protocols are measured by what their server does. RFC 9113, RFC 7541.
 */
final class GrpcClient implements Load.Client {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int HEAD = 9;
    private static final int LONGEST_FRAME = 16_384;
    private static final int WINDOW = 65_535;
    private static final int WIDEST = Integer.MAX_VALUE;
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RESET = 3;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int GO_AWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final int END_STREAM = 1;
    private static final int ACK = 1;
    private static final int END_HEADERS = 4;
    private static final int INITIAL_WINDOW_SIZE = 4;

    private final Socket socket;
    private final InputStream in;
    private final IntFunction<byte[]> messages;
    private final byte[] headers;
    private final byte[] buffer = new byte[256 * 1024];
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int filled;
    private int at;
    private int stream = -1;
    private long received;
    private long window = WINDOW;
    private long streamWindow = WINDOW;
    private int initialWindow = WINDOW;
    private boolean hasMessage;
    private boolean ended;

    GrpcClient(int port, IntFunction<byte[]> messages) throws IOException {
        this.messages = messages;
        this.headers = headers(port);
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
        out.writeBytes(PREFACE);
        var settings = ByteBuffer.allocate(6).putShort((short) INITIAL_WINDOW_SIZE);
        frame(SETTINGS, 0, 0, settings.putInt(WIDEST).array(), 0, 6);
        widen(WIDEST - WINDOW);
        flush();
    }

    /** The head that every call has, without the table that a connection may keep. */
    private static byte[] headers(int port) {
        var block = new ByteArrayOutputStream();
        block.write(0x83); // :method POST
        block.write(0x86); // :scheme http
        field(block, 4, "/inference.GRPCInferenceService/ModelInfer");
        field(block, 1, "127.0.0.1:" + port);
        field(block, 0, "content-type", "application/grpc");
        field(block, 0, "te", "trailers");
        return block.toByteArray();
    }

    private static void field(ByteArrayOutputStream block, int name, String... texts) {
        block.write(name);
        for (String text : texts) {
            block.write(text.length());
            block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        }
    }

    /** Whether a message came back: a call that fails ends without one. */
    @Override
    public boolean ask(int number) throws IOException {
        stream += 2;
        streamWindow = initialWindow;
        hasMessage = false;
        ended = false;
        byte[] message = messages.apply(number);
        byte[] body = ByteBuffer.allocate(5 + message.length)
                .put((byte) 0)
                .putInt(message.length)
                .put(message)
                .array();
        frame(HEADERS, END_HEADERS, stream, headers, 0, headers.length);
        for (int from = 0; from < body.length; ) {
            int length = (int) Math.min(Math.min(window, streamWindow), Math.min(LONGEST_FRAME, body.length - from));
            if (length <= 0) {
                flush();
                read();
                continue;
            }
            frame(DATA, from + length == body.length ? END_STREAM : 0, stream, body, from, length);
            from += length;
            window -= length;
            streamWindow -= length;
        }
        flush();
        while (!ended) {
            read();
        }
        return hasMessage;
    }

    private void read() throws IOException {
        need(HEAD);
        int length = Byte.toUnsignedInt(buffer[at]) << 16
                | Byte.toUnsignedInt(buffer[at + 1]) << 8
                | Byte.toUnsignedInt(buffer[at + 2]);
        int type = buffer[at + 3];
        int flags = buffer[at + 4];
        int of = number(at + 5);
        need(HEAD + length);
        take(type, flags, of, at + HEAD, length);
        at += HEAD + length;
    }

    private void take(int type, int flags, int of, int from, int length) throws IOException {
        switch (type) {
            case DATA -> {
                hasMessage |= length > 5;
                received += length;
            }
            case RESET, GO_AWAY -> throw new IOException("the server ended the connection or the call");
            case SETTINGS -> settings(flags, from, length);
            case PING -> {
                if ((flags & ACK) == 0) {
                    frame(PING, ACK, 0, buffer, from, length);
                    flush();
                }
            }
            case WINDOW_UPDATE -> {
                window += of == 0 ? number(from) : 0;
                streamWindow += of == stream ? number(from) : 0;
            }
            default -> {}
        }
        ended |= of == stream && (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0;
        if (received > WIDEST / 2) {
            widen((int) received);
            received = 0;
        }
    }

    private void settings(int flags, int from, int length) throws IOException {
        if ((flags & ACK) != 0) {
            return;
        }
        for (int i = from; i < from + length; i += 6) {
            if (buffer[i + 1] == INITIAL_WINDOW_SIZE) {
                streamWindow += number(i + 2) - initialWindow;
                initialWindow = number(i + 2);
            }
        }
        frame(SETTINGS, ACK, 0, buffer, 0, 0);
        flush();
    }

    private void widen(int by) {
        frame(WINDOW_UPDATE, 0, 0, ByteBuffer.allocate(4).putInt(by).array(), 0, 4);
    }

    private void frame(int type, int flags, int of, byte[] payload, int from, int length) {
        out.writeBytes(ByteBuffer.allocate(HEAD)
                .putInt(length << 8 | type)
                .put((byte) flags)
                .putInt(of)
                .array());
        out.write(payload, from, length);
    }

    private void flush() throws IOException {
        out.writeTo(socket.getOutputStream());
        out.reset();
    }

    private int number(int from) {
        return ByteBuffer.wrap(buffer).getInt(from) & WIDEST;
    }

    /** Waits until so many bytes are there. */
    private void need(int count) throws IOException {
        if (at == filled) {
            at = 0;
            filled = 0;
        } else if (at + count > buffer.length) {
            System.arraycopy(buffer, at, buffer, 0, filled - at);
            filled -= at;
            at = 0;
        }
        while (filled - at < count) {
            int read = in.read(buffer, filled, buffer.length - filled);
            if (read < 0) {
                throw new EOFException("the server closed the connection");
            }
            filled += read;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
