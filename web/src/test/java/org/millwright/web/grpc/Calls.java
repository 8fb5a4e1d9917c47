package org.millwright.web.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;

/** Calls whose messages are bytes, as no client library would send them. */
final class Calls {
    private Calls() {}

    static ManagedChannel channel(int port) {
        return NettyChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .maxInboundMessageSize(1 << 28)
                .build();
    }

    /** @param authorization null for none */
    static byte[] call(ManagedChannel channel, String authorization, String method, byte[] message) {
        var headers = new io.grpc.Metadata();
        if (authorization != null) {
            headers.put(CallerInterceptor.AUTHORIZATION, authorization);
        }
        return ClientCalls.blockingUnaryCall(
                ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers)),
                method(method),
                CallOptions.DEFAULT,
                message);
    }

    /** How a call that is refused is refused. */
    static Status refusal(ManagedChannel channel, String authorization, String method, byte[] message) {
        return catchThrowableOfType(StatusRuntimeException.class, () -> call(channel, authorization, method, message))
                .getStatus();
    }

    static void refused(
            ManagedChannel channel,
            String authorization,
            String method,
            byte[] message,
            Status.Code code,
            String text) {
        Status status = refusal(channel, authorization, method, message);
        assertThat(status.getCode()).as(status.toString()).isEqualTo(code);
        assertThat(String.valueOf(status.getDescription())).contains(text).hasSizeLessThan(600);
    }

    static MethodDescriptor<byte[], byte[]> method(String name) {
        return MethodDescriptor.<byte[], byte[]>newBuilder(Bytes.SENT, Bytes.SENT)
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(InferenceService.NAME + "/" + name)
                .build();
    }

    /** A request with one row for the usual model under that name. */
    static byte[] row(String deployment) {
        var real = new Message().packed(7, out -> out.writeDoubleNoTag(500));
        var message = new Message().text(1, deployment);
        message.message(5, InferenceService.tensor("distance", "FP64", 1).message(5, real));
        message.message(5, InferenceService.tensor("wind", "FP64", 1).message(5, real));
        var whole = new Message().packed(3, out -> out.writeInt64NoTag(7));
        message.message(5, InferenceService.tensor("hour", "INT64", 1).message(5, whole));
        var text = new Message().bytes(8, new byte[] {'U', 'A'});
        return message.message(5, InferenceService.tensor("carrier", "BYTES", 1).message(5, text))
                .toBytes();
    }
}
