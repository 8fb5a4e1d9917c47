package org.millwright.notification;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.millwright.kernel.Json;

/** A receiver of what channels post: remembers it and answers as it is told, else 200. */
public final class Receiver implements AutoCloseable {
    private final HttpServer server;
    private final List<Seen> seen = new ArrayList<>();
    private final Deque<Integer> answers = new ArrayDeque<>();

    /** A request that arrived and what it was answered; header names are in lower case. */
    public record Seen(String path, Map<String, String> headers, String body, int answered) {
        public JsonNode json() {
            return Json.parse(body);
        }

        public String id() {
            return headers.getOrDefault("webhook-id", "");
        }
    }

    public Receiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::take);
        server.start();
    }

    public String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /** Answers the next requests with these. */
    public synchronized void answer(int... statuses) {
        for (int status : statuses) {
            answers.add(status);
        }
    }

    /** From now on takes everything. */
    public synchronized void recover() {
        answers.clear();
    }

    public synchronized List<Seen> all() {
        return List.copyOf(seen);
    }

    /** Those that it took. */
    public List<Seen> taken() {
        return all().stream().filter(one -> one.answered() == 200).toList();
    }

    private void take(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        var headers = new TreeMap<String, String>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), values.getFirst()));
        int status;
        synchronized (this) {
            status = answers.isEmpty() ? 200 : answers.remove();
            seen.add(new Seen(exchange.getRequestURI().getPath(), headers, body, status));
        }
        exchange.sendResponseHeaders(status, 2);
        exchange.getResponseBody().write("ok".getBytes(StandardCharsets.UTF_8));
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
