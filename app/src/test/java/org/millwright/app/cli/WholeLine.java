package org.millwright.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.millwright.app.cli.Terminal.Result;
import org.millwright.kernel.Json;

/** What tests of a whole line share, from a training in real Python on. */
final class WholeLine {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private WholeLine() {}

    /** The template's packages: their environment is built once for all tests. */
    static String lock() {
        try (var in = WholeLine.class.getResourceAsStream("/templates/tabular-regression/files/requirements.lock")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The command did what it was told. */
    static Result done(Result result) {
        assertThat(result.exit()).as(result.out() + result.err()).isZero();
        return result;
    }

    /** What the address answers; an empty object where it refuses. */
    static JsonNode get(String url) {
        HttpResponse<String> answer = text(url);
        return answer.statusCode() == 200 ? Json.parse(answer.body()) : Json.object();
    }

    static HttpResponse<String> text(String url) {
        return send(HttpRequest.newBuilder(URI.create(url)).build());
    }

    static HttpResponse<String> send(HttpRequest request) {
        try {
            return HTTP.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
