package org.millwright.egress;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Posts JSON over a connection of its own.
 *
 * <p>It connects to the address that was checked, without a second look-up that could give another one, follows no
 * redirect, and reads no more of an answer than it shows.
 */
public final class HttpPost {
    private static final int MAX_BODY = 8 * 1024;
    private static final int MAX_LINE = 8 * 1024;

    private HttpPost() {}

    /** What was answered; {@code retryAfter} when it said how long to wait. */
    public record Answer(int status, String body, Optional<Duration> retryAfter) {}

    /**
     * Sends the body.
     *
     * @param address of the URL's host, checked by the caller
     * @param headers beside the usual ones; neither names nor values with a line break
     * @param timeout for connecting, and for each read
     */
    public static Answer send(URI url, InetAddress address, Map<String, String> headers, byte[] body, Duration timeout)
            throws IOException {
        boolean secure = "https".equalsIgnoreCase(url.getScheme());
        int port = url.getPort() > 0 ? url.getPort() : secure ? 443 : 80;
        try (Socket socket = connect(address, port, timeout)) {
            try (Socket channel = secure
                    ? secured((SSLSocketFactory) SSLSocketFactory.getDefault(), socket, bare(url.getHost()), port)
                    : socket) {
                var out = channel.getOutputStream();
                out.write(head("POST", url, body.length, headers).getBytes(StandardCharsets.ISO_8859_1));
                out.write(body);
                out.flush();
                return answer(new BufferedInputStream(channel.getInputStream()), MAX_BODY);
            }
        }
    }

    /** A connection to an address that was checked. */
    public static Socket connect(InetAddress address, int port, Duration timeout) throws IOException {
        int millis = (int) Math.min(Integer.MAX_VALUE, timeout.toMillis());
        var socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(address, port), millis);
            socket.setSoTimeout(millis);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** The connection under TLS, with a certificate for the host. */
    public static SSLSocket secured(SSLSocketFactory factory, Socket socket, String host, int port) throws IOException {
        var secured = (SSLSocket) factory.createSocket(socket, host, port, true);
        var parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    /** The host of a URL as a name or an address: IPv6 without its brackets. */
    public static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    static String head(String method, URI url, int length, Map<String, String> headers) {
        String path = url.getRawPath() == null || url.getRawPath().isEmpty()
                ? "/"
                : url.toASCIIString().replaceFirst("^[^:]+://[^/]*", "").replaceFirst("#.*$", "");
        var head = new StringBuilder(method + " " + path + " HTTP/1.1\r\n"
                + "Host: " + url.getRawAuthority() + "\r\n"
                + "User-Agent: millwright\r\n"
                + "Content-Type: application/json\r\n"
                + "Content-Length: " + length + "\r\n"
                + "Connection: close\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return head.append("\r\n").toString();
    }

    /** Reads an answer, and no more of its body than so many bytes. */
    static Answer answer(InputStream in, int most) throws IOException {
        String first = line(in);
        String[] parts = first.split(" ", 3);
        if (parts.length < 2 || !parts[0].startsWith("HTTP/1.") || !parts[1].matches("\\d{3}")) {
            throw new IOException("Not an HTTP answer: " + first);
        }
        var headers = new HashMap<String, String>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            if (colon > 0 && headers.size() < 200) {
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        int status = Integer.parseInt(parts[1]);
        return new Answer(status, body(in, headers, most), retryAfter(headers));
    }

    private static Optional<Duration> retryAfter(Map<String, String> headers) {
        return Optional.ofNullable(headers.get("retry-after"))
                .filter(text -> text.matches("\\d{1,5}"))
                .map(text -> Duration.ofSeconds(Math.min(3_600, Long.parseLong(text))));
    }

    private static String body(InputStream in, Map<String, String> headers, int limit) throws IOException {
        var bytes = new ByteArrayOutputStream();
        if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
            for (int size = chunk(in); size > 0 && bytes.size() < limit; size = chunk(in)) {
                bytes.write(in.readNBytes(Math.min(size, limit)));
                line(in);
            }
        } else {
            String announced = headers.getOrDefault("content-length", "");
            int most = announced.matches("\\d{1,9}") ? Math.min(limit, Integer.parseInt(announced)) : limit;
            bytes.write(in.readNBytes(most));
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static int chunk(InputStream in) throws IOException {
        String size = line(in).split(";", 2)[0].strip();
        try {
            return Integer.parseInt(size, 16);
        } catch (NumberFormatException e) {
            throw new IOException("Not a chunk's size: " + size);
        }
    }

    private static String line(InputStream in) throws IOException {
        var bytes = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("The answer ended early");
            }
            if (bytes.size() > MAX_LINE) {
                throw new IOException("A line of the answer is longer than " + MAX_LINE + " bytes");
            }
            if (c != '\r') {
                bytes.write(c);
            }
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }
}
