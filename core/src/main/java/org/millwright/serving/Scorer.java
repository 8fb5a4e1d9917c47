package org.millwright.serving;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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
import org.millwright.scoring.Signature;
import org.millwright.scoring.codec.ScoringRequest;

/** Answers scoring requests from loaded versions: no database, no lock. */
public final class Scorer {
    /** How often a request is tried while its version is replaced. */
    static final int ATTEMPTS = 100;

    private final RouteTable routes = new RouteTable();
    private final Mirror mirror = new Mirror();
    private final Admission admission;
    private final ScoringRight right;
    private final Answering answering;
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
        this.answering = new Answering(clock);
        this.ids = ids;
    }

    /** Who asks for a place in it before reading a request keeps memory bounded. */
    public Admission admission() {
        return admission;
    }

    /** Lets the listener hear of every answer from now on. */
    public void add(PredictionListener listener) {
        answering.add(listener);
    }

    /**
     * Begins a request to a deployment, or to one of its versions.
     *
     * @throws Problem.Denied when the actor may not score in the deployment's project
     * @throws Problem.NotFound for an unknown deployment or version, and for one that the actor may not even know of
     * @throws Problem.Unavailable when nothing is in production yet, or the server is starting
     */
    public ScoringCall call(Actor by, String deployment, Optional<String> version) {
        Live contract = contract(mayScore(by, deployment), version);
        return new ScoringCall(routes, answering, mirror, ids, deployment, version, contract);
    }

    /** Scores a request as {@link #call} and {@link ScoringCall#score} do. */
    public Answer score(Actor by, String deployment, Optional<String> version, ScoringRequest request) {
        return call(by, deployment, version).score(request);
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
                    throw Answering.told(e);
                } finally {
                    live.release();
                }
            }
        }
        throw changing(deployment);
    }

    static Problem changing(String deployment) {
        return new Problem.Unavailable("Deployment " + deployment + " is changing versions", "Send the request again.");
    }

    /** The columns that callers of the deployment, or of one of its versions, send and get. */
    public Signature signature(Actor by, String deployment, Optional<String> version) {
        return contract(known(by, deployment), version).signature();
    }

    /** What runs that version, or the one in production. */
    public String platform(Actor by, String deployment, Optional<String> version) {
        return contract(known(by, deployment), version).platform();
    }

    private static Live contract(Route route, Optional<String> version) {
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
        return contract(known(by, deployment), version).model().isReady();
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
        answering.logTo(into);
    }

    public Optional<RequestLog> log() {
        return answering.log();
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

    static Live named(Route route, String version) {
        Live live = route.versions().get(version);
        if (live == null) {
            throw new Problem.NotFound("Deployment " + route.deployment().name() + " has no loaded version '"
                    + InvalidInput.shorten(version) + "'; loaded are "
                    + new TreeSet<>(route.versions().keySet()));
        }
        return live;
    }

    static Live chosen(Route route, String key) {
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
