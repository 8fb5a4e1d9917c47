package org.millwright.registry;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Posts to a webhook over a connection of its own.
 *
 * <p>It connects to the address that was checked, without a second look-up that could give another one, follows no
 * redirect, and reads no more of an answer than it shows.
 */
final class WebhookSender {
    private static final int MAX_BODY = 8 * 1024;
    private static final int MAX_LINE = 8 * 1024;

    private final WebhookPolicy policy;

    WebhookSender(WebhookPolicy policy) {
        this.policy = policy;
    }

    /** What the webhook answered; {@code retryAfter} when it said how long to wait. */
    record Answer(int status, String body, Optional<Duration> retryAfter) {}

    /** Sends the body, signed when there is a secret. */
    Answer send(String url, String body, String deliveryId, long unixSeconds, Optional<String> secret)
            throws IOException {
        URI target = policy.parsed(url);
        var address = policy.address(target);
        boolean secure = "https".equalsIgnoreCase(target.getScheme());
        int port = target.getPort() > 0 ? target.getPort() : secure ? 443 : 80;
        int millis = (int) Math.min(Integer.MAX_VALUE, policy.timeout().toMillis());
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), millis);
            socket.setSoTimeout(millis);
            try (Socket channel = secure ? secured(socket, target.getHost(), port) : socket) {
                byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
                var out = channel.getOutputStream();
                out.write(head(
                                target,
                                bytes.length,
                                deliveryId,
                                unixSeconds,
                                signature(secret, deliveryId, unixSeconds, body))
                        .getBytes(StandardCharsets.ISO_8859_1));
                out.write(bytes);
                out.flush();
                return answer(new BufferedInputStream(channel.getInputStream()));
            }
        }
    }

    private static SSLSocket secured(Socket socket, String host, int port) throws IOException {
        var secured =
                (SSLSocket) ((SSLSocketFactory) SSLSocketFactory.getDefault()).createSocket(socket, host, port, true);
        var parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    private static String head(URI url, int length, String deliveryId, long unixSeconds, Optional<String> signature) {
        String path = url.getRawPath() == null || url.getRawPath().isEmpty()
                ? "/"
                : url.toASCIIString().replaceFirst("^[^:]+://[^/]*", "").replaceFirst("#.*$", "");
        return "POST " + path + " HTTP/1.1\r\n"
                + "Host: " + url.getRawAuthority() + "\r\n"
                + "User-Agent: millwright\r\n"
                + "Content-Type: application/json\r\n"
                + "Content-Length: " + length + "\r\n"
                + "Connection: close\r\n"
                + "X-MLflow-Delivery-Id: " + deliveryId + "\r\n"
                + "X-MLflow-Timestamp: " + unixSeconds + "\r\n"
                + signature.map(text -> "X-MLflow-Signature: " + text + "\r\n").orElse("")
                + "\r\n";
    }

    /** {@code v1,} and base64 of the HMAC-SHA256 over id, time and body. */
    static Optional<String> signature(Optional<String> secret, String deliveryId, long unixSeconds, String body) {
        return secret.map(key -> {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
                byte[] code =
                        mac.doFinal((deliveryId + "." + unixSeconds + "." + body).getBytes(StandardCharsets.UTF_8));
                return "v1," + Base64.getEncoder().encodeToString(code);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static Answer answer(InputStream in) throws IOException {
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
        return new Answer(status, body(in, headers), retryAfter(headers));
    }

    private static Optional<Duration> retryAfter(Map<String, String> headers) {
        return Optional.ofNullable(headers.get("retry-after"))
                .filter(text -> text.matches("\\d{1,5}"))
                .map(text -> Duration.ofSeconds(Math.min(3_600, Long.parseLong(text))));
    }

    private static String body(InputStream in, Map<String, String> headers) throws IOException {
        var bytes = new ByteArrayOutputStream();
        if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
            for (int size = chunk(in); size > 0 && bytes.size() < MAX_BODY; size = chunk(in)) {
                bytes.write(in.readNBytes(Math.min(size, MAX_BODY)));
                line(in);
            }
        } else {
            String announced = headers.getOrDefault("content-length", "");
            int most = announced.matches("\\d{1,9}") ? Math.min(MAX_BODY, Integer.parseInt(announced)) : MAX_BODY;
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
