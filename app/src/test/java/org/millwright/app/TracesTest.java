package org.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.millwright.app.TraceReceiver.Seen;
import org.millwright.engines.otlp.Collector;
import org.millwright.kernel.Problem;
import org.millwright.trace.Span.Kind;
import org.millwright.trace.Tracing;

/** Traces as a collector receives them from a real server. */
class TracesTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CALLER = "00f067aa0ba902b7";
    private static final String V2 = "/v2/models/delays/infer";
    private static final String V2_ROUTE = "POST /v2/models/{model}/infer";

    @TempDir
    Path folder;

    @Test
    void requestsContinueTheirCallersTraces() throws IOException {
        try (var receiver = new TraceReceiver()) {
            var variables = new HashMap<>(receiver.variables());
            variables.put("OTEL_SERVICE_NAME", "scoring");
            variables.put("OTEL_EXPORTER_OTLP_HEADERS", "api-key=s3cret");
            try (var server = PullServer.traced(folder, variables)) {
                server.release(1);
                server.promote();
                overRest(server, receiver);
                badParents(server, receiver);
                overGrpc(server, receiver);
                assertThat(receiver.keys()).isNotEmpty().containsOnly("s3cret");
                assertThat(receiver.seen()).noneMatch(span -> span.name().contains("health"));
            }
        }
    }

    private static void overRest(PullServer server, TraceReceiver receiver) {
        String unwanted = TRACE.replace('4', 'a');
        assertThat(server.infer("quiet", "00-" + unwanted + "-" + CALLER + "-00"))
                .isEqualTo(200);
        assertThat(server.infer("told", "00-" + TRACE + "-" + CALLER + "-01")).isEqualTo(200);

        Seen request = receiver.await(TRACE, V2_ROUTE);
        assertThat(request.parent()).isEqualTo(CALLER);
        assertThat(request.span().getKind()).isEqualTo(io.opentelemetry.proto.trace.v1.Span.SpanKind.SPAN_KIND_SERVER);
        assertThat(request.resource()).containsEntry("service.name", "scoring");
        assertThat(request.attributes())
                .containsEntry("http.request.method", "POST")
                .containsEntry("http.route", "/v2/models/{model}/infer")
                .containsEntry("url.path", V2)
                .containsEntry("http.response.status_code", "200");
        Seen score = receiver.await(TRACE, "score");
        assertThat(score.parent()).isEqualTo(request.id());
        assertThat(score.attributes())
                .containsEntry("millwright.deployment", "delays")
                .containsEntry("millwright.project", "delays")
                .containsEntry("millwright.model", "delays")
                .containsEntry("millwright.model.version", "1")
                .containsEntry("millwright.request.id", "told")
                .containsEntry("millwright.rows", "1");
        assertThat(score.hasFailed()).isFalse();
        assertThat(receiver.seen()).noneMatch(span -> span.trace().equals(unwanted));
    }

    private static void badParents(PullServer server, TraceReceiver receiver) {
        int number = 0;
        for (String bad : List.of(
                "x",
                "00-" + TRACE,
                "00-" + "0".repeat(32) + "-" + CALLER + "-01",
                "00-" + TRACE + "-" + "0".repeat(16) + "-01",
                "00-" + TRACE.replace('4', 'g') + "-" + CALLER + "-01",
                "ff-" + TRACE + "-" + CALLER + "-01",
                "00-" + TRACE + "-" + CALLER + "-01-" + "y".repeat(5_000))) {
            String id = "bad" + number++;
            assertThat(server.infer(id, bad)).as(bad).isEqualTo(200);
            Seen score = receiver.await(span -> id.equals(span.attributes().get("millwright.request.id")));
            assertThat(score.trace()).as(bad).isNotEqualTo(TRACE);
            assertThat(receiver.await(score.trace(), V2_ROUTE).parent()).as(bad).isEmpty();
        }
        String unread = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
        assertThat(server.unreadable("00-" + unread + "-" + CALLER + "-01")).isEqualTo(400);
        Seen refused = receiver.await(unread, V2_ROUTE);
        assertThat(refused.attributes()).containsEntry("http.response.status_code", "400");
        assertThat(refused.hasFailed()).as("the caller's fault is none of ours").isFalse();
    }

    private static void overGrpc(PullServer server, TraceReceiver receiver) {
        String trace = TRACE.replace('4', 'b');
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort())
                .usePlaintext()
                .build();
        try {
            var headers = new Metadata();
            headers.put(key("authorization"), "Bearer " + server.token("app"));
            headers.put(key("traceparent"), "00-" + trace + "-" + CALLER + "-01");
            var told = ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
            ClientCalls.blockingUnaryCall(told, call("ModelInfer"), CallOptions.DEFAULT, GrpcRow.MESSAGE);
            assertThatThrownBy(() -> ClientCalls.blockingUnaryCall(
                            told, call("ModelMetadata"), CallOptions.DEFAULT, new byte[] {10, 1, 'x'}))
                    .isInstanceOf(StatusRuntimeException.class);
        } finally {
            channel.shutdownNow();
        }
        Seen request = receiver.await(trace, "inference.GRPCInferenceService/ModelInfer");
        assertThat(request.parent()).isEqualTo(CALLER);
        assertThat(request.attributes())
                .containsEntry("rpc.system", "grpc")
                .containsEntry("rpc.method", "ModelInfer")
                .containsEntry("rpc.grpc.status_code", "0");
        assertThat(receiver.await(trace, "score").parent()).isEqualTo(request.id());
        Seen refused = receiver.await(trace, "inference.GRPCInferenceService/ModelMetadata");
        assertThat(refused.attributes()).containsEntry("rpc.grpc.status_code", "5");
        assertThat(refused.hasFailed()).isFalse();
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    private static MethodDescriptor<byte[], byte[]> call(String method) {
        var bytes = new MethodDescriptor.Marshaller<byte[]>() {
            @Override
            public InputStream stream(byte[] message) {
                return new ByteArrayInputStream(message);
            }

            @Override
            public byte[] parse(InputStream message) {
                try {
                    return message.readAllBytes();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
        return MethodDescriptor.newBuilder(bytes, bytes)
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName("inference.GRPCInferenceService/" + method)
                .build();
    }

    /** More spans than the queue holds: what does not fit is dropped, requests go on, and nobody waits at the end either. */
    @Test
    void aCollectorThatIsAwayIsSaidOnceAndDisturbsNothing() throws Exception {
        int port = freePort();
        var variables = new HashMap<>(TraceReceiver.variables(port));
        variables.put("OTEL_EXPORTER_OTLP_TIMEOUT", "2000");
        variables.put("OTEL_BSP_MAX_QUEUE_SIZE", "16");
        variables.put("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "8");
        try (var said = new Said();
                Tracing tracing = Collector.tracing(variables)) {
            String away = said.next(() -> tracing.request("lost", "", "").close());
            assertThat(away).startsWith("The collector of traces took none: ").contains("OTEL_EXPORTER_OTLP_ENDPOINT");
            for (int i = 0; i < 2_000; i++) {
                tracing.request("lost", "", "").close();
            }
            try (var receiver = new TraceReceiver(port)) {
                String back = said.next(() -> tracing.request("kept", "", "").close());
                assertThat(back).matches("The collector of traces takes them again; dropped: \\d+");
                receiver.await(
                        span -> span.name().equals("kept"),
                        () -> tracing.request("kept", "", "").close());
            }
            for (int i = 1; i < said.all().size(); i++) {
                assertThat(said.all().get(i).contains("took none"))
                        .isNotEqualTo(said.all().get(i - 1).contains("took none"));
            }
        }
    }

    /** What this process logs about the collector; asks for spans until something is said. */
    private static final class Said extends Handler implements AutoCloseable {
        private static final Logger LOGGER = Logger.getLogger("org.millwright.engines.otlp.ReportingExporter");
        private final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();
        private final List<String> all = new java.util.concurrent.CopyOnWriteArrayList<>();

        Said() {
            LOGGER.addHandler(this);
        }

        @Override
        public void publish(LogRecord said) {
            String text = said.getMessage();
            all.add(text);
            lines.add(text);
        }

        String next(Runnable meanwhile) throws InterruptedException {
            for (int i = 0; i < 600; i++) {
                meanwhile.run();
                String line = lines.poll(100, TimeUnit.MILLISECONDS);
                if (line != null) {
                    return line;
                }
            }
            throw new AssertionError("Nothing was said");
        }

        List<String> all() {
            return all;
        }

        @Override
        public void flush() {}

        @Override
        public void close() {
            LOGGER.removeHandler(this);
        }
    }

    @Test
    void whatOutlivesAProcessIsOneTrace() {
        try (var receiver = new TraceReceiver()) {
            try (Tracing before = Collector.tracing(receiver.variables())) {
                before.lasting("run:1", "run train", 1_000)
                        .child("step a", Kind.INTERNAL)
                        .close();
            }
            try (Tracing after = Collector.tracing(receiver.variables())) {
                var run = after.lasting("run:1", "run train", 1_000);
                run.child("step b", Kind.INTERNAL).close();
                run.put("millwright.run", "1").fail("The run was failed");
                run.close();
            }
            Seen run = receiver.await(span -> span.name().equals("run train"));
            assertThat(run.parent()).isEmpty();
            assertThat(run.hasFailed()).isTrue();
            assertThat(run.span().getStartTimeUnixNano()).isEqualTo(1_000_000_000L);
            for (String step : List.of("step a", "step b")) {
                assertThat(receiver.await(run.trace(), step).parent()).isEqualTo(run.id());
            }
        }
    }

    @Test
    void theSamplerOfTheEnvironmentDecides() {
        try (var receiver = new TraceReceiver()) {
            var variables = new HashMap<>(receiver.variables());
            variables.put("OTEL_TRACES_SAMPLER", "parentbased_traceidratio");
            variables.put("OTEL_TRACES_SAMPLER_ARG", "0");
            try (Tracing tracing = Collector.tracing(variables)) {
                tracing.request("new", "", "").close();
                tracing.lasting("run:2", "run", 5).close();
                tracing.request("asked for", "00-" + TRACE + "-" + CALLER + "-01", "")
                        .close();
            }
            receiver.await(TRACE, "asked for");
            assertThat(receiver.seen()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OTEL_SERVICE_NAME|x",
                "OTEL_EXPORTER_OTLP_ENDPOINT|' '",
                "OTEL_SDK_DISABLED|true",
                "OTEL_TRACES_EXPORTER|none"
            })
    void nothingIsSentUnlessAnEndpointIsNamed(String name, String value) {
        Map<String, String> variables = new HashMap<>();
        if (name.contains("DISABLED") || name.contains("EXPORTER") && !name.contains("OTLP")) {
            variables.put("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1");
        }
        variables.put(name, value);
        assertThat(Collector.tracing(Collector.variables(variables))).isSameAs(Tracing.OFF);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "OTEL_EXPORTER_OTLP_PROTOCOL|grpc|OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' (expected: http/protobuf",
                "OTEL_TRACES_EXPORTER|zipkin|OTEL_TRACES_EXPORTER: 'zipkin' (expected: otlp",
                "OTEL_TRACES_SAMPLER|sometimes|Traces cannot be sent as the environment says: ",
                "OTEL_TRACES_SAMPLER_ARG|x|Traces cannot be sent as the environment says: ",
                "OTEL_EXPORTER_OTLP_TIMEOUT|soon|Traces cannot be sent as the environment says: ",
                "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT|nowhere|Traces cannot be sent as the environment says: "
            })
    void aVariableThatMeansNothingStopsTheStart(String name, String value, String said) {
        var variables = new HashMap<>(Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"));
        variables.put(name, value);
        if (name.endsWith("_ARG")) {
            variables.put("OTEL_TRACES_SAMPLER", "traceidratio");
        }
        assertThatThrownBy(() -> Collector.tracing(variables).close())
                .isInstanceOf(Problem.Invalid.class)
                .hasMessageStartingWith(said);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
