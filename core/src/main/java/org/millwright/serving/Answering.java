package org.millwright.serving;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Problem;
import org.millwright.scoring.Frame;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.ModelFailure;
import org.millwright.scoring.Overloaded;
import org.millwright.scoring.codec.ScoringRequest;
import org.millwright.trace.Span;

/** Lets a loaded version answer, counts it, and tells those who watch. */
final class Answering {
    private final List<PredictionListener> listeners = new CopyOnWriteArrayList<>();
    private final Clock clock;
    private volatile @Nullable RequestLog log;

    Answering(Clock clock) {
        this.clock = clock;
    }

    void add(PredictionListener listener) {
        listeners.add(listener);
    }

    void logTo(RequestLog into) {
        log = into;
    }

    Optional<RequestLog> log() {
        return Optional.ofNullable(log);
    }

    Answer score(Route route, Live live, String requestId, ScoringRequest request) {
        Span span = Span.current().child("score", Span.Kind.INTERNAL);
        if (span == Span.NONE) {
            return answer(route, live, requestId, request);
        }
        Deployment deployment = route.deployment();
        span.put("millwright.deployment", deployment.name())
                .put("millwright.project", deployment.project())
                .put("millwright.model", deployment.model())
                .put("millwright.model.version", live.version())
                .put("millwright.request.id", requestId)
                .put("millwright.rows", request.frame().rows());
        return span.around(() -> answer(route, live, requestId, request));
    }

    private Answer answer(Route route, Live live, String requestId, ScoringRequest request) {
        Deployment deployment = route.deployment();
        long start = System.nanoTime();
        Frame predictions;
        try {
            predictions = live.model().predict(request.frame(), route.limiter().patience());
        } catch (InvalidInput e) {
            live.traffic().refused();
            throw e;
        } catch (Overloaded e) {
            throw route.limiter().timedOut(deployment.name(), String.valueOf(e.getMessage()));
        } catch (ModelFailure e) {
            live.traffic().failed();
            listeners.forEach(listener -> listener.failed(deployment.name()));
            throw told(e);
        }
        live.traffic().answered(predictions.rows(), System.nanoTime() - start);
        tell(deployment, live, request, predictions);
        RequestLog into = log;
        if (into != null) {
            into.offer(deployment, live, requestId, request.frame(), predictions);
        }
        return new Answer(deployment.model(), live.version(), requestId, predictions);
    }

    /** A failure that passes is no fault of ours: callers are told to send the request again. */
    static RuntimeException told(ModelFailure failure) {
        return failure.isTemporary()
                ? new Problem.Busy(String.valueOf(failure.getMessage()), "Send the request again.", failure)
                : failure;
    }

    /** Tells listeners of answered rows. */
    private void tell(Deployment deployment, Live live, ScoringRequest request, Frame predictions) {
        if (listeners.isEmpty() || predictions.width() == 0) {
            return;
        }
        Scored scored = Scored.of(deployment, live.version(), clock.millis(), request, predictions);
        for (PredictionListener listener : listeners) {
            listener.answered(scored);
        }
    }
}
