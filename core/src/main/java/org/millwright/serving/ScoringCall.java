package org.millwright.serving;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Problem;
import org.millwright.scoring.Frame;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.Signature;
import org.millwright.scoring.codec.ScoringRequest;

/** One request to a deployment, or to one of its versions, of a caller who may score there. */
public final class ScoringCall {
    private final RouteTable routes;
    private final Answering answering;
    private final Mirror mirror;
    private final Ids ids;
    private final String deployment;
    private final Optional<String> version;
    private final Live contract;

    /** @param contract the version whose columns the caller sends */
    ScoringCall(
            RouteTable routes,
            Answering answering,
            Mirror mirror,
            Ids ids,
            String deployment,
            Optional<String> version,
            Live contract) {
        this.routes = routes;
        this.answering = answering;
        this.mirror = mirror;
        this.ids = ids;
        this.deployment = deployment;
        this.version = version;
        this.contract = contract;
    }

    /** The columns that the caller sends and gets. */
    public Signature signature() {
        return contract.signature();
    }

    /** Reads what the caller sent; what does not fit is counted as refused. */
    public <T> T read(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (InvalidInput | Problem.Invalid e) {
            contract.traffic().refused();
            throw e;
        }
    }

    /**
     * Scores the request with the version that its key falls to, or with the named one if it is loaded.
     *
     * <p>The key is the first row's value of the column that the roll-out names, else its id, else the request's id: an
     * entity stays with one version. Where requests go is looked up again: it may have changed since the call began.
     *
     * @throws Problem.NotFound when the deployment or version is gone
     * @throws Problem.Unavailable when nothing is in production yet, or it was stopped
     * @throws InvalidInput when the rows do not fit the model
     */
    public Answer score(ScoringRequest request) {
        String requestId = request.id().isEmpty() ? ids.random() : request.id();
        for (int attempt = 0; attempt < Scorer.ATTEMPTS; attempt++) {
            Route route = routes.require(deployment);
            String key = key(route, requestId, request);
            Live live = version.isPresent() ? Scorer.named(route, version.get()) : Scorer.chosen(route, key);
            Optional<Halt> halt = route.halt(live);
            if (halt.isPresent()) {
                return halted(route, live, halt.get(), requestId, request);
            }
            if (live.acquire()) {
                try {
                    Answer answer = admitted(route, live, requestId, request);
                    if (version.isEmpty()) {
                        mirror(route, key, request, answer);
                    }
                    return answer;
                } finally {
                    live.release();
                }
            }
        }
        throw Scorer.changing(deployment);
    }

    private Answer admitted(Route route, Live live, String requestId, ScoringRequest request) {
        route.limiter().enter(route.deployment().name());
        try {
            return answering.score(route, live, requestId, request);
        } finally {
            route.limiter().leave();
        }
    }

    private static Answer halted(Route route, Live live, Halt halt, String requestId, ScoringRequest request) {
        if (halt.constant().isEmpty()) {
            throw new Problem.Unavailable(
                    "Deployment " + route.deployment().name() + " was stopped: " + halt.reason(),
                    "mw deployment show " + route.deployment().name());
        }
        var values = new double[request.frame().rows()];
        Arrays.fill(values, halt.constant().getAsDouble());
        List<Signature.Column> outputs = live.signature().outputs();
        String name = outputs.isEmpty() ? "prediction" : outputs.getFirst().name();
        Frame constant = Frame.of(values.length).doubles(name, values).build();
        return new Answer(route.deployment().model(), Halt.VERSION, requestId, constant);
    }

    private static String key(Route route, String requestId, ScoringRequest request) {
        Optional<String> column = route.stickyBy();
        if (column.isPresent() && request.frame().rows() > 0) {
            int at = request.frame().position(column.get());
            if (at >= 0) {
                return String.valueOf(request.frame().value(at, 0));
            }
        }
        return request.ids().isEmpty() ? requestId : request.ids().getFirst();
    }

    /** Lets a version in the shadow answer too, after the caller was answered. */
    private void mirror(Route route, String key, ScoringRequest request, Answer answer) {
        Live shadow = route.shadow(key);
        if (shadow != null) {
            mirror.show(
                    shadow,
                    request.frame().rows(),
                    answer,
                    () -> answering.score(route, shadow, answer.requestId(), request));
        }
    }
}
