package org.millwright.bench;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One kept connection to a server of this machine, for one thread: as little client as can be. */
final class Connection implements AutoCloseable {
    private static final String LENGTH = "content-length:";

    private static final int CHUNK = 256 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final byte[] buffer = new byte[CHUNK];
    private int filled;
    private int at;

    Connection(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
    }

    /** Sends a whole request and reads the whole answer, whose status it returns. */
    int ask(byte[] request) throws IOException {
        return ask(request, null);
    }

    /** {@link #ask(byte[])} that keeps the body, for clients that read it. */
    byte[] body(byte[] request) throws IOException {
        var body = new ByteArrayOutputStream();
        int status = ask(request, body);
        if (status != 200) {
            throw new IOException("The server answered " + status + ": " + body.toString(StandardCharsets.UTF_8));
        }
        return body.toByteArray();
    }

    /** {@link #ask(byte[])} for a request whose body follows its head. */
    int send(byte[] head, InputStream body) throws IOException {
        socket.getOutputStream().write(head);
        var chunk = new byte[CHUNK];
        for (int n = body.read(chunk, 0, CHUNK); n > 0; n = body.read(chunk, 0, CHUNK)) {
            socket.getOutputStream().write(chunk, 0, n);
        }
        return answer(null);
    }

    /** {@link #ask(byte[])} that counts the bytes of a body of any length. */
    long count(byte[] request) throws IOException {
        var count = new OutputStream() {
            private long bytes;

            @Override
            public void write(int b) {
                bytes++;
            }

            @Override
            public void write(byte[] b, int offset, int length) {
                bytes += length;
            }
        };
        int status = ask(request, count);
        if (status != 200) {
            throw new IOException("The server answered " + status);
        }
        return count.bytes;
    }

    private int ask(byte[] request, @Nullable OutputStream body) throws IOException {
        socket.getOutputStream().write(request);
        return answer(body);
    }

    private int answer(@Nullable OutputStream body) throws IOException {
        filled = 0;
        int end = -1;
        while (end < 0) {
            int from = Math.max(0, filled - 3);
            fill();
            end = endOfHead(from);
        }
        String head = new String(buffer, 0, end, StandardCharsets.ISO_8859_1);
        at = end;
        if (head.toLowerCase(Locale.ROOT).contains("transfer-encoding: chunked")) {
            for (int size = chunkSize(); size > 0; size = chunkSize()) {
                take(size, body);
                line();
            }
            line();
        } else {
            take(contentLength(head), body);
        }
        return Integer.parseInt(head.substring(9, 12));
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(line().split(";", 2)[0].strip(), 16);
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int c = next(); c != '\n'; c = next()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    private int next() throws IOException {
        more();
        return buffer[at++];
    }

    private void take(long count, @Nullable OutputStream body) throws IOException {
        for (long left = count; left > 0; ) {
            more();
            int n = (int) Math.min(left, filled - at);
            if (body != null) {
                body.write(buffer, at, n);
            }
            at += n;
            left -= n;
        }
    }

    private void more() throws IOException {
        if (at == filled) {
            at = 0;
            filled = 0;
            fill();
        }
    }

    private void fill() throws IOException {
        if (filled == buffer.length) {
            throw new IOException("the answer is longer than " + buffer.length + " bytes");
        }
        int read = in.read(buffer, filled, buffer.length - filled);
        if (read < 0) {
            throw new EOFException("the server closed the connection");
        }
        filled += read;
    }

    private int endOfHead(int from) {
        for (int i = from; i + 3 < filled; i++) {
            if (buffer[i] == '\r' && buffer[i + 1] == '\n' && buffer[i + 2] == '\r' && buffer[i + 3] == '\n') {
                return i + 4;
            }
        }
        return -1;
    }

    private static long contentLength(String head) throws IOException {
        int at = head.toLowerCase(Locale.ROOT).indexOf(LENGTH);
        if (at < 0) {
            throw new IOException("the answer does not tell its length: " + head);
        }
        return Long.parseLong(
                head.substring(at + LENGTH.length(), head.indexOf('\r', at)).strip());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
