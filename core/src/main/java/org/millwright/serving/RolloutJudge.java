package org.millwright.serving;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import org.millwright.kernel.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves versions on trial forward or takes them back, as requests come in and time passes; begins what was planned for a
 * time.
 */
public final class RolloutJudge implements PredictionListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RolloutJudge.class);
    private static final long TURN_NANOS = 1_000_000_000L;

    private final Deployments deployments;
    private final Scorer scorer;
    private final Executor executor;
    private final Set<String> judging = ConcurrentHashMap.newKeySet();
    /** Why each roll-out stays, so that it is told once. */
    private final Map<String, String> said = new ConcurrentHashMap<>();

    private volatile boolean closed;
    private final Thread turns;

    /** @param executor runs verdicts, so that requests do not wait for them */
    public RolloutJudge(Deployments deployments, Scorer scorer, Executor executor) {
        this.deployments = deployments;
        this.scorer = scorer;
        this.executor = executor;
        this.turns = Thread.ofVirtual().name("rollouts").unstarted(this::loop);
    }

    /** From now on looks by itself about every second. */
    public void start() {
        turns.start();
    }

    @Override
    public void answered(Scored scored) {
        look(scored.deployment());
    }

    @Override
    public void failed(String deployment) {
        look(deployment);
    }

    /** Looks at every deployment now. */
    public void turn() {
        scorer.names().forEach(this::judge);
    }

    /** By what a request needs no database for; most often there is no trial, or too few answers. */
    private void look(String name) {
        if (said.containsKey(name)) {
            // It was just refused: the next turn looks again, not every request.
            return;
        }
        if (scorer.deployment(name).map(Deployment::rollout).orElse(null) instanceof Rollout.Trial trial
                && deployments.isWorthJudging(name, trial)) {
            judge(name);
        }
    }

    private void judge(String name) {
        if (scorer.deployment(name).filter(RolloutJudge::movesByItself).isPresent() && judging.add(name)) {
            executor.execute(() -> {
                try {
                    deployments.judge(name);
                    said.remove(name);
                } catch (Problem e) {
                    String why = String.valueOf(e.getMessage());
                    if (!why.equals(said.put(name, why))) {
                        LOG.warn("The roll-out of deployment {} stays: {}", name, why);
                    }
                } finally {
                    judging.remove(name);
                }
            });
        }
    }

    private static boolean movesByItself(Deployment deployment) {
        return switch (deployment.rollout()) {
            case Rollout.None none -> false;
            case Rollout.Staged staged -> staged.planned().isPresent();
            case Rollout.Trial trial -> true;
        };
    }

    private void loop() {
        while (!closed) {
            LockSupport.parkNanos(this, TURN_NANOS);
            try {
                turn();
            } catch (RuntimeException e) {
                LOG.warn("Looking at roll-outs failed; it will be tried again", e);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(turns);
    }
}
