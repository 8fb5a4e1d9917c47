package org.millwright.bench;

import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Arrays;

/** The gRPC server alone: takes a message and sends the first bytes of it back, on the thread of the connection. */
final class BareGrpcEcho {
    private static final String SERVICE = "inference.GRPCInferenceService";
    /** About the size of an answer of one row; more rows get eight bytes for each hundred that came. */
    private static final int ANSWER = 80;

    private BareGrpcEcho() {}

    static void start(int port) throws IOException {
        var method = MethodDescriptor.newBuilder(new Bytes(), new Bytes())
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "ModelInfer"))
                .build();
        var service = ServerServiceDefinition.builder(SERVICE)
                .addMethod(method, ServerCalls.asyncUnaryCall((message, observer) -> {
                    observer.onNext(Arrays.copyOf(message, ANSWER + 8 * (message.length / 100)));
                    observer.onCompleted();
                }))
                .build();
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", port))
                .directExecutor()
                .addService(service)
                .build()
                .start();
    }

    /** Messages as they are. */
    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
