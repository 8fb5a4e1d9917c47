package org.millwright.egress;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLSocketFactory;

/**
 * Asks a service and reads its answer whole, like {@link HttpPost}: no second look-up, no redirects.
 *
 * @param most bytes that an answer may have; a longer one is refused
 * @param timeout for all of it together, however slowly the answer trickles
 */
public record HttpExchange(int most, Duration timeout) {
    /**
     * Sends the request.
     *
     * @param address of the URL's host, checked by the caller
     * @param headers beside the usual ones; neither names nor values with a line break
     */
    public HttpPost.Answer send(String method, URI url, InetAddress address, Map<String, String> headers, byte[] body)
            throws IOException {
        long end = System.nanoTime() + timeout.toNanos();
        boolean secure = "https".equalsIgnoreCase(url.getScheme());
        int port = url.getPort() > 0 ? url.getPort() : secure ? 443 : 80;
        try (Socket socket = HttpPost.connect(address, port, timeout);
                Socket channel = secure
                        ? HttpPost.secured(
                                (SSLSocketFactory) SSLSocketFactory.getDefault(),
                                socket,
                                HttpPost.bare(url.getHost()),
                                port)
                        : socket) {
            var out = channel.getOutputStream();
            out.write(HttpPost.head(method, url, body.length, headers).getBytes(StandardCharsets.ISO_8859_1));
            out.write(body);
            out.flush();
            var in = new BufferedInputStream(new Timed(channel.getInputStream(), channel, end));
            HttpPost.Answer answer = HttpPost.answer(in, most + 1);
            if (answer.body().length() > most) {
                throw new IOException(url.getHost() + " answered with more than " + most + " bytes");
            }
            return answer;
        } catch (SocketTimeoutException e) {
            throw new IOException(url.getHost() + " did not answer whole within " + timeout.toMillis() + " ms", e);
        }
    }

    /** Ends every read when the whole time is over. */
    private static final class Timed extends FilterInputStream {
        private final Socket socket;
        private final long end;

        Timed(InputStream in, Socket socket, long end) {
            super(in);
            this.socket = socket;
            this.end = end;
        }

        @Override
        public int read() throws IOException {
            limit();
            return super.read();
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            limit();
            return super.read(bytes, from, length);
        }

        private void limit() throws IOException {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new SocketTimeoutException("The answer takes too long");
            }
            socket.setSoTimeout((int) Math.min(Integer.MAX_VALUE, left));
        }
    }
}
