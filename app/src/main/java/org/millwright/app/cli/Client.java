package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

/** Talks to a server's own API; its errors come back as the problems that they are. */
final class Client {
    private final URI server;
    private final Optional<String> token;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    Client(String server, Optional<String> token) {
        this.server = URI.create(server.endsWith("/") ? server : server + "/");
        this.token = token;
    }

    String server() {
        return server.toString().replaceAll("/$", "");
    }

    JsonNode get(String path) {
        return send(request(path).GET());
    }

    JsonNode post(String path, ObjectNode body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(Json.bytes(body))));
    }

    JsonNode put(String path, byte[] body, String type) {
        return send(request(path).header("Content-Type", type).PUT(BodyPublishers.ofByteArray(body)));
    }

    /** A text as part of a path or a query. */
    static String enc(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private HttpRequest.Builder request(String path) {
        var builder = HttpRequest.newBuilder(server.resolve("api/1/" + path)).timeout(Duration.ofMinutes(30));
        token.ifPresent(value -> builder.header("Authorization", "Bearer " + value));
        return builder;
    }

    private JsonNode send(HttpRequest.Builder builder) {
        HttpResponse<byte[]> response;
        try {
            response = http.send(builder.build(), BodyHandlers.ofByteArray());
        } catch (ConnectException e) {
            throw new Problem.Unavailable(
                    "No server answers at " + server(), "Start it with mw serve, or name it: --server URL.", e);
        } catch (IOException e) {
            throw new Problem.Unavailable("Talking to " + server() + " failed: " + e, "Is it a Millwright server?", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem.Unavailable("Interrupted", "", e);
        }
        if (response.statusCode() < 300) {
            return response.body().length == 0 ? Json.object() : Json.parse(response.body());
        }
        throw problem(response);
    }

    private Problem problem(HttpResponse<byte[]> response) {
        JsonNode error;
        try {
            error = Json.parse(response.body()).path("error");
        } catch (Problem.Invalid e) {
            error = Json.object();
        }
        String message = error.path("message").asText("The server answered " + response.statusCode());
        String next = error.path("next").asText("");
        return switch (response.statusCode()) {
            case 400 -> new Problem.Invalid(message, next);
            case 401 -> new Problem.Denied(message, "Give a token: --as NAME, or MW_TOKEN.");
            case 403 -> new Problem.Denied(message, next);
            case 404 -> new Problem.NotFound(message, next);
            case 409 -> new Problem.Conflict(message, next);
            case 413 -> new Problem.TooLarge(message, next);
            case 422 -> new Problem.Refused(message, next);
            default -> new Problem.Unavailable(message, next);
        };
    }
}
