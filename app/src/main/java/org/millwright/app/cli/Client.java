package org.millwright.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.http.HeaderNames;
import io.helidon.webclient.http1.Http1Client;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;

/** Calls a server's API; what it refuses comes back as the same {@link Problem}. */
final class Client {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofMinutes(30);

    private final URI server;
    private final Optional<String> token;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();

    Client(URI server, Optional<String> token) {
        this.server = server;
        this.token = token;
    }

    URI server() {
        return server;
    }

    JsonNode get(String path) {
        return json(request(path).GET().build());
    }

    /** What is not JSON, such as the server's metrics. */
    String text(String path) {
        HttpResponse<String> answer = send(request(path).GET().build(), BodyHandlers.ofString());
        if (answer.statusCode() >= 300) {
            throw problem(answer.statusCode(), answer.body());
        }
        return answer.body();
    }

    JsonNode post(String path, JsonNode body) {
        return json(request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(Json.bytes(body)))
                .build());
    }

    JsonNode delete(String path) {
        return json(request(path).DELETE().build());
    }

    JsonNode put(String path, String type, byte[] body) {
        return json(request(path)
                .header("Content-Type", type)
                .PUT(BodyPublishers.ofByteArray(body))
                .build());
    }

    /** Any other method with a body. */
    JsonNode send(String method, String path, JsonNode body) {
        return json(request(path)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofByteArray(Json.bytes(body)))
                .build());
    }

    /** Sends bytes as they come. */
    JsonNode upload(String path, BodyPublisher bytes) {
        return json(request(path).PUT(bytes).build());
    }

    /** Writes what is there to a file; returns what else was said. */
    HttpHeaders download(String path, Path file) {
        return download(request(path).GET().build(), file);
    }

    /** Writes what is made anew to a file; returns what else was said. */
    HttpHeaders download(String path, JsonNode body, Path file) {
        return download(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofByteArray(Json.bytes(body)))
                        .build(),
                file);
    }

    private HttpHeaders download(HttpRequest asked, Path file) {
        HttpResponse<Path> answer = send(asked, BodyHandlers.ofFile(file));
        if (answer.statusCode() >= 300) {
            try {
                throw problem(answer.statusCode(), java.nio.file.Files.readString(file));
            } catch (IOException e) {
                throw problem(answer.statusCode(), "");
            }
        }
        return answer.headers();
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(server.resolve(path)).timeout(ANSWER);
        token.ifPresent(secret -> builder.header("Authorization", "Bearer " + secret));
        return builder;
    }

    /** This caller as who sends many small requests over so many connections; see docs/decisions/replay-client.md. */
    Http1Client quick(int connections) {
        var builder = Http1Client.builder()
                .baseUri(server)
                .connectTimeout(CONNECT)
                .readTimeout(Duration.ofMinutes(1))
                .connectionCacheSize(connections)
                .shareConnectionCache(false);
        token.ifPresent(secret -> builder.addHeader(HeaderNames.AUTHORIZATION, "Bearer " + secret));
        return builder.build();
    }

    /** A text as one segment of a path, or as a value of a query. */
    static String part(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private JsonNode json(HttpRequest request) {
        HttpResponse<byte[]> answer = send(request, BodyHandlers.ofByteArray());
        if (answer.statusCode() >= 300) {
            throw problem(answer.statusCode(), new String(answer.body(), StandardCharsets.UTF_8));
        }
        return answer.body().length == 0 ? Json.object() : Json.parse(answer.body());
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try {
            return http.send(request, handler);
        } catch (IOException e) {
            throw new Problem.Unavailable(
                    "No Millwright server answers at " + server + " (" + reason(e) + ")",
                    "Start one: mw serve — or name another: --server URL, MW_SERVER=URL.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem.Unavailable("Interrupted while waiting for " + server, "Give the command again.", e);
        }
    }

    private static String reason(IOException e) {
        String message = e.getMessage();
        return message == null || message.isBlank() ? "connection refused" : message;
    }

    /** What the server said, as the problem that it was there. */
    static Problem problem(int status, String body) {
        String message = "The server answered " + status;
        String next = "Look into the server's log.";
        try {
            JsonNode error = Json.parse(body).path("error");
            if (error.isObject()) {
                message = error.path("message").asText(message);
                next = error.path("next").asText("");
            } else if (error.isTextual()) {
                message = error.asText();
                next = "";
            } else if (Json.parse(body).hasNonNull("error_code")) {
                message = Json.parse(body).path("message").asText(message);
                next = "";
            }
        } catch (Problem.Invalid e) {
            message += body.isBlank() ? "" : ": " + body.lines().findFirst().orElse("");
        }
        return switch (status) {
            case 400 -> new Problem.Invalid(message, next);
            case 401 ->
                new Problem.Denied(message, "Give --as NAME (a token comes from: mw user token NAME) or MW_TOKEN.");
            case 403 -> new Problem.Denied(message, next);
            case 404 -> new Problem.NotFound(message, next);
            case 409 -> new Problem.Conflict(message, next);
            case 413 -> new Problem.TooLarge(message, next);
            case 422 -> new Problem.Refused(message, next);
            default -> new Problem.Unavailable(message, next);
        };
    }
}
