package org.millwright.app;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A collector of traces: takes what OpenTelemetry's exporters send over HTTP and decodes it. */
public final class TraceReceiver implements AutoCloseable {
    private final HttpServer server;
    private final List<Seen> seen = new ArrayList<>();
    private final List<String> keys = new ArrayList<>();

    /** A span that arrived, with its ids in hexadecimal digits. */
    public record Seen(Resource from, Span span) {
        public String name() {
            return span.getName();
        }

        public String trace() {
            return hex(span.getTraceId());
        }

        public String id() {
            return hex(span.getSpanId());
        }

        /** "" for the first one of a trace. */
        public String parent() {
            return hex(span.getParentSpanId());
        }

        public boolean hasFailed() {
            return span.getStatus().getCodeValue() == 2;
        }

        public Map<String, String> attributes() {
            return texts(span.getAttributesList());
        }

        public Map<String, String> resource() {
            return texts(from.getAttributesList());
        }
    }

    public TraceReceiver() {
        this(0);
    }

    TraceReceiver(int port) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** What makes a server send its spans here, soon. */
    public Map<String, String> variables() {
        return variables(port());
    }

    static Map<String, String> variables(int port) {
        return Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + port, "OTEL_BSP_SCHEDULE_DELAY", "20");
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            var request = ExportTraceServiceRequest.parseFrom(exchange.getRequestBody());
            synchronized (this) {
                keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("api-key")));
                for (ResourceSpans resource : request.getResourceSpansList()) {
                    for (ScopeSpans scope : resource.getScopeSpansList()) {
                        scope.getSpansList().forEach(span -> seen.add(new Seen(resource.getResource(), span)));
                    }
                }
                notifyAll();
            }
            byte[] answer = ExportTraceServiceResponse.getDefaultInstance().toByteArray();
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    /** The first span of that kind, once it has arrived. */
    public Seen await(Predicate<Seen> which) {
        return await(which, () -> {});
    }

    /** The same, with something done again and again until then. */
    public synchronized Seen await(Predicate<Seen> which, Runnable meanwhile) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            var found = seen.stream().filter(which).findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            meanwhile.run();
            long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError(
                        "No such span among " + seen.stream().map(Seen::name).toList());
            }
            try {
                wait(Math.min(left, 50));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** The span of that name in a trace. */
    public Seen await(String trace, String name) {
        return await(span -> span.trace().equals(trace) && span.name().equals(name));
    }

    synchronized List<Seen> seen() {
        return List.copyOf(seen);
    }

    /** The value of the header {@code api-key} of each request. */
    synchronized List<String> keys() {
        return List.copyOf(keys);
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }

    private static Map<String, String> texts(List<KeyValue> attributes) {
        var texts = new TreeMap<String, String>();
        for (KeyValue attribute : attributes) {
            var value = attribute.getValue();
            texts.put(
                    attribute.getKey(),
                    value.hasIntValue() ? Long.toString(value.getIntValue()) : value.getStringValue());
        }
        return texts;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
