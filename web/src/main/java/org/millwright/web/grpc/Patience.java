package org.millwright.web.grpc;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends calls whose message does not come whole in time: every byte of one that trickles in keeps a stream alive. Calls are
 * looked through every now and then, since a timer for each would cost each of them a lock.
 */
final class Patience implements ServerInterceptor {
    private static final long LONGEST_TURN_MILLIS = 1_000;

    private final Duration most;
    private final Set<Waiting<?, ?>> waiting = ConcurrentHashMap.newKeySet();

    Patience(ScheduledExecutorService timer, Duration most) {
        this.most = most;
        long turn = Math.clamp(most.toMillis() / 8, 1, LONGEST_TURN_MILLIS);
        timer.scheduleWithFixedDelay(this::endOverdue, turn, turn, TimeUnit.MILLISECONDS);
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        var started = new Waiting<>(call, next.startCall(call, headers));
        waiting.add(started);
        return started;
    }

    private void endOverdue() {
        long now = System.nanoTime();
        for (Waiting<?, ?> call : waiting) {
            if (now - call.since > most.toNanos()) {
                call.end("the message did not come whole within " + most.toSeconds() + " s");
            }
        }
    }

    /** A call whose message may not have come yet. */
    private final class Waiting<Q, A> extends SimpleForwardingServerCallListener<Q> {
        private final ServerCall<Q, A> call;
        private final long since = System.nanoTime();
        /** Answers are written, or the call is ended, by the one who set it: one thread at a time may use the call. */
        private final AtomicBoolean decided = new AtomicBoolean();

        Waiting(ServerCall<Q, A> call, ServerCall.Listener<Q> listener) {
            super(listener);
            this.call = call;
        }

        void end(String why) {
            waiting.remove(this);
            if (decided.compareAndSet(false, true)) {
                call.close(Status.INVALID_ARGUMENT.withDescription(why), new Metadata());
            }
        }

        @Override
        public void onHalfClose() {
            waiting.remove(this);
            if (decided.compareAndSet(false, true)) {
                super.onHalfClose();
            }
        }

        @Override
        public void onCancel() {
            waiting.remove(this);
            super.onCancel();
        }

        @Override
        public void onComplete() {
            waiting.remove(this);
            super.onComplete();
        }
    }
}
