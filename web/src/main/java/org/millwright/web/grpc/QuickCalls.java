package org.millwright.web.grpc;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.millwright.serving.Scorer;
import org.millwright.web.grpc.Bytes.Received;
import org.millwright.web.grpc.Wire.Named;

/**
 * Lets the thread of a connection answer what takes less than handing it to another: few rows for a model that is quick and
 * free, from a caller who is known. Everything else, which might wait, goes to a thread of its own, since the connections
 * would wait with it.
 */
final class QuickCalls implements ServerCallExecutorSupplier {
    private static final String INFER = "ModelInfer";
    private static final Metadata.Key<String> ENCODING =
            Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER);
    private static final String PLAIN = "identity";
    private static final int LONGEST = 4_096;

    private final Scorer scorer;
    private final CallerInterceptor callers;
    private final Executor threads;

    QuickCalls(Scorer scorer, CallerInterceptor callers, Executor threads) {
        this.scorer = scorer;
        this.callers = callers;
        this.threads = threads;
    }

    /** Where a call begins; null is the connection's thread, which unpacks nothing. */
    @Override
    public <Q, A> @Nullable Executor getExecutor(ServerCall<Q, A> call, Metadata headers) {
        return INFER.equals(call.getMethodDescriptor().getBareMethodName())
                        && PLAIN.equals(headers.containsKey(ENCODING) ? headers.get(ENCODING) : PLAIN)
                        && callers.isKnown(call, headers)
                ? null
                : threads;
    }

    /** Answers a message on this thread, or on one of its own when this is a connection's and the answer may take longer. */
    void run(Received message, Runnable answering) {
        if (Thread.currentThread().isVirtual() || isQuick(message)) {
            answering.run();
        } else {
            threads.execute(Context.current().wrap(answering));
        }
    }

    private boolean isQuick(Received message) {
        try {
            if (message.bytes().length > LONGEST) {
                return false;
            }
            Named named = Named.read(message.bytes());
            return scorer.isQuick(
                    named.model(), named.version().isEmpty() ? Optional.empty() : Optional.of(named.version()));
        } catch (RuntimeException e) {
            return false;
        }
    }
}
