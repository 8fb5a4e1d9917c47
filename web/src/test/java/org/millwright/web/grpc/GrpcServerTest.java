package org.millwright.web.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.millwright.web.grpc.Calls.channel;
import static org.millwright.web.grpc.Calls.method;

import com.google.protobuf.CodedInputStream;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.identity.Role;
import org.millwright.kernel.Problem;
import org.millwright.scoring.Signature;
import org.millwright.scoring.codec.Limits;
import org.millwright.serving.TestBundles;
import org.millwright.trace.Tracing;
import org.millwright.web.WebSettings;
import org.millwright.web.oip.ScoringServer;

/** Messages that no client library would send, and who may send any. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GrpcServerTest {
    private static final Signature SIGNATURE = TestBundles.SIGNATURE;

    @TempDir
    static Path folder;

    private ScoringServer server;
    private ManagedChannel channel;

    @BeforeAll
    void serve() {
        server = new ScoringServer(folder, false);
        channel = channel(server.grpcPort());
    }

    @AfterAll
    void stop() {
        channel.shutdownNow();
        server.close();
    }

    static Stream<Arguments> messages() {
        byte[] eight = new byte[8];
        return Stream.of(
                fault(
                        "'contents', but the request has raw",
                        request(true, input("distance", "FP64", 1).message(5, reals(1)))),
                fault("5 entries for 4 inputs", request(true, input("distance", "FP64", 1)), m -> m.bytes(7, eight)),
                fault("1 entries for 4 inputs", request(false, input("distance", "FP64", 1)), m -> m.bytes(7, eight)),
                fault("too many elements", request(false, input("distance", "FP64", 1L << 40, 1L << 40))),
                fault("too many elements", request(true, input("distance", "FP64", 1L << 40, 1L << 40))),
                fault("more than 10000000 values", request(true, input("distance", "FP64", 1L << 40))),
                fault("at least 0", request(false, input("distance", "FP64", -1).message(5, reals(1)))),
                fault(
                        "more than 8 dimensions",
                        request(
                                false,
                                input("distance", "FP64", 1, 1, 1, 1, 1, 1, 1, 1, 1)
                                        .message(5, reals(1)))),
                fault("too many dimensions", request(false, input("distance", "FP64", new long[1_000]))),
                fault(
                        "means 2 elements",
                        request(false, input("distance", "FP64", 2).message(5, reals(1)))),
                fault(
                        "means 1 elements",
                        request(false, input("distance", "FP64", 1).message(5, reals(2)))),
                fault("means 1 elements", request(false, input("distance", "FP64", 1))),
                fault("2 elements of FP64 are 16 bytes", request(true, input("distance", "FP64", 2))),
                fault("unknown datatype 'FP65'", request(false, input("distance", "FP65", 1))),
                fault("'datatype' is missing", request(false, input("distance", "", 1))),
                fault("'name' is missing", request(false, input("", "FP64", 1).message(5, reals(1)))),
                fault(
                        "unknown input 'far'",
                        request(false, input("far", "FP64", 1).message(5, reals(1)))),
                fault(
                        "does not hold the values of datatype INT64",
                        request(false, input("distance", "INT64", 1).message(5, reals(1)))),
                fault(
                        "sent in raw_input_contents",
                        request(false, input("distance", "FP16", 1).message(5, reals(1)))),
                fault(
                        "values of several types",
                        request(false, input("distance", "FP64", 1).message(5, reals(1).flag(1, true)))),
                fault(
                        "'contents' occurs twice",
                        request(
                                false,
                                input("distance", "FP64", 1)
                                        .message(5, reals(1))
                                        .message(5, reals(1)))),
                fault(
                        "'contents' is malformed",
                        request(false, input("distance", "FP64", 1).message(5, new Message().flag(7, true)))),
                fault(
                        "is not UTF-8",
                        request(false, input("carrier", "BYTES", 1).message(5, new Message().bytes(8, new byte[] {-1
                                })))),
                fault(
                        "shared memory",
                        request(false, input("distance", "FP64", 1).message(4, entry("shared_memory_region")))),
                fault(
                        "classification",
                        request(false, input("distance", "FP64", 1).message(5, reals(1))),
                        m -> m.message(6, new Message().text(1, "prediction").message(2, entry("classification")))),
                fault(
                        "needs a name",
                        request(false, input("distance", "FP64", 1).message(5, reals(1))),
                        m -> m.message(6, new Message())),
                fault(
                        "asked for twice",
                        request(false, input("distance", "FP64", 1).message(5, reals(1))),
                        m -> m.message(6, new Message().text(1, "prediction"))
                                .message(6, new Message().text(1, "prediction"))),
                fault(
                        "unknown output 'nope'",
                        request(false, input("distance", "FP64", 1).message(5, reals(1))),
                        m -> m.message(6, new Message().text(1, "nope"))),
                fault(
                        "whole milliseconds",
                        request(false, input("distance", "FP64", 1).message(5, reals(1))),
                        m -> m.message(4, entry("event_time"))),
                fault("more inputs than the model's 4", many()),
                fault("'inputs' is missing", new Message().text(1, "delays")),
                fault(
                        "NUL or more than 200",
                        request(false, input("distance", "FP64", 1).message(5, reals(1))),
                        m -> m.text(3, "x".repeat(201))),
                fault("no valid protobuf", new Message().text(1, "delays").bytes(5, new byte[] {-1, -1, -1})));
    }

    private static Message many() {
        Message message = new Message().text(1, "delays");
        byte[] input = input("x", "FP64", 1).toBytes();
        for (int i = 0; i < 1_000_000; i++) {
            message.bytes(5, input);
        }
        return message;
    }

    private static Arguments fault(String text, Message message) {
        return Arguments.of(text, message.toBytes());
    }

    private static Arguments fault(String text, Message message, UnaryOperator<Message> more) {
        return fault(text, more.apply(message));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("messages")
    void aBadMessageIsAnInvalidArgument(String text, byte[] message) {
        refused("ModelInfer", message, Status.Code.INVALID_ARGUMENT, text);
        assertThat(call(
                        "ModelInfer",
                        request(true, input("distance", "FP64", 1)).toBytes()))
                .isNotEmpty();
    }

    @Test
    void numbersMayComePackedOrOneByOne() throws Exception {
        byte[] packed = call(
                "ModelInfer",
                request(false, input("distance", "FP64", 1).message(5, reals(1)))
                        .toBytes());
        byte[] single = call(
                "ModelInfer",
                request(
                                false,
                                new Message()
                                        .text(1, "distance")
                                        .text(2, "FP64")
                                        .write(out -> out.writeInt64(3, 1))
                                        .message(5, new Message().write(out -> out.writeDouble(7, 500))))
                        .toBytes());
        assertThat(single).isEqualTo(packed);
        CodedInputStream in = CodedInputStream.newInstance(packed);
        assertThat(in.readTag()).isEqualTo(Wire.MODEL);
        assertThat(in.readString()).isEqualTo("delays");
    }

    @Test
    void anUnknownModelIsNotFound() {
        for (String name : new String[] {"", "none", "../x", "a/b", "😀", "x".repeat(100_000)}) {
            for (String method : new String[] {"ModelReady", "ModelMetadata", "ModelInfer"}) {
                refused(method, new Message().text(1, name).toBytes(), Status.Code.NOT_FOUND, "No deployment named");
            }
        }
        refused("ModelReady", new Message().text(1, "delays").text(2, "9").toBytes(), Status.Code.NOT_FOUND, "'9'");
        refused("ModelReady", new byte[] {10, -1}, Status.Code.INVALID_ARGUMENT, "no valid protobuf");
        refused("ModelStreamInfer", new byte[0], Status.Code.UNIMPLEMENTED, "");
    }

    @Test
    void aMessageThatIsTooLargeIsRefused() {
        refused("ModelInfer", new byte[17 * 1024 * 1024], Status.Code.RESOURCE_EXHAUSTED, "maximum");
        var compressed = catchThrowableOfType(
                StatusRuntimeException.class,
                () -> ClientCalls.blockingUnaryCall(
                        channel, method("ModelInfer"), CallOptions.DEFAULT.withCompression("gzip"), new byte[1 << 27]));
        assertThat(compressed.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(compressed.getStatus().getDescription()).contains("maximum");
    }

    @Test
    void damagedMessagesAreReadOrRefusedNeverAnythingElse() {
        Random random = new Random(1);
        for (int i = 0; i < 30_000; i++) {
            byte[] message = good(random.nextBoolean());
            message = Arrays.copyOf(message, message.length - (random.nextInt(4) == 0 ? random.nextInt(9) : 0));
            for (int k = random.nextInt(4); k >= 0; k--) {
                message[random.nextInt(message.length)] = (byte) random.nextInt();
            }
            try {
                Wire.Named.read(message);
                InferMessage.read(message, SIGNATURE, Limits.USUAL);
            } catch (Problem.Invalid | org.millwright.scoring.InvalidInput expected) {
                assertThat(expected.getMessage()).hasSizeLessThan(600);
            }
        }
    }

    @Test
    void callersAreAskedForCredentialsAsOverHttp(@TempDir Path other) {
        try (var asking = new ScoringServer(other, true)) {
            ManagedChannel client = channel(asking.grpcPort());
            byte[] good = good(true);
            assertThat(Calls.call(client, null, "ServerLive", new byte[0])).containsExactly(8, 1);
            assertThat(Calls.call(client, null, "ServerReady", new byte[0])).containsExactly(8, 1);
            for (String method : new String[] {"ModelInfer", "ModelMetadata", "ModelReady", "ServerMetadata"}) {
                Calls.refused(client, null, method, good, Status.Code.UNAUTHENTICATED, "not authenticated");
                Calls.refused(client, "Bearer mw_a_b", method, good, Status.Code.UNAUTHENTICATED, "");
                Calls.refused(client, "Digest x", method, good, Status.Code.UNAUTHENTICATED, "Unknown authorization");
            }
            String auditor = "Bearer " + asking.token("eve", Role.AUDITOR);
            Calls.refused(client, auditor, "ModelInfer", good, Status.Code.PERMISSION_DENIED, "");
            assertThat(Calls.call(client, "Bearer " + asking.token("board", Role.APP_DEVELOPER), "ModelInfer", good))
                    .isNotEmpty();
            client.shutdownNow();
        }
    }

    @Test
    void aTakenPortIsSaidSo() {
        var settings = new WebSettings("127.0.0.1", 0, false, Set.of());
        assertThatThrownBy(() -> GrpcServer.start(settings, server.port(), server.users, server.ids, server.scorer))
                .isInstanceOf(Problem.Unavailable.class)
                .hasMessageContaining("for gRPC: the port is taken");
    }

    /** A byte now and then keeps a stream open, but not for longer than a message may take. */
    @Test
    void aMessageThatNeverEndsIsNotWaitedFor() throws IOException {
        var settings = new WebSettings("127.0.0.1", 0, false, Set.of());
        var patience = Duration.ofMillis(500);
        try (var second =
                        GrpcServer.start(settings, 0, server.users, server.ids, server.scorer, Tracing.OFF, patience);
                var trickle = new Trickle(second.port())) {
            ManagedChannel client = channel(second.port());
            byte[] message = good(true);
            for (int i = 0; !trickle.isEnded(); i++) {
                trickle.send(message[i % message.length]);
                assertThat(Calls.call(client, null, "ModelInfer", good(true))).isNotEmpty();
            }
            assertThat(trickle.status()).isEqualTo(Status.Code.INVALID_ARGUMENT.value());
            assertThat(Calls.call(client, null, "ModelInfer", good(true))).isNotEmpty();
            client.shutdownNow();
        }
    }

    @Test
    void aStoppedServerEndsItsConnections() {
        var settings = new WebSettings("127.0.0.1", 0, false, Set.of());
        GrpcServer second = GrpcServer.start(settings, 0, server.users, server.ids, server.scorer);
        ManagedChannel client = channel(second.port());
        assertThat(Calls.call(client, null, "ServerLive", new byte[0])).containsExactly(8, 1);
        second.close();
        Calls.refused(client, null, "ServerLive", new byte[0], Status.Code.UNAVAILABLE, "");
        client.shutdownNow();
    }

    private static byte[] good(boolean raw) {
        Message distance = input("distance", "FP64", 1);
        return request(raw, raw ? distance : distance.message(5, reals(1))).toBytes();
    }

    /** A request whose first input is that one, with raw bytes for each input or with contents in the other three. */
    private static Message request(boolean raw, Message first) {
        Message wind = input("wind", "FP64", 1);
        Message hour = input("hour", "INT64", 1);
        Message carrier = input("carrier", "BYTES", 1);
        if (!raw) {
            wind.message(5, reals(1));
            hour.message(5, new Message().packed(3, out -> out.writeInt64NoTag(7)));
            carrier.message(5, new Message().bytes(8, "UA".getBytes(StandardCharsets.UTF_8)));
        }
        Message message = new Message().text(1, "delays").message(5, first).message(5, wind);
        message.message(5, hour).message(5, carrier);
        if (raw) {
            byte[] real = data(8).putDouble(500).array();
            message.bytes(7, real).bytes(7, real).bytes(7, data(8).putLong(7).array());
            message.bytes(7, data(6).putInt(2).put((byte) 'U').put((byte) 'A').array());
        }
        return message;
    }

    private static ByteBuffer data(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static Message input(String name, String datatype, long... shape) {
        return new Message().text(1, name).text(2, datatype).packed(3, out -> {
            for (long dimension : shape) {
                out.writeInt64NoTag(dimension);
            }
        });
    }

    private static Message reals(int count) {
        return new Message().packed(7, out -> {
            for (int i = 0; i < count; i++) {
                out.writeDoubleNoTag(500);
            }
        });
    }

    /** A parameter whose value is a text. */
    private static Message entry(String name) {
        return new Message().text(1, name).message(2, new Message().text(3, "x"));
    }

    private void refused(String method, byte[] message, Status.Code code, String text) {
        Calls.refused(channel, null, method, message, code, text);
    }

    private byte[] call(String method, byte[] message) {
        return Calls.call(channel, null, method, message);
    }
}
