package org.millwright.sigstore;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.millwright.egress.Destinations;
import org.millwright.egress.HttpExchange;
import org.millwright.egress.HttpPost;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

/**
 * A service of Sigstore's kind at an address that the operator gave.
 *
 * @param base address before {@code /api}
 * @param timeout for a request and its answer together
 */
public record Service(URI base, Destinations destinations, Duration timeout) {
    public static final Duration USUAL = Duration.ofSeconds(20);
    /** A certificate chain or a log's entry has a few thousand; more is no such answer. */
    private static final int MOST_BYTES = 256 * 1024;

    private static final int SHOWN = 200;

    /** The service at that address; refuses one that may not be sent to. */
    public static Service at(String address, Destinations destinations, Duration timeout) {
        return new Service(destinations.requireUrl(address.strip().replaceFirst("/+$", "")), destinations, timeout);
    }

    /** Posts JSON below the base and returns the JSON that is answered. */
    JsonNode post(String path, JsonNode body) throws IOException {
        URI url = URI.create(base + path);
        return json(url, send("POST", url, Map.of("Accept", "application/json"), Json.bytes(body)));
    }

    /** Gets JSON from the base itself. */
    JsonNode get(Map<String, String> headers) throws IOException {
        return json(base, send("GET", base, headers, new byte[0]));
    }

    private HttpPost.Answer send(String method, URI url, Map<String, String> headers, byte[] body) throws IOException {
        return new HttpExchange(MOST_BYTES, timeout).send(method, url, destinations.address(url), headers, body);
    }

    private static JsonNode json(URI url, HttpPost.Answer answer) throws IOException {
        if (answer.status() < 200 || answer.status() >= 300) {
            throw new IOException(url.getHost() + " answered " + answer.status() + said(answer.body()));
        }
        try {
            return Json.parse(answer.body().getBytes(StandardCharsets.UTF_8));
        } catch (Problem.Invalid e) {
            throw new IOException(url.getHost() + " answered with something that is no JSON: " + e.getMessage(), e);
        }
    }

    /** What the services say of an error is in {@code message}. */
    private static String said(String body) {
        try {
            String message = Json.parse(body).path("message").asText();
            return message.isEmpty() ? "" : ": " + shortened(message);
        } catch (Problem.Invalid e) {
            return "";
        }
    }

    private static String shortened(String text) {
        return text.substring(0, Math.min(SHOWN, text.length())).replaceAll("\\p{Cntrl}", " ");
    }
}
