package org.millwright.web.ui;

import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.millwright.gate.Decision;
import org.millwright.gate.Decisions;
import org.millwright.identity.Actor;
import org.millwright.identity.GovernedAction;
import org.millwright.identity.Permission;
import org.millwright.identity.Users;
import org.millwright.policy.AppliesTo;
import org.millwright.policy.Policies;
import org.millwright.policy.Policy;
import org.millwright.web.Http;
import org.millwright.web.Routes;

/** Policies: what is asked of every version, where, by whose decision, and what came of it. */
public final class PolicyPages implements Routes {
    private static final int DECISIONS = 30;

    private final Ui ui;
    private final Policies policies;
    private final Decisions decisions;
    private final Users users;
    private final Clock clock;

    public PolicyPages(Ui ui, Policies policies, Decisions decisions, Users users, Clock clock) {
        this.ui = ui;
        this.policies = policies;
        this.decisions = decisions;
        this.users = users;
        this.clock = clock;
    }

    @Override
    public void register(HttpRouting.Builder routing) {
        routing.get("/policies", this::list);
        routing.get("/policies/{name}", this::show);
        routing.get("/gates/{id}", this::gate);
    }

    private void list(ServerRequest request, ServerResponse response) {
        Actor actor = Http.actor(request);
        users.access().require(actor, Permission.READ);
        ui.page(
                request,
                response,
                "policy/list.jte",
                "Policies",
                "",
                Map.of(
                        "policies", policies.list(),
                        "decisions", decisions.list(actor, Optional.empty(), DECISIONS),
                        "people", new Names(users),
                        "now", clock.millis()));
    }

    private void show(ServerRequest request, ServerResponse response) {
        Actor actor = Http.actor(request);
        users.access().require(actor, Permission.READ);
        Policies.Listed listed = policies.get(Http.path(request, "name"));
        ui.page(
                request,
                response,
                "policy/show.jte",
                "Policy " + listed.name(),
                "",
                Map.of(
                        "policy", listed,
                        "versions", policies.versions(listed.name()),
                        "decisions", decisions.list(actor, Optional.of(listed.name()), DECISIONS),
                        "people", new Names(users),
                        "now", clock.millis()));
    }

    private void gate(ServerRequest request, ServerResponse response) {
        Decisions.Explained explained = decisions.explain(Http.actor(request), Http.path(request, "id"));
        ui.page(
                request,
                response,
                "policy/gate.jte",
                "Decision " + Text.brief(explained.decision().id()),
                "",
                Map.of("explained", explained, "people", new Names(users), "now", clock.millis()));
    }

    /** Which actions a policy judges, in words. */
    public static String about(Policy policy) {
        return policy.appliesTo().actions().stream()
                .map(GovernedAction.Kind::text)
                .collect(Collectors.joining(", "));
    }

    /** Where it counts, in words. */
    public static String where(Policy policy) {
        AppliesTo to = policy.appliesTo();
        return (to.everywhere() ? "everywhere" : "in stages that name it")
                + among(" with risk tier ", to.riskTiers())
                + among(" in stage ", to.stages());
    }

    private static String among(String before, List<String> words) {
        return words.isEmpty() ? "" : before + String.join(" or ", words);
    }

    public static String tone(Decision.Outcome outcome) {
        return switch (outcome) {
            case PASSED -> "ok";
            case WARNED -> "warn";
            case REFUSED -> "bad";
        };
    }

    public static String tone(Decision.Finding finding) {
        return finding.met() ? "ok" : finding.outcome().equals("unknown") ? "warn" : "bad";
    }
}
