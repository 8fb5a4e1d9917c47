package org.millwright.scorer;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.millwright.scoring.remote.Address;
import org.millwright.scoring.remote.Limited;

/** A bundle's archive behind an address: a Millwright server's, or any that answers GET, with a tag or without. */
final class HttpSource implements Source {
    private static final long MOST_BYTES = 8L << 30;
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int OK = 200;
    private static final int NOT_MODIFIED = 304;

    private final HttpClient http;
    private final Address address;

    HttpSource(HttpClient http, Address address) {
        this.http = http;
        this.address = address;
    }

    @Override
    public Found fetch(String tag, Path target) throws IOException, InterruptedException {
        var request = address.request().GET();
        if (!tag.isEmpty()) {
            request.header("If-None-Match", tag);
        }
        HttpResponse<String> answer = Address.send(
                http,
                request.build(),
                head -> head.statusCode() == OK
                        ? BodySubscribers.mapping(new Limited<>(BodySubscribers.ofFile(target), MOST_BYTES), file -> "")
                        : new Limited<>(BodySubscribers.ofString(StandardCharsets.UTF_8), Address.MOST_TEXT),
                PATIENCE);
        if (answer.statusCode() == NOT_MODIFIED && !tag.isEmpty()) {
            return new Found(tag, pointer(answer));
        }
        if (answer.statusCode() == OK) {
            return new Found(answer.headers().firstValue("ETag").orElse(""), pointer(answer));
        }
        if (Address.isPassing(answer.statusCode())) {
            throw new IOException("it answered " + answer.statusCode());
        }
        throw new Declined(place() + " answered " + answer.statusCode() + Address.reason(answer.body()));
    }

    private static String pointer(HttpResponse<?> answer) {
        try {
            String header = answer.headers().firstValue("x-mw-pointer").orElse("");
            return new String(Base64.getDecoder().decode(header), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    @Override
    public String place() {
        return address.shown();
    }
}
