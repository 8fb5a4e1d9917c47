package org.millwright.serving;

import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Problem;
import org.millwright.project.Limits;
import org.millwright.project.RequestSampling;
import org.millwright.scoring.Frame;
import org.millwright.scoring.InvalidInput;
import org.millwright.scoring.ModelFailure;
import org.millwright.scoring.Overloaded;
import org.millwright.scoring.Signature;
import org.millwright.scoring.codec.ScoringRequest;
import org.millwright.trace.Span;

/** Answers scoring requests from loaded versions: no database, no lock. */
public final class Scorer {
    private static final int ATTEMPTS = 100;

    private final RouteTable routes = new RouteTable();
    private volatile @Nullable RequestLog log;
    private final List<PredictionListener> listeners = new CopyOnWriteArrayList<>();
    private final Mirror mirror = new Mirror();
    private final Admission admission;
    private final ScoringRight right;
    private final Clock clock;
    private final Ids ids;

    public Scorer(Access access, Clock clock, Ids ids) {
        this(access, clock, ids, new Admission());
    }

    public Scorer(Access access, Clock clock, Ids ids, Admission admission) {
        this(ScoringRight.by(access), clock, ids, admission);
    }

    public Scorer(ScoringRight right, Clock clock, Ids ids, Admission admission) {
        this.admission = admission;
        this.right = right;
        this.clock = clock;
        this.ids = ids;
    }

    /** Who asks for a place in it before reading a request keeps memory bounded. */
    public Admission admission() {
        return admission;
    }

    /** Lets the listener hear of every answer from now on. */
    public void add(PredictionListener listener) {
        listeners.add(listener);
    }

    /**
     * Scores a request with the version that its key falls to, or with the named one if it is loaded.
     *
     * <p>The key is the first row's value of the column that the roll-out names, else its id, else the request's id: an
     * entity stays with one version.
     *
     * @throws Problem.Denied when the actor may not score in the deployment's project
     * @throws Problem.NotFound for an unknown deployment or version, and for one that the actor may not even know of
     * @throws Problem.Unavailable when nothing is in production yet, or the server is starting
     * @throws InvalidInput when the rows do not fit the model
     */
    public Answer score(Actor by, String deployment, Optional<String> version, ScoringRequest request) {
        String requestId = request.id().isEmpty() ? ids.random() : request.id();
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Route route = mayScore(by, deployment);
            String key = key(route, requestId, request);
            Live live = version.isPresent() ? named(route, version.get()) : chosen(route, key);
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
        throw changing(deployment);
    }

