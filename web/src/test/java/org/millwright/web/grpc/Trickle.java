package org.millwright.web.grpc;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** A call over bare HTTP/2 whose message comes byte by byte and never whole. */
final class Trickle implements AutoCloseable {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RESET = 3;
    private static final int SETTINGS = 4;
    private static final int END_OF_HEADERS = 4;
    private static final byte[] STATUS = "grpc-status".getBytes(StandardCharsets.US_ASCII);

    private final Socket socket;
    private final OutputStream out;
    private final DataInputStream in;
    private boolean ended;
    private byte[] trailers = {};

    Trickle(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        out = socket.getOutputStream();
        in = new DataInputStream(socket.getInputStream());
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        // No table of headers, so that what comes back is spelt out.
        frame(SETTINGS, 0, 0, new byte[] {0, 1, 0, 0, 0, 0});
        var headers = new ByteArrayOutputStream();
        Map.of(":method", "POST", ":scheme", "http", ":path", "/" + InferenceService.NAME + "/ModelInfer")
                .forEach((name, value) -> header(headers, name, value));
        header(headers, ":authority", "localhost");
        header(headers, "content-type", "application/grpc");
        header(headers, "te", "trailers");
        frame(HEADERS, END_OF_HEADERS, 1, headers.toByteArray());
        frame(DATA, 0, 1, new byte[] {0, 0, 1, 0, 0});
    }

    private static void header(ByteArrayOutputStream headers, String name, String value) {
        headers.write(0);
        for (String text : new String[] {name, value}) {
            headers.write(text.length());
            headers.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private void frame(int type, int flags, int stream, byte[] payload) throws IOException {
        out.write(ByteBuffer.allocate(9 + payload.length)
                .put((byte) 0)
                .putShort((short) payload.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array());
    }

    void send(byte next) throws IOException {
        frame(DATA, 0, 1, new byte[] {next});
    }

    /** Whether the server has ended the call. */
    boolean isEnded() throws IOException {
        while (!ended && in.available() > 0) {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            in.readUnsignedByte();
            int stream = in.readInt();
            byte[] payload = in.readNBytes(length);
            trailers = type == HEADERS && stream == 1 ? payload : trailers;
            ended = stream == 1 && (type == HEADERS || type == RESET);
        }
        return ended;
    }

    /** The status that it was ended with: the digits after the header's name, which is not compressed by this server. */
    int status() {
        for (int at = 0; at + STATUS.length < trailers.length; at++) {
            if (Arrays.equals(trailers, at, at + STATUS.length, STATUS, 0, STATUS.length)) {
                return trailers[at + STATUS.length + 1] - '0';
            }
        }
        throw new IllegalStateException("no status in " + new String(trailers, StandardCharsets.ISO_8859_1));
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
