package org.millwright.web.grpc;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Ends calls whose message does not come whole in time: every byte of one that trickles in keeps a stream alive. */
final class Patience implements ServerInterceptor {
    private final ScheduledExecutorService timer;
    private final Duration most;

    Patience(ScheduledExecutorService timer, Duration most) {
        this.timer = timer;
        this.most = most;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        var decided = new AtomicBoolean();
        Future<?> end = timer.schedule(
                () -> {
                    if (decided.compareAndSet(false, true)) {
                        call.close(
                                Status.INVALID_ARGUMENT.withDescription(
                                        "the message did not come whole within " + most.toSeconds() + " s"),
                                new Metadata());
                    }
                },
                most.toMillis(),
                TimeUnit.MILLISECONDS);
        return new SimpleForwardingServerCallListener<>(next.startCall(call, headers)) {
            @Override
            public void onHalfClose() {
                // Answers are written from here on only, so that one thread at a time uses the call.
                if (decided.compareAndSet(false, true)) {
                    end.cancel(false);
                    super.onHalfClose();
                }
            }

            @Override
            public void onCancel() {
                end.cancel(false);
                super.onCancel();
            }
        };
    }
}
