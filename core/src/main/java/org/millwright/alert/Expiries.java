package org.millwright.alert;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.millwright.kernel.Ids;
import org.millwright.project.Projects;
import org.millwright.serving.Deployment;
import org.millwright.serving.Deployments;
import org.millwright.turn.Turns;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks ahead to when the certificates of what is in production end: tells it 30 days before, again 7 days before, and when
 * it has come. Nothing is stopped by it.
 */
public final class Expiries implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Expiries.class);
    private static final Duration TURN = Duration.ofMinutes(10);
    private static final List<Duration> AHEAD = List.of(Duration.ZERO, Duration.ofDays(7), Duration.ofDays(30));

    private final Deployments deployments;
    private final Projects projects;
    private final Alerts alerts;
    private final Clock clock;
    private final Ids ids;
    private final Turns turns = new Turns("expiries", TURN, this::turn);

    public Expiries(Deployments deployments, Projects projects, Alerts alerts, Clock clock, Ids ids) {
        this.deployments = deployments;
        this.projects = projects;
        this.alerts = alerts;
        this.clock = clock;
        this.ids = ids;
    }

    /** From now on looks by itself. */
    public void start() {
        turns.start();
    }

    /** Looks at every deployment now. */
    public void turn() {
        for (Deployment deployment : deployments.list()) {
            try {
                alerts.expiring(deployment.name(), due(deployment));
            } catch (RuntimeException e) {
                LOG.warn("The certificates of {} cannot be looked at; it will be tried again", deployment.ref(), e);
            }
        }
    }

    private Optional<Alert> due(Deployment deployment) {
        return deployments.validUntil(deployment).flatMap(until -> {
            Duration left = Duration.between(clock.instant(), until);
            return AHEAD.stream()
                    .filter(ahead -> left.compareTo(ahead) <= 0)
                    .findFirst()
                    .map(ahead -> alert(deployment, until, left, ahead));
        });
    }

    private Alert alert(Deployment deployment, Instant until, Duration left, Duration ahead) {
        String version = deployment.production().orElseThrow();
        return new Alert(
                ids.next(),
                Subject.deployment(deployment.name()),
                deployment.name(),
                deployment.project(),
                deployment.model(),
                version,
                Clause.CERTIFICATE,
                Alert.State.OPEN,
                WindowKind.DAY.at(until.toEpochMilli()),
                "days left",
                Math.max(0, left.toDays()),
                ahead.toDays(),
                0,
                message(deployment.model() + "/" + version, until, left),
                projects.investigator(deployment.project()),
                clock.millis(),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    private static String message(String version, Instant until, Duration left) {
        boolean over = left.isNegative() || left.isZero();
        String day = until.atOffset(ZoneOffset.UTC).toLocalDate().toString();
        return "The certificate of " + version + (over ? " expired on " : " expires on ") + day
                + ": it serves on, but is not deployed anew until mw model certify " + version + " renews it";
    }

    @Override
    public void close() {
        turns.close();
    }
}
