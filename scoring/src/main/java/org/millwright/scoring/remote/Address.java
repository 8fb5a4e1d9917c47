package org.millwright.scoring.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.millwright.scoring.InvalidInput;

/**
 * An address and what to show it.
 *
 * @param token sent as a bearer's; "" for none
 */
public record Address(URI uri, String token) {
    public static final long MOST_TEXT = 64 * 1024;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TOO_MANY = 429;
    private static final int TIMED_OUT = 408;

    public HttpRequest.Builder request() {
        var request = HttpRequest.newBuilder(uri).header("User-Agent", "millwright-scorer");
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }

    /** Without the query, in which presigned addresses have their signature. */
    public String shown() {
        String text = uri.toString();
        int query = text.indexOf('?');
        return query < 0 ? text : text.substring(0, query);
    }

    /** Sends a request whose whole answer must be there in time. */
    public static <T> HttpResponse<T> send(
            HttpClient http, HttpRequest request, HttpResponse.BodyHandler<T> handler, Duration patience)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<T>> answer = http.sendAsync(request, handler);
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no whole answer within " + patience.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            String why = cause == null || cause.getMessage() == null ? String.valueOf(cause) : cause.getMessage();
            throw new IOException(why, e);
        } finally {
            answer.cancel(true);
        }
    }

    /** Whether trying again later may help. */
    public static boolean isPassing(int status) {
        return status >= 500 || status == TOO_MANY || status == TIMED_OUT;
    }

    /** What a Millwright server says of a refusal, as the rest of a sentence; "" of any other body. */
    public static String reason(String body) {
        try {
            JsonNode error = JSON.readTree(body).path("error");
            String message = error.path("message").asText();
            String next = error.path("next").asText();
            return message.isEmpty() ? "" : ": " + cut(message) + (next.isEmpty() ? "" : " (" + cut(next) + ")");
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return "";
        }
    }

    private static String cut(String text) {
        int most = 400;
        String plain = text.replaceAll("\\p{Cntrl}", "?");
        return plain.length() <= most ? plain : plain.substring(0, most) + "…";
    }

    /** An address of HTTP; {@link IllegalArgumentException} says in one sentence what else the text is. */
    public static URI parse(String text) {
        try {
            URI uri = new URI(text);
            if (("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // falls through to the one message
        }
        throw new IllegalArgumentException(
                "'" + InvalidInput.shorten(text) + "' is no address (expected: http://HOST… or https://HOST…)");
    }
}
