package org.millwright.insight;

import java.util.List;
import java.util.Optional;
import org.millwright.alert.Alert;
import org.millwright.alert.Alerts;
import org.millwright.identity.Actor;
import org.millwright.serving.DeployedVersion;
import org.millwright.serving.Deployment;
import org.millwright.serving.Deployments;
import org.millwright.serving.Rollout;

/** The stations after the approval: where versions are on their way to production, and how they do there. */
final class LineServing {
    private final Deployments deployments;
    private final Alerts alerts;

    LineServing(Deployments deployments, Alerts alerts) {
        this.deployments = deployments;
        this.alerts = alerts;
    }

    /** A project's deployment with all its versions, newest change first, and its alerts. */
    record Served(Deployment deployment, List<DeployedVersion> versions, List<Alert> alerts) {
        Optional<DeployedVersion> production() {
            return deployment
                    .production()
                    .flatMap(number -> versions.stream()
                            .filter(version -> version.version().equals(number))
                            .findFirst());
        }

        List<Alert> open() {
            return alerts.stream().filter(Alert::isOpen).toList();
        }
    }

    Optional<Served> of(String project) {
        return of(project, deployments.list());
    }

    /** @param all every deployment, read once for several projects */
    Optional<Served> of(String project, List<Deployment> all) {
        return all.stream()
                .filter(deployment -> deployment.project().equals(project))
                .findFirst()
                .map(deployment -> new Served(
                        deployment,
                        deployments.versions(deployment.name()),
                        alerts.list(Actor.SYSTEM, Optional.of(deployment.name()), Optional.empty(), false)));
    }

    static List<Station> stations(Optional<Served> served) {
        if (served.isEmpty() || served.get().versions().isEmpty()) {
            return List.of(
                    Station.idle("staging"),
                    Station.idle("canary"),
                    Station.idle("production"),
                    Station.idle("monitor"));
        }
        Served at = served.get();
        DeployedVersion newest = at.versions().getFirst();
        String ref = at.deployment().ref();
        return List.of(staging(newest, ref), canary(at, newest, ref), production(at, ref), monitor(at, ref));
    }

    private static Station staging(DeployedVersion newest, String ref) {
        String result = "v" + newest.version() + " · " + newest.smokeRows() + " rows as at training";
        return newest.stage() == DeployedVersion.Stage.STAGED
                ? new Station("staging", Station.Mood.LIVE, result, newest.deployedAt(), ref)
                : new Station("staging", Station.Mood.OK, result, newest.deployedAt(), ref);
    }

    private static Station canary(Served at, DeployedVersion newest, String ref) {
        if (at.deployment().rollout() instanceof Rollout.Trial trial) {
            return new Station(
                    "canary",
                    Station.Mood.LIVE,
                    "v" + trial.version() + (trial.isShadow() ? " · in the shadow" : " · " + trial.percent() + " %"),
                    newest.changedAt(),
                    ref);
        }
        return switch (newest.stage()) {
            case STAGED, SHADOW, CANARY -> Station.idle("canary");
            case REFUSED ->
                new Station(
                        "canary", Station.Mood.BAD, "v" + newest.version() + " taken back", newest.changedAt(), ref);
            case PRODUCTION, PREVIOUS, RETIRED ->
                new Station("canary", Station.Mood.OK, "v" + newest.version() + " promoted", newest.changedAt(), ref);
        };
    }

    private static Station production(Served at, String ref) {
        return at.production()
                .map(version -> new Station(
                        "production", Station.Mood.OK, "v" + version.version() + " serves", version.changedAt(), ref))
                .orElseGet(() -> Station.idle("production"));
    }

    private static Station monitor(Served at, String ref) {
        List<Alert> open = at.open();
        if (!open.isEmpty()) {
            Alert worst = worst(at);
            boolean replaced = isReplaced(worst, at);
            return new Station(
                    "monitor",
                    replaced ? Station.Mood.WARN : Station.Mood.BAD,
                    worst.clause().text() + " alert · " + (replaced ? "v" + worst.version() + " · " : "")
                            + worst.window().label(),
                    worst.raisedAt(),
                    worst.ref());
        }
        if (at.deployment().production().isEmpty()) {
            return Station.idle("monitor");
        }
        return new Station(
                "monitor", Station.Mood.OK, "no open alert", at.deployment().changedAt(), ref);
    }

    /** The newest open alert about what is in production; else the newest of all. */
    private static Alert worst(Served at) {
        List<Alert> open = at.open();
        return open.stream().filter(alert -> !isReplaced(alert, at)).findFirst().orElse(open.getFirst());
    }

    /** Whether the version that it is about answers no more. */
    private static boolean isReplaced(Alert alert, Served at) {
        return !at.deployment().production().equals(Optional.of(alert.version()))
                && !at.deployment().candidate().equals(Optional.of(alert.version()));
    }

    private static String open(Served at) {
        Alert worst = worst(at);
        return isReplaced(worst, at)
                ? " An alert about version " + worst.version() + ", which answers no more, is still open: "
                        + worst.message() + "."
                : " " + worst.message() + ".";
    }

    /** What serves and how it does, in plain words; empty when nothing was ever in production. */
    static Optional<String> sentence(Optional<Served> served) {
        return served.flatMap(at -> at.production().map(version -> {
            String share = at.deployment().rollout() instanceof Rollout.Trial trial && !trial.isShadow()
                    ? "Version " + version.version() + " serves " + (100 - trial.percent())
                            + " % of the requests, version " + trial.version() + " as canary the rest."
                    : "Version " + version.version() + " serves all requests.";
            List<Alert> open = at.open();
            String alerts =
                    open.isEmpty() ? at.alerts().isEmpty() ? " No alert so far." : " No alert is open." : open(at);
            return share + alerts.replace("..", ".");
        }));
    }
}
