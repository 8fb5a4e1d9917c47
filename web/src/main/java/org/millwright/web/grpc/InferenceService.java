package org.millwright.web.grpc;

import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.millwright.scoring.codec.Limits;
import org.millwright.scoring.codec.TensorCodec;
import org.millwright.serving.Answer;
import org.millwright.serving.Scorer;
import org.millwright.serving.ScoringCall;
import org.millwright.web.grpc.Bytes.Received;
import org.millwright.web.grpc.Wire.Named;
import org.millwright.web.oip.Metadata;

/** GRPCInferenceService: six calls, each one message for one message. */
final class InferenceService implements BindableService {
    static final String NAME = "inference.GRPCInferenceService";

    private final Scorer scorer;
    private final Failures failures;
    private final QuickCalls quick;

    InferenceService(Scorer scorer, Failures failures, QuickCalls quick) {
        this.scorer = scorer;
        this.failures = failures;
        this.quick = quick;
    }

    @Override
    public ServerServiceDefinition bindService() {
        var service = ServerServiceDefinition.builder(NAME);
        add(service, "ServerLive", message -> new Message().flag(1, true).toBytes());
        add(
                service,
                "ServerReady",
                message -> new Message().flag(1, scorer.isLoaded()).toBytes());
        add(service, "ModelReady", this::modelReady);
        add(service, "ServerMetadata", message -> serverMetadata());
        add(service, "ModelMetadata", this::modelMetadata);
        add(service, "ModelInfer", this::infer);
        return service.build();
    }

    private void add(ServerServiceDefinition.Builder service, String method, UnaryOperator<byte[]> work) {
        var descriptor = MethodDescriptor.<Received, byte[]>newBuilder(Bytes.RECEIVED, Bytes.SENT)
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(NAME, method))
                .build();
        service.addMethod(
                descriptor,
                ServerCalls.asyncUnaryCall(
                        (message, observer) -> quick.run(message, () -> answer(method, work, message, observer))));
    }

    private void answer(String method, UnaryOperator<byte[]> work, Received message, StreamObserver<byte[]> observer) {
        byte[] answer;
        try {
            answer = work.apply(message.bytes());
        } catch (RuntimeException e) {
            observer.onError(failures.status(method, e).asRuntimeException());
            return;
        }
        observer.onNext(answer);
        observer.onCompleted();
    }

    private static byte[] serverMetadata() {
        var message = new Message().text(1, Metadata.SERVER).text(2, Metadata.SERVER_VERSION);
        Metadata.EXTENSIONS.forEach(extension -> message.element(3, extension));
        return message.toBytes();
    }

    private byte[] modelReady(byte[] message) {
        Named named = Named.read(message);
        boolean ready = scorer.isReady(CallerInterceptor.actor(), named.model(), version(named));
        return new Message().flag(1, ready).toBytes();
    }

    private byte[] modelMetadata(byte[] request) {
        Named named = Named.read(request);
        Metadata metadata = Metadata.of(scorer, CallerInterceptor.actor(), named.model(), version(named));
        var message = new Message().text(1, metadata.model());
        metadata.versions().forEach(version -> message.element(2, version));
        message.text(3, metadata.platform());
        tensors(message, 4, metadata.inputs());
        tensors(message, 5, metadata.outputs());
        return message.toBytes();
    }

    private static void tensors(Message message, int field, List<Metadata.Tensor> tensors) {
        for (Metadata.Tensor tensor : tensors) {
            message.message(field, tensor(tensor.name(), tensor.datatype(), Metadata.ANY));
        }
    }

    static Message tensor(String name, String datatype, int rows) {
        return new Message().text(1, name).text(2, datatype).packed(3, out -> out.writeInt64NoTag(rows));
    }

    private byte[] infer(byte[] message) {
        try (var place = scorer.admission().admit(message.length)) {
            return inferAdmitted(message);
        }
    }

    private byte[] inferAdmitted(byte[] message) {
        Named named = Named.read(message);
        ScoringCall call = scorer.call(CallerInterceptor.actor(), named.model(), version(named));
        InferMessage.Read read = call.read(() -> InferMessage.read(message, call.signature(), Limits.USUAL));
        Answer answer = call.score(read.request().rows());
        TensorCodec.requireOutputs(read.request(), answer.predictions());
        return InferAnswer.write(named.model(), answer, read);
    }

    private static Optional<String> version(Named named) {
        return named.version().isEmpty() ? Optional.empty() : Optional.of(named.version());
    }
}
