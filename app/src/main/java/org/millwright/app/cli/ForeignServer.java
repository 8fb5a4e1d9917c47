package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

/** Another MLflow server, read by its own REST API; it is never written to. */
final class ForeignServer {
    private static final Duration ANSWER = Duration.ofMinutes(10);

    private final URI address;
    private final Optional<String> authorization;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    /** @param user "" for a server that asks for none */
    ForeignServer(URI address, String user, String password) {
        this.address = address;
        this.authorization = user.isEmpty()
                ? Optional.empty()
                : Optional.of("Basic "
                        + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8)));
    }

    URI address() {
        return address;
    }

    /** All items of a search, page by page; empty where the server does not know the path. */
    List<JsonNode> all(String path, String items, ObjectNode body) {
        var all = new ArrayList<JsonNode>();
        String token = "";
        do {
            if (!token.isEmpty()) {
                body.put("page_token", token);
            }
            Optional<JsonNode> page = json(HttpRequest.newBuilder(at("api/2.0/mlflow/" + path))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofByteArray(Json.bytes(body))));
            if (page.isEmpty()) {
                return all;
            }
            page.get().path(items).forEach(all::add);
            token = page.get().path("next_page_token").asText("");
        } while (!token.isEmpty());
        return all;
    }

    /** All items of a listing, page by page. */
    List<JsonNode> all(String pathAndQuery, String items) {
        var all = new ArrayList<JsonNode>();
        String token = "";
        do {
            String next = token.isEmpty() ? "" : "&page_token=" + Client.part(token);
            JsonNode page = json(HttpRequest.newBuilder(at("api/2.0/mlflow/" + pathAndQuery + next))
                            .GET())
                    .orElseGet(Json::object);
            page.path(items).forEach(all::add);
            token = page.path("next_page_token").asText("");
        } while (!token.isEmpty());
        return all;
    }

    /** One thing; an empty object where the server has none. */
    JsonNode one(String pathAndQuery) {
        return json(HttpRequest.newBuilder(at("api/2.0/mlflow/" + pathAndQuery)).GET())
                .orElseGet(Json::object);
    }

    /** The bytes at a path of the server; empty where it has none. */
    Optional<InputStream> open(String pathAndQuery) {
        HttpResponse<InputStream> answer =
                send(HttpRequest.newBuilder(at(pathAndQuery)).GET(), BodyHandlers.ofInputStream());
        if (answer.statusCode() == 200) {
            return Optional.of(answer.body());
        }
        closeQuietly(answer.body());
        return Optional.empty();
    }

    private static void closeQuietly(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            // The answer is not wanted.
        }
    }

    private Optional<JsonNode> json(HttpRequest.Builder request) {
        HttpResponse<byte[]> answer = send(request, BodyHandlers.ofByteArray());
        return switch (answer.statusCode()) {
            case 200 -> Optional.of(Json.parse(answer.body()));
            case 404, 405, 501 -> Optional.empty();
            case 401, 403 ->
                throw new Problem.Denied(
                        address + " refuses to be read (" + answer.statusCode() + ")",
                        "Give --user NAME and its password in MW_FROM_PASSWORD.");
            default ->
                throw new Problem.Unavailable(
                        address + " answered " + answer.statusCode() + ": "
                                + new String(answer.body(), StandardCharsets.UTF_8)
                                        .lines()
                                        .findFirst()
                                        .orElse(""),
                        "Give the command again: it goes on where it stopped.");
        };
    }

    private <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler) {
        authorization.ifPresent(value -> request.header("Authorization", value));
        try {
            return http.send(request.timeout(ANSWER).build(), handler);
        } catch (IOException e) {
            throw new Problem.Unavailable(
                    "No MLflow server answers at " + address + " ("
                            + (e.getMessage() == null ? "connection refused" : e.getMessage()) + ")",
                    "Check the address; mw import goes on where it stopped.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem.Unavailable("Interrupted while reading " + address, "Give the command again.", e);
        }
    }

    private URI at(String pathAndQuery) {
        return address.resolve(pathAndQuery);
    }
}