    private Answer admitted(Route route, Live live, String requestId, ScoringRequest request) {
        route.limiter().enter(route.deployment().name());
        try {
            return score(route, live, requestId, request);
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
                    shadow, request.frame().rows(), answer, () -> score(route, shadow, answer.requestId(), request));
        }
    }

    /**
     * Scores rows that somebody tries out with the version whose signature callers rely on; neither counted nor watched.
     *
     * @throws Problem as {@link #score} does
     */
    public Answer preview(Actor by, String deployment, ScoringRequest request) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Route route = mayScore(by, deployment);
            Live live = route.contract().orElseThrow(() -> nothing(route));
            if (live.acquire()) {
                try {
                    Frame predictions = live.model().predict(request.frame());
                    return new Answer(route.deployment().model(), live.version(), request.id(), predictions);
                } catch (ModelFailure e) {
                    throw told(e);
                } finally {
                    live.release();
                }
            }
        }
        throw changing(deployment);
    }

    private static Problem changing(String deployment) {
        return new Problem.Unavailable("Deployment " + deployment + " is changing versions", "Send the request again.");
    }

    private Answer score(Route route, Live live, String requestId, ScoringRequest request) {
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
    private static RuntimeException told(ModelFailure failure) {
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

    /** The columns that callers of the deployment, or of one of its versions, send and get. */
    public Signature signature(Actor by, String deployment, Optional<String> version) {
        return contract(by, deployment, version).signature();
    }

    /** What runs that version, or the one in production. */
    public String platform(Actor by, String deployment, Optional<String> version) {
        return contract(by, deployment, version).platform();
    }

    private Live contract(Actor by, String deployment, Optional<String> version) {
        Route route = known(by, deployment);
        return version.map(name -> named(route, name)).or(route::contract).orElseThrow(() -> nothing(route));
    }

    /** The route, for who may score there. */
    private Route mayScore(Actor by, String deployment) {
        Route route = routes.require(deployment);
        String project = route.deployment().project();
        if (!right.allows(by, Permission.SCORE, project)) {
            known(by, deployment);
            right.require(by, project);
        }
        return route;
    }

    /** The route, for who may read in its project; to others it is as if it were not there. */
    private Route known(Actor by, String deployment) {
        Route route = routes.require(deployment);
        if (!right.allows(by, Permission.READ, route.deployment().project())) {
            throw RouteTable.absent(deployment);
        }
        return route;
    }

    /** Names of the routed deployments of which the actor may know. */
    public Set<String> names(Actor by) {
        var names = new TreeSet<String>();
        routes.all().forEach((name, route) -> {
            if (right.allows(by, Permission.READ, route.deployment().project())) {
                names.add(name);
            }
        });
        return names;
    }

    /** Names of deployments that have at least one loaded version. */
    public Set<String> names() {
        return new TreeSet<>(routes.all().keySet());
    }

    /** The deployment as it is routed. */
    public Optional<Deployment> deployment(String name) {
        return Optional.ofNullable(routes.find(name)).map(Route::deployment);
    }

    /** The loaded versions of a deployment. */
    public Set<String> versions(Actor by, String deployment) {
        return new TreeSet<>(known(by, deployment).versions().keySet());
    }

    /**
     * Whether requests to the deployment, or to one of its versions, would be answered now; not while its process starts.
     *
     * @throws Problem as {@link #signature} does
     */
    public boolean isReady(Actor by, String deployment, Optional<String> version) {
        return contract(by, deployment, version).model().isReady();
    }

    /**
     * Whether a small request to the deployment would be answered so soon that its caller's thread may be one that others wait
     * for. Never while two versions answer.
     */
    public boolean isQuick(String deployment, Optional<String> version) {
        Route route = routes.find(deployment);
        if (route == null || !(route.deployment().rollout() instanceof Rollout.None)) {
            return false;
        }
        Live live = version.map(route.versions()::get)
                .orElseGet(() -> route.contract().orElse(null));
        return live != null && live.isQuick();
    }

    /** Counts a request whose rows could not be read for the deployment, or for one of its versions: the caller's fault. */
    public void refused(String deployment, Optional<String> version) {
        Route route = routes.find(deployment);
        if (route != null) {
            version.map(route.versions()::get)
                    .or(route::contract)
                    .map(Live::traffic)
                    .ifPresent(Traffic::refused);
        }
    }

    /** What the deployment's loaded versions answered. */
    public Map<String, Traffic> traffic(String deployment) {
        var traffic = new HashMap<String, Traffic>();
        Route route = routes.find(deployment);
        if (route != null) {
            route.versions().forEach((version, live) -> traffic.put(version, live.traffic()));
        }
        return traffic;
    }

    /** What holds a routed deployment to its limits. */
    public Optional<Limiter> limiter(String deployment) {
        return find(deployment).map(Route::limiter);
    }

    /** Holds every deployment of a project to what it declares now. */
    void renew(String project, Limits limits, Optional<RequestSampling> sampling) {
        for (Route route : routes.all().values()) {
            if (route.deployment().project().equals(project)) {
                sample(route.deployment().name(), sampling);
                route.limiter().set(limits);
            }
        }
    }

    /** Keeps that sample of the requests to a deployment, if there is a place for it. */
    void sample(String deployment, Optional<RequestSampling> sampling) {
        log().ifPresent(into -> into.set(deployment, sampling));
    }

    /** Where samples of requests and answers are kept from now on. */
    public void logTo(RequestLog into) {
        log = into;
    }

    public Optional<RequestLog> log() {
        return Optional.ofNullable(log);
    }

    /** How the version in the shadow compares, if there is one. */
    public Optional<Shadowing> shadowing(String deployment) {
        return find(deployment)
                .filter(route -> route.deployment().rollout() instanceof Rollout.Trial trial && trial.isShadow())
                .flatMap(route -> route.deployment().candidate().map(route.versions()::get))
                .map(Live::shadowing);
    }

    Optional<Route> find(String deployment) {
        return Optional.ofNullable(routes.find(deployment));
    }

    /** Which deployments are routed where. */
    RouteTable routes() {
        return routes;
    }

    /** Whether everything that was deployed before this start is routed: what is not there now does not exist. */
    public boolean isLoaded() {
        return routes.isLoaded();
    }

    /** Retires every version and mirrors no more. */
    void clear() {
        mirror.close();
        routes.retain(Set.of());
    }

    private static Live named(Route route, String version) {
        Live live = route.versions().get(version);
        if (live == null) {
            throw new Problem.NotFound("Deployment " + route.deployment().name() + " has no loaded version '"
                    + InvalidInput.shorten(version) + "'; loaded are "
                    + new TreeSet<>(route.versions().keySet()));
        }
        return live;
    }

    private static Live chosen(Route route, String key) {
        Live live = route.choose(key);
        if (live == null) {
            throw nothing(route);
        }
        return live;
    }

    private static Problem nothing(Route route) {
        return new Problem.Unavailable(
                "Deployment " + route.deployment().name() + " has nothing in production yet",
                "mw deployment show " + route.deployment().name());
    }
}
