package org.millwright.scoring.remote;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The body of an answer, which fails when it is larger than is believed. */
public final class Limited<T> implements BodySubscriber<T> {
    private final BodySubscriber<T> body;
    private final long most;
    private long left;
    private Flow.@Nullable Subscription subscription;

    public Limited(BodySubscriber<T> body, long most) {
        this.body = body;
        this.most = most;
        this.left = most;
    }

    @Override
    public CompletionStage<T> getBody() {
        return body.getBody();
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        body.onSubscribe(given);
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
        if (left < 0) {
            return;
        }
        for (ByteBuffer part : parts) {
            left -= part.remaining();
        }
        if (left >= 0) {
            body.onNext(parts);
            return;
        }
        if (subscription != null) {
            subscription.cancel();
        }
        body.onError(new IOException("the answer is above " + most + " bytes"));
    }

    @Override
    public void onError(Throwable failure) {
        body.onError(failure);
    }

    @Override
    public void onComplete() {
        if (left >= 0) {
            body.onComplete();
        }
    }
}
