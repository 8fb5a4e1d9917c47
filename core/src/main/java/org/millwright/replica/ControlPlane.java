package org.millwright.replica;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.millwright.egress.UrlPart;
import org.millwright.kernel.Json;
import org.millwright.scoring.remote.Address;
import org.millwright.scoring.remote.Limited;

/** The server that a replica follows, over its API. */
final class ControlPlane {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PATIENCE_FOR_BUNDLES = Duration.ofMinutes(10);
    private static final long MOST_ROUTING = 64L << 20;
    private static final long MOST_BUNDLE = 8L << 30;
    private static final int OK = 200;
    private static final int NOT_MODIFIED = 304;

    private final String server;
    private final String token;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    ControlPlane(URI server, String token) {
        String text = server.toString();
        this.server = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        this.token = token;
    }

    HttpClient http() {
        return http;
    }

    /** A place of the API. */
    Address at(String path) {
        return new Address(URI.create(server + "/api/1/" + path), token);
    }

    /**
     * What the server routes.
     *
     * @param tag names this text
     * @param text empty when it is the one that the caller has
     */
    record Text(String tag, byte[] text) {
        boolean isKnown() {
            return text.length == 0;
        }
    }

    /** Asks for the routing unless it is still the one of the tag; an {@link IOException} says why there is none. */
    Text routing(String tag) throws IOException, InterruptedException {
        Address address = at("scorers/routing");
        HttpRequest.Builder request = address.request().GET();
        if (!tag.isEmpty()) {
            request.header("If-None-Match", tag);
        }
        HttpResponse<byte[]> answer = send(
                address, request.build(), head -> new Limited<>(BodySubscribers.ofByteArray(), MOST_ROUTING), PATIENCE);
        if (answer.statusCode() == NOT_MODIFIED && !tag.isEmpty()) {
            return new Text(tag, new byte[0]);
        }
        require(address, answer.statusCode(), new String(answer.body(), StandardCharsets.UTF_8));
        return new Text(answer.headers().firstValue("ETag").orElse(""), answer.body());
    }

    /** Writes the archive of a version's bundle to the target. */
    void bundle(String model, String version, Path target) throws IOException, InterruptedException {
        Address address = at("models/" + UrlPart.of(model) + "/versions/" + UrlPart.of(version) + "/bundle");
        BodyHandler<String> body = head -> head.statusCode() == OK
                ? BodySubscribers.mapping(new Limited<>(BodySubscribers.ofFile(target), MOST_BUNDLE), file -> "")
                : new Limited<>(BodySubscribers.ofString(StandardCharsets.UTF_8), Address.MOST_TEXT);
        HttpResponse<String> answer = send(address, address.request().GET().build(), body, PATIENCE_FOR_BUNDLES);
        require(address, answer.statusCode(), answer.body());
    }

    /** Sends a report of counts. */
    void report(ObjectNode counts) throws IOException, InterruptedException {
        Address address = at("scorers/counts");
        HttpResponse<String> answer = send(
                address,
                address.request()
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(Json.bytes(counts)))
                        .build(),
                head -> new Limited<>(BodySubscribers.ofString(StandardCharsets.UTF_8), Address.MOST_TEXT),
                PATIENCE);
        require(address, answer.statusCode(), answer.body());
    }

    private <T> HttpResponse<T> send(Address address, HttpRequest request, BodyHandler<T> body, Duration patience)
            throws IOException, InterruptedException {
        try {
            return Address.send(http, request, body, patience);
        } catch (IOException e) {
            throw new IOException(address.shown() + " cannot be reached: " + e.getMessage(), e);
        }
    }

    private static void require(Address address, int status, String body) throws IOException {
        if (status != OK) {
            throw new IOException(address.shown() + " answered " + status + Address.reason(body));
        }
    }
}
