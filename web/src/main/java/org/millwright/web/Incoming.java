package org.millwright.web;

import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import org.millwright.kernel.Problem;

/**
 * The body of a request, whose failures are the caller's: it ends early, is malformed, or does not come.
 *
 * <p>Closing leaves the rest unread: the server reads or drops it after the answer.
 */
final class Incoming extends InputStream {
    private final ServerRequest request;
    private final InputStream body;

    Incoming(ServerRequest request) {
        this.request = request;
        this.body = request.content().inputStream();
    }

    /** Marks a request of whose body the end is unknown: nothing after it on the connection can be understood. */
    record Broken() {
        static boolean is(ServerRequest request) {
            return request.context().get(Broken.class).isPresent();
        }
    }

    @Override
    public int read() {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        try {
            return body.read(bytes, offset, length);
        } catch (IOException | RuntimeException e) {
            request.context().register(new Broken());
            throw new Problem.Invalid(
                    "The body ended early, came too slowly or is malformed", "Send the whole request again.");
        }
    }
}
