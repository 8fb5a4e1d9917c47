package org.millwright.web.ui;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.kernel.Problem;
import org.millwright.project.Agreement;
import org.millwright.project.Projects;
import org.millwright.scoring.Signature;
import org.millwright.serving.Deployment;
import org.millwright.serving.Deployments;
import org.millwright.serving.Examples;
import org.millwright.serving.Scorer;
import org.millwright.serving.Traffic;

/** What an application developer builds on: each endpoint's contract, an example call, client code, what is promised. */
public final class EndpointsDesk {
    /** Of so many the whole contract is shown; of the others, where it is. */
    private static final int WHOLE = 2;

    private final Deployments deployments;
    private final Scorer scorer;
    private final Examples examples;
    private final Projects projects;
    private final Access access;

    public EndpointsDesk(Deployments deployments, Scorer scorer, Examples examples, Projects projects, Access access) {
        this.deployments = deployments;
        this.scorer = scorer;
        this.examples = examples;
        this.projects = projects;
        this.access = access;
    }

    /** Something that is promised of the endpoint, and what was measured since the server started. */
    public record Promise(String what, String promised, String measured, String tone) {}

    /**
     * An endpoint.
     *
     * @param embedded code that scores in the application's own process
     * @param fault why it does not answer; "" when it does
     */
    public record Endpoint(
            Deployment deployment,
            Optional<Signature> signature,
            Calls calls,
            String embedded,
            List<Promise> promises,
            String fault) {}

    /** What is there to see; {@code others} are known by name only. */
    public record View(List<Endpoint> endpoints, List<Deployment> others) {
        /** The state in a sentence. */
        public String lead() {
            int all = endpoints.size() + others.size();
            long silent = endpoints.stream()
                    .filter(endpoint -> !endpoint.fault().isEmpty())
                    .count();
            return all == 0
                    ? "No endpoint is there for you yet."
                    : "You may call " + HomePages.count(all, "endpoint")
                            + (silent == 0 ? "." : "; " + silent + " cannot answer now.");
        }
    }

    /** @param server address under which the caller reached this server */
    View view(Actor by, String server) {
        List<Deployment> mine = deployments.list().stream()
                .filter(each -> access.allows(by, Permission.SCORE, Optional.of(each.project())))
                .toList();
        return new View(
                mine.stream()
                        .limit(WHOLE)
                        .map(each -> endpoint(by, each, server))
                        .toList(),
                mine.stream().skip(WHOLE).toList());
    }

    private Endpoint endpoint(Actor by, Deployment deployment, String server) {
        Optional<Signature> signature = Optional.empty();
        String fault = "";
        try {
            signature = Optional.of(scorer.signature(by, deployment.name(), Optional.empty()));
        } catch (Problem e) {
            fault = String.valueOf(e.getMessage());
        }
        return new Endpoint(
                deployment,
                signature,
                Calls.of(server, Links.segment(deployment.name()), examples.row(deployment)),
                embedded(deployment.model(), server),
                projects.agreement(deployment.project())
                        .map(agreement -> promises(agreement, deployment))
                        .orElse(List.of()),
                fault);
    }

    private static String embedded(String model, String server) {
        return "try (Scorer scorer = Scorer.of(\"models:/" + model + "@champion\")\n        .server(\"" + server
                + "\", System.getenv(\"MW_TOKEN\"))\n        .trust(Path.of(\"bundles.pem.pub\"))\n        .open()) {\n"
                + "    var prediction = scorer.score(row);\n}";
    }

    private List<Promise> promises(Agreement agreement, Deployment deployment) {
        Optional<Traffic> traffic = deployment
                .production()
                .flatMap(version ->
                        Optional.ofNullable(scorer.traffic(deployment.name()).get(version)))
                .filter(seen -> seen.total().answered() > 0);
        var promises = new ArrayList<Promise>();
        agreement.service().ifPresent(service -> {
            service.p99().ifPresent(limit -> {
                Optional<Double> measured =
                        traffic.map(seen -> seen.total().latency(0.99)).filter(value -> !Double.isNaN(value));
                promises.add(new Promise(
                        "99 of 100 requests are answered within",
                        Text.duration(limit.toMillis()),
                        measured.map(Text::millis).orElse("nothing asked yet"),
                        tone(measured, limit.toMillis())));
            });
            service.errors().ifPresent(limit -> {
                Optional<Double> measured = traffic.map(seen -> seen.total().failedShare());
                promises.add(new Promise(
                        "Share of requests that may fail",
                        Text.percent(limit),
                        measured.map(Text::percent).orElse("nothing asked yet"),
                        tone(measured, limit)));
            });
        });
        return promises;
    }

    private static String tone(Optional<Double> measured, double limit) {
        return measured.map(value -> value <= limit ? "ok" : "bad").orElse("idle");
    }
}
