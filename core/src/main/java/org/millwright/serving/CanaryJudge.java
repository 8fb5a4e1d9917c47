package org.millwright.serving;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.millwright.identity.Actor;
import org.millwright.kernel.Problem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Promotes a canary that answered enough requests, and takes back one that fails, as requests come in. */
public final class CanaryJudge implements PredictionListener {
    private static final int FEW = 20;
    private static final Logger LOG = LoggerFactory.getLogger(CanaryJudge.class);

    private final Deployments deployments;
    private final Scorer scorer;
    private final Executor executor;
    private final Set<String> judging = ConcurrentHashMap.newKeySet();

    /** @param executor runs verdicts, so that requests do not wait for them */
    public CanaryJudge(Deployments deployments, Scorer scorer, Executor executor) {
        this.deployments = deployments;
        this.scorer = scorer;
        this.executor = executor;
    }

    private sealed interface Verdict {
        record Promote() implements Verdict {}

        record TakeBack(String reason) implements Verdict {}

        record Wait() implements Verdict {}
    }

    @Override
    public void answered(Scored scored) {
        judge(scored.deployment());
    }

    @Override
    public void failed(String deployment) {
        judge(deployment);
    }

    /** Judges a deployment's canary, if it has one; the verdict is carried out once. */
    private void judge(String name) {
        if (!(verdict(name) instanceof Verdict.Wait) && judging.add(name)) {
            executor.execute(() -> {
                try {
                    carryOut(name, verdict(name));
                } finally {
                    judging.remove(name);
                }
            });
        }
    }

    private Verdict verdict(String name) {
        Rollout rollout = scorer.deployment(name).map(Deployment::rollout).orElseGet(Rollout.None::new);
        if (!(rollout instanceof Rollout.Canary canary)) {
            return new Verdict.Wait();
        }
        Counts counts = deployments.counts(name, canary.version());
        long all = counts.answered() + counts.failed();
        if (counts.failedShare() > Deployments.MOST_FAILED) {
            return all >= Math.min(FEW, canary.minRequests())
                    ? new Verdict.TakeBack("the canary failed " + counts.failed() + " of " + all + " requests")
                    : new Verdict.Wait();
        }
        return counts.answered() >= canary.minRequests() ? new Verdict.Promote() : new Verdict.Wait();
    }

    private void carryOut(String name, Verdict verdict) {
        try {
            switch (verdict) {
                case Verdict.Promote promote -> deployments.promote(Actor.SYSTEM, name);
                case Verdict.TakeBack takeBack -> deployments.rollBack(Actor.SYSTEM, name, takeBack.reason());
                case Verdict.Wait wait -> {}
            }
        } catch (Problem e) {
            LOG.warn("The canary of deployment {} stays: {}", name, e.getMessage());
        }
    }
}
