package org.millwright.replica;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.millwright.identity.Actor;
import org.millwright.identity.Authenticator;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.scoring.Model;
import org.millwright.scoring.bundle.Bundle;
import org.millwright.scoring.bundle.Fitness;
import org.millwright.scoring.bundle.ModelFormat;
import org.millwright.scoring.bundle.Unfit;
import org.millwright.scoring.remote.Pace;
import org.millwright.serving.Admission;
import org.millwright.serving.Follower;
import org.millwright.serving.Routing;
import org.millwright.serving.Scorer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers in a server's place: follows what it routes, verifies each bundle, and tells it what was answered as counts and
 * profiles. While the server is away it goes on with what it has, also after a restart.
 */
public final class Replica implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Replica.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LAST_PATIENCE = Duration.ofSeconds(2);
    private static final long DRAIN_MILLIS = 100;
    /** A version that does not load is tried again after so long. */
    private static final long RETRY_MILLIS = 30_000;

    private final ReplicaSettings settings;
    private final Clock clock;
    private final ControlPlane server;
    private final BundleFolder folder;
    private final KnownCallers callers;
    private final Scorer scorer;
    private final Follower follower;
    private final Observer observer;
    private final CountReports counts;
    private final Pace pace;
    private final Thread following =
            Thread.ofPlatform().name("replica").daemon().unstarted(this::loop);
    private final Thread draining = Thread.ofPlatform()
            .name("profiles")
            .daemon()
            .priority(Thread.MIN_PRIORITY)
            .unstarted(this::drain);

    private String tag = "";
    private long followedAt;
    private int failures;
    private volatile boolean closed;
    private volatile Optional<Instant> reached = Optional.empty();
    private volatile Optional<String> problem = Optional.empty();
    private volatile Map<String, String> faults = Map.of();

    public Replica(ReplicaSettings settings, Clock clock, Ids ids) {
        this.settings = settings;
        this.clock = clock;
        this.server = new ControlPlane(settings.server(), settings.token());
        this.folder = new BundleFolder(settings.cache(), settings.keys());
        this.callers = new KnownCallers(clock);
        this.scorer = new Scorer(callers, clock, ids, new Admission());
        this.follower = new Follower(scorer, clock);
        this.observer = new Observer(server);
        this.counts = new CountReports(server);
        this.pace = new Pace(settings.every(), new Random());
        scorer.add(observer);
    }

    public Scorer scorer() {
        return scorer;
    }

    public Authenticator callers() {
        return callers;
    }

    /** Refuses who may not see how this process is doing. */
    public void requireOperator(Actor by) {
        callers.requireOperator(by);
    }

    /** Begins to follow the server in the background. */
    public void start() {
        following.start();
        draining.start();
    }

    public ReplicaState state() {
        return new ReplicaState(reached, problem, faults, observer.state());
    }

    private void loop() {
        while (!closed) {
            try {
                turn();
            } catch (RuntimeException e) {
                fail("following " + settings.server() + " failed: " + e);
                LOG.warn("Following {} failed; it will be tried again", settings.server(), e);
            }
            pause(() -> pace.millis(Math.min(failures, 3)));
        }
    }

    private void drain() {
        while (!closed) {
            observer.drain(LAST_PATIENCE);
            pause(() -> DRAIN_MILLIS);
        }
    }

    private void pause(LongSupplier millis) {
        if (!closed) {
            LockSupport.parkNanos(this, millis.getAsLong() * 1_000_000);
        }
    }

    /** Looks what the server routes now, and tells it what was answered. */
    private synchronized void turn() {
        if (closed) {
            return;
        }
        try {
            boolean due = !faults.isEmpty() && clock.millis() - followedAt >= RETRY_MILLIS;
            ControlPlane.Text text = server.routing(due ? "" : tag);
            reached = Optional.of(clock.instant());
            if (!text.isKnown()) {
                follow(Routing.fromJson(text.text()).only(settings.deployments()));
                tag = text.tag();
            }
            report();
            if (failures > 0) {
                LOG.info("{} is reached again", settings.server());
            }
            failures = 0;
            problem = Optional.empty();
        } catch (IOException | Problem e) {
            fail(String.valueOf(e.getMessage()));
            if (!scorer.isLoaded()) {
                restore();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow(Routing routing) throws IOException {
        counts.add(follower.counted());
        callers.know(routing.callers());
        followedAt = clock.millis();
        Follower.Followed followed = follower.follow(routing, this::load);
        tell(followed.faults());
        faults = followed.faults();
        var archives = new HashSet<String>();
        followed.inForce().forEach(routed -> archives.addAll(routed.bundles().values()));
        folder.keep(Json.bytes(new Routing(followed.inForce(), routing.callers()).toJson()), archives);
    }

    /** Goes on with what answered before the last stop. */
    private void restore() {
        try {
            Optional<byte[]> kept = folder.routing();
            if (kept.isPresent()) {
                Routing routing = Routing.fromJson(kept.get()).only(settings.deployments());
                callers.know(routing.callers());
                Follower.Followed followed = follower.follow(routing, this::load);
                tell(followed.faults());
                faults = followed.faults();
            }
        } catch (Problem | UncheckedIOException e) {
            LOG.warn("What is in the cache {} cannot be used: {}", settings.cache(), e.getMessage());
        }
    }

    private void tell(Map<String, String> now) {
        var fresh = new TreeMap<>(now);
        fresh.entrySet().removeAll(faults.entrySet());
        fresh.forEach((version, why) -> LOG.warn("{} does not answer here: {}", version, why));
    }

    private Model load(Routing.Routed routed, String version) {
        String name = routed.deployment().model();
        String archive = Optional.ofNullable(routed.bundles().get(version)).orElseThrow();
        Bundle bundle = folder.open(archive, target -> server.bundle(name, version, target));
        var manifest = bundle.manifest();
        if (!manifest.model().equals(name) || !manifest.version().equals(version)) {
            throw new Unfit("its bundle was made for " + manifest.model() + "/" + manifest.version());
        }
        if (ModelFormat.of(manifest.runtime()) == ModelFormat.PYTHON) {
            throw new Unfit("it is a model that only Python runs, which the server itself answers");
        }
        Model model = bundle.load();
        try {
            Fitness.smokeTest(bundle, model, Integer.MAX_VALUE);
        } catch (RuntimeException e) {
            model.close();
            throw e;
        }
        observer.know(routed.deployment().name(), version, bundle.reference());
        return model;
    }

    private void report() throws IOException, InterruptedException {
        counts.add(follower.counted());
        counts.send();
        observer.send(PATIENCE);
    }

    private void fail(String why) {
        if (failures++ == 0) {
            LOG.warn("{}; it will be tried again", why);
        }
        problem = Optional.of(why);
    }

    /** Answers no more, and tells the server what is not told yet if it is there. */
    @Override
    public void close() {
        closed = true;
        // Whatever it is waiting for, a stop does not.
        following.interrupt();
        LockSupport.unpark(draining);
        synchronized (this) {
            try {
                counts.add(follower.counted());
                counts.send();
            } catch (IOException e) {
                LOG.debug("The last counts were not sent: {}", e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            observer.send(LAST_PATIENCE);
            follower.close();
        }
    }
}
