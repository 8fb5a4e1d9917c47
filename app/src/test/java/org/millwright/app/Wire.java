package org.millwright.app;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One connection that sends any bytes, as no HTTP client would; an answer that does not come in time fails the test. */
public final class Wire implements AutoCloseable {
    private static final int PATIENCE = 15_000;

    private final Socket socket;

    public Wire(int port) {
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(PATIENCE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a server answered; status 0 when it closed the connection without a word. */
    public record Answer(int status, String head, String body) {}

    /** The answer to a whole request. */
    public static Answer ask(int port, String method, String target, byte[] body) {
        try (var wire = new Wire(port)) {
            return wire.send(head(method, target, body.length)).send(body).answer();
        }
    }

    public static String head(String method, String target, long length) {
        return method + " " + target
                + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: " + length
                + "\r\n\r\n";
    }

    public Wire send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends as much as the server takes. */
    public Wire send(byte[] bytes) {
        try {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
            out.flush();
        } catch (IOException e) {
            // The server closed the connection; its answer is still to be read.
        }
        return this;
    }

    /** Says that nothing more will come. */
    public Wire end() {
        try {
            socket.shutdownOutput();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Answer answer() {
        try {
            InputStream in = socket.getInputStream();
            String head = head(in);
            if (head.isEmpty()) {
                return new Answer(0, "", "");
            }
            String lower = head.toLowerCase(Locale.ROOT);
            int at = lower.indexOf("content-length:");
            int length = at < 0
                    ? 0
                    : Integer.parseInt(
                            lower.substring(at + 15, lower.indexOf('\r', at)).strip());
            String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
            return new Answer(Integer.parseInt(head.substring(9, 12)), head, body);
        } catch (IOException e) {
            throw new AssertionError("The server did not answer", e);
        }
    }

    /** Whether the server closes the connection without another word. */
    public boolean isClosed() {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException e) {
            return String.valueOf(e.getMessage()).contains("reset");
        }
    }

    private static String head(InputStream in) throws IOException {
        var head = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0; b = in.read()) {
            head.write(b);
            if (b == '\n' && head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                break;
            }
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
