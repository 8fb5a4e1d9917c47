package org.millwright.web.ui;

import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.ledger.Ledger;
import org.millwright.project.Projects;
import org.millwright.serving.Deployment;
import org.millwright.serving.Deployments;
import org.millwright.serving.Rollout;
import org.millwright.serving.Scorer;
import org.millwright.serving.Traffic;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** Deployments: which version answers which share of the requests, how fast, and how well. */
public final class DeploymentPages implements Routes {
    private static final int BUCKET = 6;

    private final Ui ui;
    private final Deployments deployments;
    private final Projects projects;
    private final Scorer scorer;
    private final Watches watches;
    private final Ledger ledger;
    private final Users users;
    private final Clock clock;

    public DeploymentPages(
            Ui ui,
            Deployments deployments,
            Projects projects,
            Scorer scorer,
            Watches watches,
            Ledger ledger,
            Users users,
            Clock clock) {
        this.ui = ui;
        this.deployments = deployments;
        this.projects = projects;
        this.scorer = scorer;
        this.watches = watches;
        this.ledger = ledger;
        this.users = users;
        this.clock = clock;
    }

    /** A version that answers, with its share of the requests in percent. */
    public record Share(String version, int percent, String role, Optional<Traffic> traffic) {}

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/deployments", this::list);
        routing.get("/deployments/{name}", this::show);
        routing.get("/deployments/{name}/traffic", this::traffic);
    }

    private void list(ServerRequest request, ServerResponse response) {
        users.access().require(Http.actor(request), Permission.READ);
        List<Deployment> all = deployments.list();
        var shares = new HashMap<String, List<Share>>();
        all.forEach(deployment -> shares.put(deployment.name(), shares(deployment, scorer)));
        ui.page(
                request,
                response,
                "deployment/list.jte",
                "Deployments",
                "Deployments",
                Map.of("deployments", all, "shares", shares, "now", clock.millis()));
    }

    private void show(ServerRequest request, ServerResponse response) {
        Deployment deployment = require(request);
        var model = new HashMap<>(live(deployment));
        model.put("versions", deployments.versions(deployment.name()));
        model.put(
                "history",
                ledger.about(deployment.ref()).reversed().stream().limit(20).toList());
        model.put("people", new Names(users));
        model.put("validUntil", deployments.validUntil(deployment));
        model.put("stage", projects.file(deployment.project()).map(file -> file.stageOf(deployment.name())));
        Optional<Watches.Whole> watched = watches.whole(
                Http.actor(request),
                deployment.name(),
                Http.query(request, "window").orElse(""));
        model.put("watch", watched.map(Watches.Whole::watch));
        model.put("signals", watched.map(Watches.Whole::signals));
        Agreed agreed = watches.agreed(Http.actor(request), deployment.project(), deployment.model())
                .of(deployment.name());
        model.put("agreed", agreed);
        model.put(
                "health",
                Health.of(
                        deployment,
                        agreed,
                        watched.map(Watches.Whole::watch),
                        watched.map(Watches.Whole::signals),
                        projects.agreement(deployment.project())));
        model.put("tries", tries(request, deployment));
        ui.page(request, response, "deployment/show.jte", deployment.name(), "Deployments", model);
    }

    private boolean tries(ServerRequest request, Deployment deployment) {
        return users.access().allows(Http.actor(request), Permission.SCORE, Optional.of(deployment.project()));
    }

    private void traffic(ServerRequest request, ServerResponse response) {
        ui.part(response, "deployment/traffic.jte", live(require(request)));
    }

    private Map<String, Object> live(Deployment deployment) {
        List<Share> shares = shares(deployment, scorer);
        return Map.of(
                "deployment", deployment,
                "shares", shares,
                "fault", deployments.faults().getOrDefault(deployment.name(), ""),
                "trial", Challenge.of(deployment, deployments, scorer),
                "requests", plot("Requests a minute", shares, false, Optional.empty()),
                "latency", plot("p99 latency in ms", shares, true, watches.slowest(deployment.project())),
                "now", clock.millis());
    }

    static List<Share> shares(Deployment deployment, Scorer scorer) {
        Map<String, Traffic> traffic = scorer.traffic(deployment.name());
        var shares = new ArrayList<Share>();
        int canary = deployment.rollout() instanceof Rollout.Trial found ? found.percent() : 0;
        deployment.production().ifPresent(version -> shares.add(share(version, 100 - canary, "production", traffic)));
        switch (deployment.rollout()) {
            case Rollout.Trial found ->
                shares.add(share(
                        found.version(),
                        found.isShadow() ? 0 : deployment.production().isPresent() ? canary : 100,
                        found.isShadow() ? "shadow" : "canary",
                        traffic));
            case Rollout.Staged staged -> shares.add(share(staged.version(), 0, "staged", traffic));
            case Rollout.None none -> {}
        }
        return shares;
    }

    private static Share share(String version, int percent, String role, Map<String, Traffic> traffic) {
        return new Share(version, percent, role, Optional.ofNullable(traffic.get(version)));
    }

    /** Minutes of the last hour, with a line for each version and the agreed limit; "" when nothing was asked. */
    private String plot(String title, List<Share> shares, boolean latency, Optional<Duration> limit) {
        long minute = Traffic.SLOT * BUCKET;
        long first = clock.millis() / minute - 59;
        List<String> labels = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            labels.add(i == 59 ? "now" : "−" + (59 - i) + " min");
        }
        var plot = new Plot(title, labels).size(560, 160).withoutDots();
        limit.map(time -> time.toNanos() / 1e6).ifPresent(ms -> plot.limit(ms, "agreed " + Text.millis(ms)));
        boolean any = false;
        for (Share share : shares) {
            double[] values = new double[60];
            java.util.Arrays.fill(values, latency ? Double.NaN : 0);
            for (Traffic.Slot slot : share.traffic().map(Traffic::lastHour).orElse(List.of())) {
                int at = (int) (slot.start() / minute - first);
                if (at >= 0 && at < 60) {
                    values[at] = latency
                            ? Math.max(
                                    Double.isNaN(values[at]) ? 0 : values[at],
                                    slot.counts().latency(0.99))
                            : values[at] + slot.counts().answered();
                    any = true;
                }
            }
            plot.series("version " + share.version(), values);
        }
        return any ? plot.svg() : "";
    }

    private Deployment require(ServerRequest request) {
        Deployment deployment = deployments.get(Http.path(request, "name"));
        users.access().require(Http.actor(request), Permission.READ, deployment.project());
        return deployment;
    }
}
